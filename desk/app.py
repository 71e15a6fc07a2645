"""The web application: routes, headers, and the worker when it runs inside."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.staticfiles import StaticFiles

from desk.channels.casepage import routes as casepage
from desk.channels.telegram import webhook as telegram_webhook
from desk.channels.telegram.service import run_telegram
from desk.channels.website import chat, demo_shop, health, stream
from desk.clock import Clock
from desk.console import routes as console
from desk.db.engine import Database
from desk.db.listener import listen_to_other_processes
from desk.headers import SafeHeaders
from desk.limits import LimitBody, Pace
from desk.parts import Parts
from desk.problems import PROBLEMS, answer_with_problems
from desk.settings import Settings
from desk.words import load_words
from desk.worker.bot import RasaBot
from desk.worker.loop import run_worker

STATIC = Path(__file__).parent / "channels" / "website" / "static"


def make_parts(settings: Settings, database: Database | None = None, clock: Clock | None = None) -> Parts:
    """The desk's parts, from the settings."""
    return Parts(
        settings=settings,
        database=database or Database(settings.url),
        clock=clock or Clock(timedelta(seconds=settings.clock_shift)),
        words=load_words(),
        session_pace=Pace(settings.sessions_per_minute),
    )


def make_app(parts: Parts) -> FastAPI:
    """The desk. Its worker runs inside when the settings say so."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            parts.stopping = asyncio.Event()
            bot = RasaBot(parts.settings.rasa_url, parts.settings.secret.get_secret_value(), parts.settings.turn_timeout)
            stack.push_async_callback(bot.close)
            app.state.bot = bot
            tasks = [asyncio.create_task(listen_to_other_processes(parts.database))]
            if parts.settings.run_worker:
                tasks.append(asyncio.create_task(run_worker(parts, bot)))
                tasks.append(asyncio.create_task(run_telegram(parts)))
            try:
                yield
            finally:
                parts.stopping.set()
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    app = FastAPI(title="Fubb", version="0.1.0", lifespan=lifespan, docs_url=None, redoc_url=None, responses=PROBLEMS)
    state = app.state
    state.parts, state.settings, state.database, state.clock, state.words = (
        parts, parts.settings, parts.database, parts.clock, parts.words,
    )  # fmt: skip
    answer_with_problems(app)
    app.include_router(chat.router)
    app.include_router(stream.router)
    app.include_router(health.router)
    app.include_router(demo_shop.router)
    app.include_router(casepage.router)
    app.include_router(telegram_webhook.router)
    app.include_router(console.api)
    app.include_router(console.pages)
    app.include_router(console.feeds)
    console.mount_static(app)
    app.mount("/static", StaticFiles(directory=STATIC), name="website")
    app.add_middleware(SafeHeaders)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],  # the chat stands on the shop's own pages; it uses no cookies
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type"],
        expose_headers=["Retry-After"],
        allow_credentials=False,
    )
    app.add_middleware(LimitBody)
    return app
