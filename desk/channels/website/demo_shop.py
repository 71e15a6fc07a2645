"""The demo shop's page with the chat on it, and the chat's script."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, HTMLResponse
from jinja2 import Environment, FileSystemLoader, select_autoescape

from desk.conversations.languages import LANGUAGES
from desk.pages import language_of, say
from desk.parts import Parts, parts_of
from desk.shop.service import products
from desk.times import say_price

HERE = Path(__file__).parent
NAMES = {"en": "English", "sv": "Svenska", "nb": "Norsk", "fi": "Suomi"}
router = APIRouter(include_in_schema=False)
_pages = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=select_autoescape())
_pages.globals["say_price"] = say_price


@router.get("/widget.js")
async def widget() -> FileResponse:
    """Defines <fubb-chat>; any site may load it."""
    return FileResponse(
        HERE / "static" / "widget.js",
        media_type="text/javascript",
        headers={"Cache-Control": "public, max-age=300", "Cross-Origin-Resource-Policy": "cross-origin"},
    )


@router.get("/favicon.ico")
async def favicon() -> FileResponse:
    return FileResponse(
        HERE / "static" / "favicon.svg", media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"}
    )


@router.get("/", response_class=HTMLResponse)
def shop_page(request: Request, parts: Annotated[Parts, Depends(parts_of)], language: str = "") -> HTMLResponse:
    """The catalogue of the demo shop, with the chat; in the browser's language, or in the one chosen on the page."""
    spoken = language if language in LANGUAGES else language_of(request.headers.get("accept-language", ""))
    with parts.database.reading() as session:
        html = _pages.get_template("shop.html").render(
            products=products(session), language=spoken, languages=NAMES, say=lambda name: say("shop", name, spoken)
        )
    return HTMLResponse(html, headers={"Vary": "Accept-Language"})
