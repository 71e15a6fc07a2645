"""The agents' API: pictures in a conversation."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from desk.agents.tables import Agent
from desk.attachments.pictures import clean_picture
from desk.attachments.service import as_shown, keep_picture, picture_of
from desk.attachments.serving import REQUEST_BODY, SHOWN, read_picture, show_picture
from desk.console.doors import CurrentAgent, TheParts
from desk.console.schemas import PictureOut, problems
from desk.console.translating import fill, language_of_browser, speak
from desk.conversations.access import access_conversation
from desk.errors import DeskError
from desk.parts import Parts


class SpokenRoute(APIRoute):
    """A route whose problems the console's scripts show: in the language they ask for, in English without one."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def answer_in_language(request: Request) -> Response:
            speak(language_of_browser(request.headers.get("accept-language", "")))
            try:
                return await answer(request)
            except DeskError as error:
                error.title = fill(error.text, error.values)
                raise

        return answer_in_language


router = APIRouter(prefix="/conversations/{conversation_id}/attachments", tags=["agents: conversations"], route_class=SpokenRoute)


@router.post(
    "", status_code=201, operation_id="sendPicture", responses=problems(403, 404, 409, 413, 422), openapi_extra=REQUEST_BODY
)
async def send_picture(conversation_id: str, request: Request, agent: CurrentAgent, parts: TheParts) -> PictureOut:
    """Send a picture (JPEG, PNG, WebP or GIF, at most 8 MB) for your next message, which names its id.

    It is drawn anew: where and when it was taken is not kept.
    """
    await asyncio.to_thread(_check_holder, parts, agent, conversation_id)
    sent = await read_picture(request)
    return await asyncio.to_thread(_keep, parts, agent, conversation_id, sent)


@router.get("/{attachment_id}", operation_id="getPicture", response_class=Response, responses={**problems(404, 422), **SHOWN})
def get_picture(
    conversation_id: str, attachment_id: Annotated[str, Path(max_length=64)], agent: CurrentAgent, parts: TheParts
) -> Response:
    """A picture of this conversation."""
    with parts.database.reading() as session:
        conversation = access_conversation(session, agent, conversation_id)
        return show_picture(*picture_of(session, conversation.id, attachment_id))


def _check_holder(parts: Parts, agent: Agent, conversation_id: str) -> None:
    """Before eight megabytes are read: does he hold it?"""
    with parts.database.writing() as session:
        access_conversation(session, agent, conversation_id, to_speak=True)


def _keep(parts: Parts, agent: Agent, conversation_id: str, sent: bytes) -> PictureOut:
    picture = clean_picture(sent)
    with parts.database.writing() as session:
        conversation = access_conversation(session, agent, conversation_id, to_speak=True)
        kept = keep_picture(session, conversation.id, picture, parts.clock.now(), agent.id)
        return PictureOut.of(as_shown([kept])[0], conversation.id)
