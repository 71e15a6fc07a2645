"""`fubb check`: every problem of what people edit, with its file."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from desk.checking.data import problems_of
from desk.checking.topics import TOPICS
from desk.settings import ROOT

RESPONSE = {"text": "Hello {name}", "buttons": [{"title": "Yes", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}]}


def write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def taught(language: str, topics: Sequence[str]) -> list[dict[str, object]]:
    """Blocks with enough utterances of each topic."""
    metadata = {"language": language}
    return [{"intent": t, "metadata": metadata, "examples": "".join(f"- {t} number {n}\n" for n in range(60))} for t in topics]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project without a problem."""
    for name in ("config.yml", "endpoints.yml", "credentials.yml"):
        (tmp_path / name).write_text("")
    write(
        tmp_path / "domain.yml",
        {"intents": [*TOPICS[:-1], {TOPICS[-1]: {"use_entities": []}}], "responses": {"utter_hi": [RESPONSE]}},
    )
    for language in ("en", "sv", "nb", "fi"):
        write(tmp_path / f"data/nlu/{language}/all.yml", {"nlu": taught(language, TOPICS)})
    for language in ("sv", "nb", "fi"):
        write(tmp_path / f"data/words/{language}.yml", {"responses": {"utter_hi": [RESPONSE]}})
    return tmp_path


def test_there_are_55_topics() -> None:
    assert len(set(TOPICS)) == len(TOPICS) == 55


def test_no_problem_where_there_is_none(root: Path) -> None:
    assert problems_of(root) == []


def test_yaml_that_does_not_parse_is_named_with_its_line(root: Path) -> None:
    (root / "data" / "words" / "sv.yml").write_text("responses:\n  utter_hi: [\n")
    assert "data/words/sv.yml: line" in problems_of(root)[0]


def test_a_key_written_twice_is_a_problem(root: Path) -> None:
    (root / "credentials.yml").write_text("a: 1\nb: 2\na: 3\n")
    assert problems_of(root) == ["credentials.yml: line 3: 'a' is there twice"]


@pytest.mark.parametrize(
    ("translated", "problem"),
    [
        ({**RESPONSE, "text": "Hej"}, "utter_hi lacks {name}"),
        ({**RESPONSE, "text": "Hej {name} {order}"}, "utter_hi has {order}, which the English does not have"),
        ({**RESPONSE, "text": " "}, "utter_hi has no text"),
        ({"text": "Hej {name}"}, "utter_hi has 0 buttons with other payloads than the 2 of the English"),
    ],
)
def test_a_translation_that_differs_is_a_problem(root: Path, translated: dict[str, object], problem: str) -> None:
    write(root / "data/words/sv.yml", {"responses": {"utter_hi": [translated]}})
    assert f"data/words/sv.yml: {problem}" in problems_of(root)


def test_missing_and_superfluous_words_are_problems(root: Path) -> None:
    write(root / "data/words/fi.yml", {"responses": {"utter_ho": [RESPONSE]}})
    (root / "data/words/nb.yml").unlink()
    assert problems_of(root) == [
        "data/words/nb.yml: is missing or cannot be read",
        "data/words/fi.yml: utter_hi is missing",
        "data/words/fi.yml: utter_ho is no response of domain.yml",
    ]


def test_topics_with_too_few_unknown_or_doubled_utterances_are_problems(root: Path) -> None:
    odd = [
        {"intent": TOPICS[0], "metadata": {"language": "sv"}, "examples": "- when do you open\n- GREET number 1\n"},
        {"intent": "weather", "metadata": {"language": "sv"}, "examples": "- rain\n"},
    ]
    write(root / "data/nlu/sv/all.yml", {"nlu": [*taught("sv", TOPICS[1:]), *odd]})
    assert sorted(problems_of(root)) == [
        f"data/nlu/sv/all.yml: 'GREET number 1' is taught as {TOPICS[0]} and as greet (data/nlu/sv/all.yml)",
        "data/nlu/sv/all.yml: 'weather' is no intent of domain.yml",
        f"data/nlu/sv: {TOPICS[0]} has 2 utterances, fewer than 60",
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ([{"intent": "greet"}], "should have `nlu:`"),
        ({"nlu": "greet"}, "should have `nlu:`"),
        ({"nlu": ["greet"]}, "'greet' is no block"),
        ({"nlu": [{"intent": "greet", "examples": ["hi", "hello"]}]}, "the examples of greet are not one text"),
        ({"nlu": [{"intent": "greet", "metadata": ["en"], "examples": "- hi"}]}, "the metadata of greet are not"),
        (
            {"nlu": [{"intent": "greet", "metadata": {"language": "de"}, "examples": "- hallo"}]},
            "the language of greet is de, not one",
        ),
        (
            {"nlu": [{"intent": "greet", "metadata": {"mood": "angry"}, "examples": "- hi"}]},
            "the mood of greet is angry, not one of calm",
        ),
        ({"nlu": [{"intent": "greet", "metadata": {"hazard": "maybe"}, "examples": "- hi"}]}, "not one of true, false"),
        ({"nlu": [{"intent": "greet", "examples": "- hi there"}]}, "a block of greet is taught as en"),
    ],
)
def test_training_text_in_another_form_is_a_problem(root: Path, content: object, problem: str) -> None:
    write(root / "data/nlu/sv/more.yml", content)
    (found,) = problems_of(root)
    assert found.startswith("data/nlu/sv/more.yml: ")
    assert problem in found


def test_a_language_without_training_text_is_one_problem(root: Path) -> None:
    (root / "data/nlu/fi/all.yml").unlink()
    assert problems_of(root) == ["data/nlu/fi: has no training text that can be read"]


def test_our_own_data_has_no_problem() -> None:
    assert problems_of(ROOT) == []


def swedish(root: Path, changes: dict[str, str]) -> None:
    """Our Swedish catalogue with these pieces changed."""
    name = "desk/console/translations/sv/LC_MESSAGES/console.po"
    text = (ROOT / name).read_text(encoding="utf-8")
    for before, after in changes.items():
        assert before in text
        text = text.replace(before, after, 1)
    (root / name).parent.mkdir(parents=True)
    (root / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({'msgstr "Kö"': 'msgstr ""'}, "“Queue” is not translated"),
        ({'msgid "Queue"\n': 'msgid "Kew"\n'}, "“Kew” is said nowhere any more: `fubb translate sv` takes it out"),
        ({"för %(n)s min sedan": "för en stund sedan"}, "“%(n)s min ago”: lacks %(n)s"),
        ({"Svara på %(language)s": "Svara på %(sprak)s"}, "has %(sprak)s, which the English does not have"),
        ({"<strong>Ingen väntar.</strong>": "<em>Ingen väntar.</em>"}, "has </em>, <em>, which the English does not have"),
        ({'msgid "Queue"\n': 'mssgid "Queue"\n'}, "cannot be read"),
    ],
)
def test_translation_that_lacks_something_is_a_problem(root: Path, changes: dict[str, str], problem: str) -> None:
    swedish(root, changes)
    found = problems_of(root)
    assert found
    assert all(one.startswith("desk/console/translations/sv/LC_MESSAGES/console.po: ") for one in found)
    assert any(problem in one for one in found), found


def test_a_catalogue_that_is_only_begun_may_be_empty(root: Path) -> None:
    swedish(root, {"# State: complete": "# State: begun", 'msgstr "Kö"': 'msgstr ""'})
    assert problems_of(root) == []
