"""Settings: read once at the start from the environment and `.env`, frozen, passed down."""

import os
from datetime import time, timedelta
from pathlib import Path
from typing import Self

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "FUBB_"
FOR_TESTS = PREFIX + "TEST_"


class WrongSettings(Exception):
    """A setting is unknown or has a value that cannot be used; the message says which."""


class Settings(BaseSettings):
    """Every setting of Fubb with its default. Names are `FUBB_` and the field's name in capitals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    host: str = Field("127.0.0.1", description="Address the desk listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port of the desk: the only one that faces people.")
    rasa_port: int = Field(5005, ge=1, le=65535, description="Port of Rasa, on loopback.")
    actions_port: int = Field(5055, ge=1, le=65535, description="Port of the action server, on loopback.")
    data_dir: Path = Field(ROOT / "var", description="Folder for SQLite files, attachments and secrets.")
    database_url: str = Field("", description="PostgreSQL address; empty means SQLite in the data folder.")
    public_url: str = Field("", description="Address under which customers reach the desk; empty: host and port.")
    secret: SecretStr = Field(SecretStr(""), description="Shared secret of desk, Rasa and actions; empty: made at first start.")
    identity_secret: SecretStr = Field(
        SecretStr(""), description="Key (HS256) with which the shop's site signs a customer's identity; empty: none accepted."
    )
    shop_timezone: str = Field("Europe/Stockholm", description="Time zone of the shop.")
    shop_country: str = Field("SE", description="Country whose public holidays the shop keeps (SE, NO or FI).")
    demo: bool = Field(False, description="Load the demo shop and its agent at the start.")

    clock_shift: float = Field(0, description="Seconds by which the desk's clock is ahead: for trying out what comes later.")

    notice_after: float = Field(4.0, gt=0, description="Seconds until a waiting customer is told that his message has arrived.")
    handoff_after: float = Field(60.0, gt=0, description="Seconds until a message that the bot cannot answer goes to humans.")
    turn_timeout: float = Field(10.0, gt=0, description="Seconds the desk waits for one turn of Rasa.")
    lease: float = Field(5.0, gt=0, description="Seconds a claim on work lasts unless it is renewed.")
    workers: int = Field(8, ge=1, le=64, description="Turns under way at once in one desk process.")
    run_worker: bool = Field(True, description="Whether the desk process also does the worker's work.")

    messages_per_minute: int = Field(60, ge=1, description="Messages one conversation may send in a minute.")
    pictures_per_hour: int = Field(30, ge=1, description="Pictures one conversation may send in an hour.")
    sessions_per_minute: int = Field(600, ge=1, description="Conversations one address may open in a minute.")
    logins_per_minute: int = Field(10, ge=1, description="Failed logins one address may make in a minute.")
    verify_attempts: int = Field(5, ge=1, description="Wrong order/e-mail pairs a conversation may try in an hour.")
    leads_need_codes: bool = Field(False, description="Leads and admins must log in with a one-time code (TOTP).")
    session_hours: int = Field(12, ge=1, description="Hours an agent stays logged in.")
    answer_within_minutes: int = Field(
        10, ge=1, description="Minutes within which a hand-off in opening hours is promised an answer."
    )
    check_in_days: int = Field(1, ge=0, description="Days after a remedy is arranged until the bot asks how it went.")

    quiet_from: str = Field("20:00", description="Local time of the customer from which the desk does not speak first.")
    quiet_until: str = Field("08:00", description="Local time of the customer until which the desk does not speak first.")
    contacts_per_week: int = Field(3, ge=1, description="Times in seven days the desk may speak first to one customer.")

    cost_collection: float = Field(149, ge=0, description="Figures: what it costs to collect an article from a customer.")
    cost_delivery: float = Field(149, ge=0, description="Figures: what it costs to deliver a replacement or a repaired article.")
    cost_repair: float = Field(600, ge=0, description="Figures: what a repair costs, without its freight.")
    cost_refund_share: float = Field(
        1.0, ge=0, le=1, description="Figures: share of the price that a refund costs (1: the article comes back worthless)."
    )
    cost_replacement_share: float = Field(
        0.7, ge=0, le=1, description="Figures: share of the price that a new article in place of a broken one costs."
    )
    cost_agent_minute: float = Field(6.0, ge=0, description="Figures: what a minute of an agent costs.")
    cost_minutes_message: float = Field(3.0, ge=0, description="Figures: an agent's minutes for one message, reading included.")
    cost_minutes_call: float = Field(12.0, ge=0, description="Figures: an agent's minutes for one call.")
    cost_minutes_task: float = Field(8.0, ge=0, description="Figures: an agent's minutes for one task.")
    retention_days: int = Field(60, ge=1, le=730, description="Figures: days within which a customer who orders again is kept.")
    worth_margin: float = Field(0.25, ge=0, le=1, description="Figures: share of an order's value that is left to the shop.")
    worth_years: float = Field(3.0, ge=1, le=50, description="Figures: years a kept customer stays at the best.")

    telegram_token: SecretStr = Field(SecretStr(""), description="Token of the Telegram bot, from @BotFather; empty: no Telegram.")
    telegram_base_url: str = Field(
        "https://api.telegram.org", description="Address of the Bot API (a simulator's, for trying out)."
    )
    telegram_webhook: bool = Field(
        False, description="Telegram calls FUBB_PUBLIC_URL (https) instead of being asked for news (long polling)."
    )
    telegram_per_second: float = Field(25.0, gt=0, description="Messages sent to Telegram in a second, over all chats.")
    telegram_chat_per_second: float = Field(1.0, gt=0, description="Messages sent to one Telegram chat in a second, on average.")

    @field_validator("quiet_from", "quiet_until")
    @classmethod
    def _known_clock(cls, value: str) -> str:
        try:
            return time.fromisoformat(value).strftime("%H:%M")
        except ValueError as error:
            raise ValueError("is not a time of the day such as 20:00") from error

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not value.startswith(("postgresql://", "postgresql+psycopg://", "sqlite://")):
            raise ValueError("must start with postgresql:// or sqlite://")
        return value.replace("postgresql://", "postgresql+psycopg://", 1) if value.startswith("postgresql://") else value

    @field_validator("telegram_webhook")
    @classmethod
    def _can_be_called(cls, value: bool, info: ValidationInfo) -> bool:
        if value and not str(info.data.get("public_url", "")).startswith("https://"):
            raise ValueError("needs FUBB_PUBLIC_URL, an address that begins with https://")
        return value

    @field_validator("shop_timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("is not a time zone such as Europe/Stockholm") from error
        return value

    @classmethod
    def load(cls, **overrides: object) -> Self:
        """Read the settings; raises WrongSettings naming every setting that is unknown or wrong."""
        known = {PREFIX + name.upper() for name in cls.model_fields} | PASSED_TO_CHILDREN
        given = {*os.environ, *(name.upper() for name in dotenv_values(".env"))}
        unknown = sorted(n for n in given if n.startswith(PREFIX) and n not in known and not n.startswith(FOR_TESTS))
        if unknown:
            raise WrongSettings(f"unknown setting: {', '.join(unknown)} (docs/settings.md lists them all)")
        try:
            return cls(**overrides)  # type: ignore[arg-type]
        except ValidationError as error:
            lines = [f"{PREFIX}{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors()]
            raise WrongSettings("; ".join(lines)) from error

    @property
    def url(self) -> str:
        """SQLAlchemy address of the database."""
        return self.database_url or f"sqlite:///{self.data_dir / 'fubb.sqlite'}"

    @property
    def address(self) -> str:
        """The address under which customers reach the desk, without a slash at its end."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host  # noqa: S104 (compared, not listened on)
        return self.public_url.rstrip("/") or f"http://{host}:{self.port}"

    @property
    def rasa_url(self) -> str:
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def actions_url(self) -> str:
        return f"http://127.0.0.1:{self.actions_port}"

    @property
    def lease_time(self) -> timedelta:
        return timedelta(seconds=self.lease)


PASSED_TO_CHILDREN = {PREFIX + "TRACKER_URL", PREFIX + "ACTIONS_URL", PREFIX + "LOG_LEVEL"}
"""What `fubb up` sets for the processes it starts, besides the settings."""
