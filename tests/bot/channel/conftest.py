"""A small bot of two topics, trained once, with an action server that does as it is told."""

import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.model_training import train
from rasa.utils.endpoints import EndpointConfig

from bot.trackers import KeepingTrackerStore

DOMAIN = """
version: "3.1"
intents: [greet, report_fault]
actions: [action_record]
responses:
  utter_hello: [{text: "Hello!", buttons: [{title: "It is broken", payload: "/report_fault"}]}]
  utter_recorded: [{text: "Recorded as {case}."}]
  utter_two_wishes: [{text: "That's two."}]
  utter_next_wish: [{text: "Now: {words}"}]
slots:
  language: {type: text, influence_conversation: false, mappings: [{type: custom}]}
  later: {type: any, influence_conversation: false, mappings: [{type: custom}]}
  detail: {type: any, influence_conversation: false, mappings: [{type: from_text, conditions: [{active_loop: fault_form}]}]}
forms: {fault_form: {required_slots: [detail]}}
session_config: {session_expiration_time: 60, carry_over_slots_to_new_session: false}
"""
CONFIG = """
recipe: default.v1
assistant_id: small
language: en
pipeline: [{name: KeywordIntentClassifier}]
policies: [{name: RulePolicy}]
"""
DATA = """
version: "3.1"
nlu:
  - {intent: greet, examples: "- hello"}
  - {intent: report_fault, examples: "- broken"}
rules:
  - {rule: hello, steps: [{intent: greet}, {action: utter_hello}]}
  - {rule: broken, steps: [{intent: report_fault}, {action: action_record}]}
"""


@dataclass
class ActionServer:
    """Answers Rasa's calls; `status` other than 200 makes it fail."""

    url: str = ""
    status: int = 200
    events: list[dict[str, Any]] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture
def actions() -> Iterator[ActionServer]:
    state = ActionServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            state.calls.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            said = [{"response": "utter_recorded", "case": "F-100001"}]
            body = json.dumps({"events": state.events, "responses": said} if state.status == 200 else {"error": "told to fail"})
            self.send_response(state.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}/webhook"
    yield state
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder: Path = tmp_path_factory.mktemp("small-bot")
    for name, text in (("domain.yml", DOMAIN), ("config.yml", CONFIG), ("data.yml", DATA)):
        (folder / name).write_text(text)
    trained = train(str(folder / "domain.yml"), str(folder / "config.yml"), [str(folder / "data.yml")], str(folder))
    assert trained.model is not None
    return trained.model


@pytest.fixture
def agent(model: str, actions: ActionServer, tmp_path: Path) -> Agent:
    store = KeepingTrackerStore(host=f"sqlite:///{tmp_path / 'tracker.sqlite'}")
    return Agent.load(model, tracker_store=store, action_endpoint=EndpointConfig(actions.url))


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()
