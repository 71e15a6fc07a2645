"""What the bot could not answer: a person says what becomes of it, training text of a topic or a new article."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from desk.checking.topics import TOPICS
from desk.console.doors import PageSession, TheParts
from desk.console.nav import counts_for
from desk.console.rendering import PageRoute, page
from desk.console.translating import language, spoken_to
from desk.unanswered.service import Label, label_unanswered, list_unanswered

router = APIRouter(prefix="/unanswered", route_class=PageRoute)
PAGE = 50
Shown = Literal["open", "training", "article", "nothing"]


@router.get("", response_class=HTMLResponse)
def unanswered_page(me: PageSession, parts: TheParts, label: Shown = "open") -> HTMLResponse:
    now = parts.clock.now()
    wanted: Label | None = None if label == "open" else label
    with parts.database.reading() as session:
        listed = list_unanswered(session, wanted, limit=PAGE + 1)
        counts = counts_for(session, me.agent, now)
    with spoken_to(me.agent):
        titles = {
            topic: parts.words.say(f"utter_topic_{topic}", language()).text
            for topic in TOPICS
            if parts.words.has(f"utter_topic_{topic}")
        }
    return page(
        "unanswered.html", me.agent, now, csrf=me.csrf, counts=counts, place="unanswered", watched="",
        listed=listed[:PAGE], more=len(listed) > PAGE, label=label, titles=titles, topics=TOPICS,
    )  # fmt: skip


@router.post("/{message_id}")
def label_it(
    message_id: str,
    me: PageSession,
    parts: TheParts,
    label: Annotated[Literal["training", "article", "nothing", "open"], Form()],
    topic: Annotated[str, Form()] = "",
    shown: Annotated[Shown, Form()] = "open",
) -> Response:
    """Label a message, or take its label back."""
    wanted = None if label == "open" else label
    with parts.database.writing() as session:
        label_unanswered(session, message_id, wanted, topic or None, parts.clock.now(), me.agent.id)
    return RedirectResponse(f"/desk/unanswered?label={shown}", 303)
