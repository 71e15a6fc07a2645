"""Our action server for stock Rasa: `python -m tests.bench.action_server`.

Rasa's REST channel invents its own message ids and sends the whole history; our actions ask the database for the message
that the customer sent. Its id comes in the metadata, and only this turn's events are read, as our own channel has it.
"""

import sys
from typing import Any

from rasa_sdk.executor import ActionExecutor

import actions.server


class ExecutorForStock(ActionExecutor):  # type: ignore[misc]  # the SDK has no types
    """Puts the stored message's id in the place of the invented one."""

    async def run(self, action_call: dict[str, Any], *more: Any, **named: Any) -> Any:
        tracker = action_call.get("tracker", {})
        said = [event for event in tracker.get("events", ()) if event["event"] == "user"][-1:]
        for event in said:
            event["message_id"] = event["metadata"]["message_id"]
        tracker["events"] = said
        return await super().run(action_call, *more, **named)


if __name__ == "__main__":
    actions.server.ActionExecutor = ExecutorForStock  # type: ignore[attr-defined]
    sys.exit(actions.server.main())
