from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from web.i18n.languages import LANGUAGES, supported_languages

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

    from tests.web.paper import Paper

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).parents[2]
CATALOGUES = ROOT / "web" / "translations"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "lazy_gettext": None,
    "lazy_pgettext": ((1, "c"), 2),
    "in_catalogues": None,
}
NAMED = re.compile(r"%\((\w+)\)")
Key = tuple[str | None, str]


@cache
def texts() -> set[Key]:
    """Return every text of the site that is to be translated, with its context."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["babel"]
    mappings = [(one["pattern"], one["method"]) for one in told["mappings"]]
    found = extract_from_dir(ROOT, mappings, keywords=KEYWORDS)
    return {
        (context, message[0] if isinstance(message, tuple) else message)
        for _, _, message, _, context in found
    }


def catalogue(lang: str) -> Catalog:
    """Return a catalogue as its translators see it."""
    path = CATALOGUES / lang / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=lang)


def messages(lang: str) -> list[Message]:
    """Return the messages of a catalogue without its header."""
    return [message for message in catalogue(lang) if message.id]


def forms(told: Any) -> tuple[str, ...]:  # noqa: ANN401 - one text, or one for each number
    """Return singular and plural, or the one text there is."""
    return tuple(told) if isinstance(told, (tuple, list)) else (told,)


TRANSLATED = [lang for lang in LANGUAGES if lang != "en"]


@pytest.mark.parametrize("lang", TRANSLATED)
def test_every_text_of_the_site_is_translated(lang: str) -> None:
    told = {
        (message.context, forms(message.id)[0])
        for message in messages(lang)
        if all(forms(message.string)) and not message.fuzzy
    }
    assert sorted(map(str, texts() - told)) == []


@pytest.mark.parametrize("lang", TRANSLATED)
def test_a_catalogue_holds_nothing_that_the_site_no_longer_says(lang: str) -> None:
    held = {(message.context, forms(message.id)[0]) for message in messages(lang)}
    assert sorted(map(str, held - texts())) == []


@pytest.mark.parametrize("lang", TRANSLATED)
def test_a_translation_names_what_the_text_names(lang: str) -> None:
    for message in messages(lang):
        meant = set(NAMED.findall(forms(message.id)[-1]))
        *_, last = forms(message.string)
        assert set(NAMED.findall(last)) == meant, message.id
        assert all(set(NAMED.findall(form)) <= meant for form in forms(message.string)), message.id


@pytest.mark.parametrize("lang", TRANSLATED)
def test_what_is_compiled_is_what_is_written(lang: str) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(lang))
    stored = CATALOGUES / lang / "LC_MESSAGES" / "messages.mo"
    is_same = stored.read_bytes() == compiled.getvalue()  # to show the difference takes minutes
    assert is_same, "run `make messages`"


BEGUN = """#, fuzzy
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

msgid "Topics"
msgstr "Sujets"
"""
"""A catalogue as it is made, which calls itself fuzzy, and one translation."""


def test_a_new_language_begins_with_an_empty_catalogue(tmp_path: Path) -> None:
    for folder in ("timeline", "web"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for file in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / file, tmp_path)
    new, begun = (
        tmp_path / "web" / "translations" / lang / "LC_MESSAGES" / "messages.po"
        for lang in ("es", "fr")
    )
    for path, content in ((new, ""), (begun, BEGUN)):
        path.parent.mkdir(parents=True)
        path.write_text(content, "utf-8")
    make = ["make", "--old-file=dev", f"BIN={Path(sys.executable).parent}", "messages"]
    subprocess.run(make, cwd=tmp_path, check=True)
    assert 'msgid "Topics"\nmsgstr ""' in new.read_text("utf-8")
    assert new.read_text("utf-8").count("msgid") == begun.read_text("utf-8").count("msgid")
    with begun.with_suffix(".mo").open("rb") as compiled:
        assert GNUTranslations(compiled).gettext("Topics") == "Sujets"


def test_the_browser_chooses_the_language(paper: Paper) -> None:
    german = paper.open("/", Accept_Language="de-AT,de;q=0.9,en;q=0.5").text
    assert '<html lang="de"' in german
    assert "Wer wann was sagte" in german
    assert '<html lang="en"' in paper.open("/", Accept_Language="fr").text
    assert '<html lang="en"' in paper.open("/").text


def test_the_reader_switches_it_and_the_choice_outlasts_the_browser(paper: Paper) -> None:
    answer = paper.post("/prefs", {"lang": "de", "next": "/t/union"})
    assert answer.headers["Location"] == "/t/union"
    page = paper.open("/t/union", Accept_Language="en").text
    assert '<html lang="de"' in page
    assert "Was gesagt wurde, Tag für Tag" in page


def test_the_newsrooms_words_are_german(paper: Paper) -> None:
    paper.newsroom.statements.correct(paper.dora(), paper.numbers["no"], {"stance": "doubts"}, "x")
    paper.newsroom.statements.retract(paper.dora(), paper.numbers["wants"], "wrong")
    topic = paper.read("/t/union?as_of=2025-12-15&known_at=@99", Accept_Language="de")
    for word in (
        "Aussagen",
        "Haltung",
        "Positionswechsel",
        "Bekannt am",
        "akzeptiert",
        "hat Bedenken",
    ):
        assert word in topic
    why = paper.read("/t/union/why/aland?as_of=2025-12-15", Accept_Language="de")
    assert "Stand vom 15. Dez. 2025" in why
    corrections = paper.read("/corrections", Accept_Language="de")
    assert "Korrigiert wesentlich" in corrections
    assert "Haltung: lehnt ab, korrigiert zu: hat Bedenken." in corrections
    assert "Zurückgenommen" in corrections
    assert "Jede Korrektur, Rücknahme und Erwiderung" in corrections


def test_a_quote_keeps_its_own_language_on_a_german_page(paper: Paper) -> None:
    page = paper.open(f"/s/{paper.numbers['yes']}", Accept_Language="de").text
    assert re.search(r'lang="fr" dir="ltr"[^>]*>.*nous ne nous opposons pas', page)
    assert "Übersetzung" in page


def test_dates_are_in_the_readers_language(paper: Paper) -> None:
    text = paper.read("/t/union", Accept_Language="de")
    assert "2. Sept. 2025" in text
    assert "etwa Dez. 2025" in text


def test_the_log_speaks_german_of_events(paper: Paper) -> None:
    text = paper.read("/log", Accept_Language="de")
    assert "Aussage erfasst" in text
    assert "statement recorded" not in text


def test_a_language_is_spoken_as_soon_as_it_has_a_catalogue(tmp_path: Path) -> None:
    for code in ("uk", "fr"):
        catalogue_of = tmp_path / code / "LC_MESSAGES"
        catalogue_of.mkdir(parents=True)
        (catalogue_of / "messages.mo").touch()
    (tmp_path / "pl").mkdir()
    assert list(supported_languages(tmp_path).items()) == [
        ("en", "English"),
        ("fr", "Français"),
        ("uk", "Українська"),
    ]
    assert supported_languages(CATALOGUES) == LANGUAGES
