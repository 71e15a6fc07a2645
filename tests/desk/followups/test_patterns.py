"""Alarms to the lead: a danger at the first case, a fault of one product at the third."""

from datetime import timedelta

from desk.alerts.service import alerts_for
from desk.cases.service import record_case
from desk.db.engine import Database
from tests.conftest import NOW
from tests.desk.cast import gather, heard_last, smelling_tv, talk


def test_a_danger_is_told_to_the_lead_at_the_first_case_once(database: Database) -> None:
    with database.writing() as session:
        cast = gather(session)
        case = smelling_tv(session, cast)
        told = alerts_for(session, cast.siv)
        assert [(a.kind, a.detail["case"]) for a in told] == [("danger", case.number)]
        assert alerts_for(session, cast.anna) == []


def test_the_third_fault_of_a_product_within_two_weeks_is_told_with_its_cases(database: Database) -> None:
    with database.writing() as session:
        cast = gather(session)
        numbers = []
        for day in (0, 20, 25, 27, 28):
            conversation = talk(session, f"My TV hums, day {day}")
            now = NOW + timedelta(days=day)
            case = record_case(session, conversation, "fault", heard_last(session, conversation), now, "AUR-P50").case
            numbers.append(case.number)
        told = [a for a in alerts_for(session, cast.siv) if a.kind == "pattern"]
        assert len(told) == 1  # the first is too old, the fifth belongs to the same pattern
        assert told[0].detail["cases"] == numbers[1:4]
        assert told[0].at == NOW + timedelta(days=27)
