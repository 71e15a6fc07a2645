"""Articles: read from files, found by topic and by words, said with the shop's facts."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.answers import service
from desk.answers.facts import NAMES, facts_of, say_opening_hours
from desk.answers.product_facts import facts_asked
from desk.answers.reading import read_article
from desk.answers.search import Index, stems
from desk.answers.service import Library, Shelf, answer_topic, fill, find_answer
from desk.checking.answers import article_problems
from desk.checking.reading import Unreadable
from desk.conversations.languages import LANGUAGES
from desk.db.engine import Database
from desk.shop import service as shop_service
from desk.shop.demo import load_demo_shop
from desk.shop.rules import ShopRulesModel

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
HOURS = {day: [("10:00", "19:00")] for day in ("mon", "tue", "wed", "thu", "fri")} | {"sat": [("10:00", "16:30")], "sun": []}


def write(folder: Path, name: str, text: str, **front: str) -> Path:
    lines = "\n".join(f"{key}: {value}" for key, value in front.items())
    path = folder / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{lines}\n---\n{text}\n", encoding="utf-8")
    return path


@pytest.fixture
def shop(database: Database) -> Database:
    with database.writing() as session:
        load_demo_shop(session, NOW)
    return database


def test_an_article_is_front_matter_and_text(tmp_path: Path) -> None:
    article = read_article(
        write(tmp_path, "sv/dogs", "Ja!\nGärna.", title="Hundar", topics="[ask_opening_hours]", words="hund tik")
    )
    assert (article.name, article.language, article.title, article.topics) == ("dogs", "sv", "Hundar", ("ask_opening_hours",))
    assert article.text == "Ja!\nGärna."


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Ja!", "line ---"),
        ("---\ntitle: x\n---\n", "text"),
        ("---\ntitel: x\n---\nJa!", "titel"),
        ("---\ntitle: [\n---\nJa!", "line"),
    ],
)
def test_what_is_no_article_is_told_why(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "a.md").write_text(text)
    with pytest.raises(Unreadable, match=why):
        read_article(tmp_path / "a.md")


def test_problems_are_told_with_their_file(tmp_path: Path) -> None:
    for language in ("en", "sv", "nb"):
        write(tmp_path / "data/answers" / language, "dogs", "Yes {phone}", title="Dogs", topics="[ask_opening_hours]")
    write(tmp_path / "data/answers/nb", "cats", "Ja {fone}", title="Katter", topics="[ask_opening_hours, cats]")
    told = "\n".join(article_problems(tmp_path))
    for problem in (
        "data/answers/fi/dogs.md: is missing",
        "data/answers/nb/cats.md: 'cats' is no topic",
        "{fone} is no fact",
        "nb/dogs.md: ask_opening_hours is answered by cats.md already",
    ):
        assert problem in told


def test_our_own_articles_have_no_problem() -> None:
    assert list(article_problems(service.ROOT)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_can_be_said_in_every_language(shop: Database, language: str) -> None:
    with shop.reading() as session:
        facts = facts_of(shop_service.rules(session), language, 24)
    assert set(facts) == NAMES
    assert facts["return_freight"] == {"en": "SEK\u00a079", "sv": "79\u00a0kr"}.get(language, "79\u00a0SEK")


def test_opening_hours_put_days_of_the_same_hours_together() -> None:
    assert say_opening_hours(HOURS, "en") == "Monday to Friday 10-19, Saturday 10-16:30"
    assert say_opening_hours(HOURS, "sv") == "måndag till fredag kl. 10-19, lördag kl. 10-16:30"


def test_a_line_with_a_fact_that_the_shop_does_not_have_is_left_out() -> None:
    assert fill("Home: {home_price}.\nStore: {store_price}.", {"store_price": "free"}) == "Store: free."
    assert facts_of(ShopRulesModel.cautious(), "en").get("home_price") is None


@pytest.mark.parametrize(
    ("language", "question", "article"),
    [
        ("en", "what are the charges for pickups", "delivery"),
        ("sv", "hur fungerar returrätten", "returns"),
        ("sv", "var lämnar man returpaketet", "returns_how"),
        ("sv", "transportbultarna på tvättmaskinen", "setup_washing_machine"),
        ("nb", "hvor lang er leveringstida", "delivery_time"),
        ("nb", "kan jeg dele opp betalinga per måned", "instalments"),
        ("fi", "mikä on toimitusaikanne", "delivery_time"),
        ("fi", "pesukoneen kuljetuspulttien irrotus", "setup_washing_machine"),
        ("fi", "onnistuuko maksaminen kuukausierissä", "instalments"),
    ],
)
def test_a_question_finds_its_article_through_inflection_and_compounds(language: str, question: str, article: str) -> None:
    hits = Shelf(service.FOLDER).library().search(question, language)
    assert hits[0].article.name == article


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_no_article_is_about_finds_none(shop: Database, language: str) -> None:
    weather = {
        "en": "will it rain on Gotland",
        "sv": "blir det regn på Gotland",
        "nb": "blir det regn på Hitra",
        "fi": "sataako Turussa",
    }
    with shop.reading() as session:
        assert find_answer(session, weather[language], language) is None
        assert find_answer(session, "?!", language) is None


def test_an_article_about_the_topic_is_said_when_the_words_fit_it_better(shop: Database) -> None:
    with shop.reading() as session:
        general = answer_topic(session, "ask_payment_methods", "en", "how can I pay")
        monthly = answer_topic(session, "ask_payment_methods", "en", "monthly instalments, what interest?")
        assert general is not None
        assert monthly is not None
        assert (general.name, monthly.name) == ("payment", "instalments")
        assert "6, 12 or 24 months" in monthly.text
        assert answer_topic(session, "track_order", "en", "where is it") is None


def test_what_a_writer_saves_is_said_without_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "LOOK_AGAIN_AFTER", 0.0)
    shelf = Shelf(tmp_path)
    assert shelf.library().answer("ask_bot", "sv", "") is None
    path = write(tmp_path / "sv", "dogs", "Ja!", title="Hundar", topics="[ask_bot]")
    found = shelf.library().answer("ask_bot", "sv", "")
    assert found is not None
    assert found.text == "Ja!"
    path.write_text("no front matter")
    assert shelf.library().answer("ask_bot", "sv", "") is None


def test_an_empty_library_finds_nothing() -> None:
    assert Library([]).search("anything", "en") == []
    assert Index([], "en").search("anything at all") == []
    assert stems("and the", "en") == []


@pytest.mark.parametrize(
    ("language", "question", "said"),
    [
        ("en", "how wide is it and is it loud?", ["width 60\u00a0cm", "noise 71\u00a0dB"]),
        ("sv", "hur bred är den?", ["bredd 60\u00a0cm"]),
        ("nb", "hvor mye bråker den", ["støy 71\u00a0dB"]),
        ("fi", "mikä on koneen energialuokka ja leveys", ["leveys 60\u00a0cm", "energialuokka A"]),
    ],
)
def test_the_catalogue_answers_what_is_asked_of_a_product(shop: Database, language: str, question: str, said: list[str]) -> None:
    with shop.reading() as session:
        product = shop_service.find_product(session, "Nordvik W7")
        assert product is not None
        assert facts_asked(product, question, language).known == said
        assert facts_asked(product, "hdmi?", language).unknown != []
