"""A translator's file: made with one command, kept when the pages change, and no mistake in it breaks a page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import write_po

from desk.console import catalogues
from desk.console.catalogues import is_complete, is_said, languages_complete, languages_offered, read_catalogue, translations_of
from desk.console.messages import all_messages, renew


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Catalogues of our own; none at first."""
    monkeypatch.setattr(catalogues, "path_of", lambda language: tmp_path / language / "LC_MESSAGES" / "console.po")
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    for read in (catalogues.catalogues, translations_of, languages_complete):
        read.cache_clear()


def translate(path: Path, english: str, norwegian: str) -> None:
    catalogue = read_catalogue(path, "nb")
    message = catalogue.get(english)
    assert message is not None
    message.string = norwegian
    with path.open("wb") as file:
        write_po(file, catalogue)


def test_a_new_file_has_every_message_and_says_that_it_is_only_begun(tmp_path: Path) -> None:
    path, empty = renew("nb", "Norwegian", tmp_path)
    assert path == tmp_path / "nb" / "LC_MESSAGES" / "console.po"
    catalogue = read_catalogue(path, "nb")
    assert empty == len(catalogue) == len(all_messages())
    assert not is_complete(catalogue)
    assert not any(is_said(message) for message in catalogue if message.id)


def test_what_is_translated_stays_when_the_pages_change(tmp_path: Path) -> None:
    path, empty = renew("nb", "Norwegian", tmp_path)
    translate(path, "Queue", "Kø")
    path.write_text(path.read_text(encoding="utf-8") + '\nmsgid "Said no more"\nmsgstr "Sies ikke mer"\n', encoding="utf-8")
    assert renew("nb", "Norwegian", tmp_path) == (path, empty - 1)
    catalogue = read_catalogue(path, "nb")
    assert catalogue.get("Queue").string == "Kø"  # type: ignore[union-attr]
    assert catalogue.get("Said no more") is None
    before = path.read_bytes()
    renew("nb", "Norwegian", tmp_path)
    assert path.read_bytes() == before


def test_a_begun_language_may_be_chosen_and_speaks_english_where_it_is_empty_or_wrong(folder: Path) -> None:
    path, _ = renew("nb", "Norwegian", folder)
    translate(path, "Queue", "Kø")
    translate(path, "%(n)s min ago", "for %(minutter)s min siden")
    translate(path, "in %(n)s min", "om %(n)s min, 100 % sikkert")
    translate(path, "Cases", "<script>Saker</script>")
    assert languages_offered() == ("en", "nb")
    assert languages_complete() == ("en",)
    said = translations_of("nb")
    texts = ("Queue", "%(n)s min ago", "in %(n)s min", "Cases", "Team")
    assert [said.ugettext(text) for text in texts] == ["Kø", *texts[1:]]


def test_a_file_that_cannot_be_read_is_left_out_and_logged(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    path, _ = renew("nb", "Norwegian", folder)
    path.write_text(path.read_text(encoding="utf-8") + '\nmssgid "x"\n', encoding="utf-8")
    assert languages_offered() == ("en",)
    assert "The console does not speak nb" in caplog.text
