"""Whether the desk's figures and those counted by hand say the same."""

import math
from datetime import date, datetime
from typing import Any

from desk.db.engine import Database
from desk.figures.periods import Period
from desk.figures.report import as_data
from desk.figures.service import read_figures
from desk.settings import Settings
from tests.simulation.raw import Rows
from tests.simulation.recount import recount

MOST_WORDS = 30


def differences(
    database: Database, rows: Rows, first: date, last: date, now: datetime, settings: Settings
) -> tuple[list[str], int]:
    """Where they differ, and how many numbers were compared."""
    with database.reading() as session:
        said = as_data(read_figures(session, Period.between(first, last, settings.shop_timezone), now, settings))
    counted = recount(rows, first, last, now, settings)
    said["rework"] = {line.pop("product"): {k: v for k, v in line.items() if k != "sku"} for line in said["rework"]}
    words = sorted((w["rating"], w["words"]) for w in said.pop("words"))
    by_hand = counted.pop("words")
    found: list[str] = []
    if len(by_hand) <= MOST_WORDS and words != by_hand:
        found.append(f"words: {words} is not {by_hand}")
    compared = _compare({k: said[k] for k in counted}, counted, "", found)
    return found, compared


def _compare(said: Any, counted: Any, where: str, found: list[str]) -> int:
    if isinstance(counted, dict):
        if not isinstance(said, dict) or said.keys() != counted.keys():
            found.append(f"{where}: {said} has not the parts of {counted}")
            return 0
        return sum(_compare(said[k], counted[k], f"{where}/{k}", found) for k in counted)
    if isinstance(counted, list):
        if len(said) != len(counted):
            found.append(f"{where}: {said} is not {counted}")
            return 0
        return sum(_compare(a, b, f"{where}[{n}]", found) for n, (a, b) in enumerate(zip(said, counted, strict=True)))
    same = said == counted if counted is None or said is None else math.isclose(said, counted, rel_tol=1e-4, abs_tol=0.011)
    if not same:
        found.append(f"{where}: {said} is not {counted}")
    return 1
