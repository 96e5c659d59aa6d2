"""docs/extending.md is followed in a copy of Standline, and the site shows what was added."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.docs.additions import endings, plain_lines, pledge, story_ended, urgency_scale
from tests.docs.additions.addition import Copy
from tests.docs.pages import ROOT
from tests.web.site import plain

if TYPE_CHECKING:
    from pathlib import Path

    from tests.docs.additions.addition import Addition

pytestmark = pytest.mark.thorough

SCALE = (urgency_scale.SCALE, urgency_scale.WORDS, urgency_scale.VERBS)
EVENT = (
    story_ended.EVENT,
    story_ended.HANDLER,
    story_ended.TITLES,
    story_ended.READERS,
    story_ended.COMMAND,
)
LATER = (endings.READ_MODEL, endings.PAGE, plain_lines.FORMATS)
NEWSROOM = ROOT / "tests" / "docs" / "additions" / "newsroom.py"
ROW = re.compile(r"^\| (.+?) \| (.+) \|$", re.MULTILINE)

COMPILE = "from babel.messages.frontend import main; import sys; sys.argv.pop(0); main()"
Pages = dict[str, str]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Copy, Pages]:
    """A copy with a scale and an event, and pages of it when both were used."""
    copy = Copy(tmp_path_factory.mktemp("extended"))
    copy.add(*SCALE, *EVENT)
    return copy, opened(copy, "record", "/t/bridge", "/s/5", "/record/topic", "/log", "/log?at=6")


@pytest.fixture(scope="module")
def read(recorded: tuple[Copy, Pages]) -> tuple[Copy, Pages]:
    """The same copy with a read model, a page and a format, over the store that it had before."""
    copy, _ = recorded
    copy.add(*LATER)
    return copy, opened(copy, "import", "/endings", "/t/bridge")


def opened(copy: Copy, deed: str, *paths: str) -> Pages:
    """Do something in the copy's store, and return pages as text, by their addresses."""
    url = f"sqlite:///{copy.folder / 'newsroom.db'}"
    run = copy.run("-c", NEWSROOM.read_text("utf-8"), url, deed, *paths)
    assert run.returncode == 0, run.stderr
    return {path: plain(page) for path, page in json.loads(run.stdout).items()}


@pytest.fixture(scope="module")
def promised(tmp_path_factory: pytest.TempPathFactory) -> tuple[Copy, Pages]:
    """A copy with a noun, and what its forms, page, interface and export say of one."""
    copy = Copy(tmp_path_factory.mktemp("promised"))
    copy.add(pledge.NOUN)
    compiled = copy.run("-c", COMPILE, "pybabel", "-q", "compile", "-d", "web/translations")
    assert compiled.returncode == 0, compiled.stderr
    pages = "/pledges", "/pledges?lang=de", "/api/v1/pledges", "/log"
    return copy, opened(copy, "promise", *pages)


def test_a_new_noun_is_recorded_by_its_form_shown_told_and_exported(
    promised: tuple[Copy, Pages],
) -> None:
    _, pages = promised
    assert "Aland: A bridge to Borduria (2026), kept" in pages["/pledges"]
    assert '"due":"2026","kept":1' in pages["/api/v1/pledges"]
    assert "3 Pledge settled" in pages["/log"]
    assert '"text":"A bridge to Borduria","due":"2026"' in pages["export"]


def test_a_new_noun_speaks_german(promised: tuple[Copy, Pages]) -> None:
    _, pages = promised
    assert "Zusagen" in pages["/pledges?lang=de"]
    assert "(2026), gehalten" in pages["/pledges?lang=de"]


def test_a_new_noun_is_held_to_golden_files_and_to_the_contracts(
    promised: tuple[Copy, Pages],
) -> None:
    copy, _ = promised
    held = "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/stores/test_golden_events.py"
    assert len(copy.run("-m", "tests.stores.golden").stdout.split()) == 2
    assert copy.run(*held, "-k", "pledge").returncode == 0
    contracts = copy.run("-c", "from importlinter.cli import lint_imports_command as c; c()")
    assert contracts.returncode == 0, contracts.stdout


def test_a_noun_costs_at_most_twelve_files() -> None:
    assert len(pledge.NOUN.paths) <= 12


def test_a_new_scale_is_offered_recorded_and_said_in_words(recorded: tuple[Copy, Pages]) -> None:
    _, pages = recorded
    assert "never later in time soon at once" in pages["/record/topic"]
    assert "Aland wants this soon" in pages["/t/bridge"]
    assert "soon" in pages["/s/5"]


def test_a_new_event_stands_in_the_log_under_its_title(recorded: tuple[Copy, Pages]) -> None:
    _, pages = recorded
    assert "6 Story ended" in pages["/log"]
    assert '"reason": "the bridge stands"' in pages["/log?at=6"]


def test_a_new_event_is_held_to_a_golden_file(recorded: tuple[Copy, Pages]) -> None:
    copy, _ = recorded
    held = "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/stores/test_golden_events.py"
    assert copy.run("-m", "tests.stores.golden").stdout.strip().endswith("story.ended.v1.json")
    assert copy.run(*held, "-k", "story.ended").returncode == 0


def test_a_new_read_model_is_filled_with_what_was_recorded_before_and_a_new_page_shows_it(
    read: tuple[Copy, Pages],
) -> None:
    _, pages = read
    assert "The bridge: the bridge stands" in pages["/endings"]


def test_the_contracts_between_rooms_hold_with_a_new_page(read: tuple[Copy, Pages]) -> None:
    copy, _ = read
    contracts = copy.run("-c", "from importlinter.cli import lint_imports_command as c; c()")
    assert contracts.returncode == 0, contracts.stdout


def test_a_format_of_another_package_comes_in_and_goes_out(read: tuple[Copy, Pages]) -> None:
    _, pages = read
    soon, at_once = (
        f"aland | bridge | {stance} | Invented Times"
        for stance in ("soon | 2025-12-15", "at once | 2025-12-18")
    )
    assert pages["export"] == f"{soon} {at_once}"
    assert "Aland wants this now" in pages["/t/bridge"]


@pytest.mark.parametrize(
    "addition", [*SCALE, *EVENT, endings.READ_MODEL, endings.PAGE, pledge.NOUN]
)
def test_what_was_touched_is_what_the_page_names(addition: Addition) -> None:
    named = {name for row in addition.rows for name in told(row)}
    assert {path for path in addition.paths if not any(map(path.startswith, named))} == set()


def told(row: str) -> list[str]:
    """Return the code in a row of the page, which is found by what one wants."""
    page = (ROOT / "docs" / "extending.md").read_text("utf-8")
    (found,) = (what for want, what in ROW.findall(page) if f"**{row}**" in want)
    noun = "pledge" if row == "noun" else "endings"
    return [name.replace("<noun>", noun) for name in re.findall(r"`([^`]+)`", found)]


@pytest.mark.parametrize(
    ("without", "module", "told"),
    [
        (urgency_scale.WORDS, "web.wording.scale_words", "WORDS has no entry for: urgency -2"),
        (urgency_scale.VERBS, "web.wording.verbs", "DID has no entry for: ('urgency', -2)"),
        (
            story_ended.HANDLER,
            "timeline.projections.writing.projector",
            "HANDLERS has no entry for: StoryEnded",
        ),
        (
            story_ended.TITLES,
            "web.wording.event_titles",
            "EVENT_TITLES has no entry for: story.ended",
        ),
        (
            story_ended.READERS,
            "timeline.interchange.native.readable",
            "READABLE has no entry for: story.ended reason",
        ),
    ],
)
def test_what_lacks_its_part_does_not_start(
    tmp_path: Path, without: Addition, module: str, told: str
) -> None:
    copy = Copy(tmp_path)
    copy.add(*(each for each in (*SCALE, *EVENT) if each is not without))
    run = copy.run("-c", f"import {module}")
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1].startswith(f"LookupError: {told}")
