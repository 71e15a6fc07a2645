"""A plan of follow-ups: what the desk does about a case of one kind, and when. Pure; the lead edits the figures."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Hours = Annotated[int, Field(ge=1, le=24 * 60)]
Days = Annotated[int, Field(ge=1, le=365)]


class Plan(BaseModel):
    """The figures of a plan. A running case keeps the version of the plan that it began with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first_hours: dict[Literal["normal", "high", "urgent"], Hours] = Field(
        description="Hours until a person has seen to a new case, by its priority"
    )
    ask_on_days: list[Days] = Field(
        min_length=1,
        max_length=6,
        description="Days after the delivery on which the bot asks, until the customer says that all is well",
    )
    ask_again_after_days: list[Days] = Field(
        max_length=6, description="Without a delivery: days of silence after which the bot asks again, wider each time"
    )
    call_after_days: Days = Field(description="Days of silence after the last question until a person calls")
    decide_after_days: Days = Field(description="Days after a call that reached nobody until a person decides how it goes on")
    survey_after_hours: int | None = Field(ge=0, le=24 * 30, description="Hours after the end until the survey; none without")
    last_word_after_days: Days | None = Field(description="Days after the end until the last word; none without")

    @model_validator(mode="after")
    def _widening(self) -> Self:
        if set(self.first_hours) != {"normal", "high", "urgent"}:
            raise ValueError("first_hours has normal, high and urgent")
        if not self.first_hours["urgent"] <= self.first_hours["high"] <= self.first_hours["normal"]:
            raise ValueError("first_hours: what is more urgent does not wait longer")
        if sorted(set(self.ask_on_days)) != self.ask_on_days:
            raise ValueError("ask_on_days: each day later than the one before")
        if sorted(self.ask_again_after_days) != self.ask_again_after_days:
            raise ValueError("ask_again_after_days: no gap shorter than the one before")
        return self


def read_plans(data: Mapping[str, Mapping[str, object]], kinds: tuple[str, ...]) -> dict[str, Plan]:
    """The plan of each kind: what `every_case` says, with what the kind says over it. Raises ValueError."""
    unknown = sorted(set(data) - {"every_case", *kinds})
    if unknown:
        raise ValueError(f"there is no kind of case called {', '.join(unknown)}")
    return {kind: Plan.model_validate({**data.get("every_case", {}), **data.get(kind, {})}) for kind in kinds}
