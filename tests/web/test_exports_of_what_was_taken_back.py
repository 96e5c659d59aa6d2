"""Every format writes a record from which things were taken back, and none gives them away."""

from __future__ import annotations

import io
from itertools import product
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

import duckdb
import msgspec
import pytest

from tests.web.discretion import Confidences
from tests.web.site import Site
from timeline.interchange import ExportOptions, export
from timeline.interchange.formats.contracts import NETWORKS
from timeline.interchange.formats.registry import exporters
from web.shell.identity import everybody_is

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.web.paper import Paper

PARTS = ExportOptions(), ExportOptions(topic="union"), ExportOptions(actor="eland")
WHOLE = "log"
"""The format that holds every event, so that the same log can be made again."""

NOT_ITS_OWN = "note of a link to it"
"""Words of another entry, which the log keeps for that one."""


@pytest.fixture
def confidences(paper: Paper) -> Confidences:
    """A paper on which an entry of each kind was told in confidence."""
    return Confidences(paper)


def merge(confidences: Confidences) -> None:
    confidences.paper.newsroom.actors.merge(confidences.paper.dora(), "eland", "bland", "The same.")


def retract(confidences: Confidences) -> None:
    for number in confidences.numbers:
        confidences.desk(number).retract(confidences.paper.dora(), number, "A mix-up.")


def erase_and_retract(confidences: Confidences) -> None:
    confidences.erase()
    retract(confidences)


def erase_and_merge(confidences: Confidences) -> None:
    confidences.erase()
    merge(confidences)


def reinstate(confidences: Confidences) -> None:
    confidences.withhold()
    for number in confidences.numbers:
        confidences.desk(number).reinstate(
            confidences.paper.dora(), number, "It may be read after all."
        )


def erase_what_was_withheld(confidences: Confidences) -> None:
    confidences.withhold()
    confidences.erase()


ERASED = (Confidences.erase, erase_and_retract, erase_and_merge, erase_what_was_withheld)
TAKEN_BACK = (Confidences.withhold, *ERASED)
DOINGS = (*TAKEN_BACK, merge, retract, reinstate)


def exported(confidences: Confidences, form: str) -> Iterator[str]:
    """Yield what a format writes of the record and of its parts, now and as it was known before."""
    services = confidences.paper.services
    services.models.catch_up()
    networks = NETWORKS if form == "graphml" else NETWORKS[:1]
    whole = ExportOptions()
    asked = [msgspec.structs.replace(whole, network=network) for network in networks]
    asked.append(msgspec.structs.replace(whole, known_at=services.log.head() - 1))
    if form != WHOLE:
        asked += PARTS[1:]
    for options in asked:
        out = io.BytesIO()
        export(services, out, form, options)
        yield _read(form, out.getvalue())


def _read(form: str, written: bytes) -> str:
    if form != "parquet":
        return written.decode()
    with NamedTemporaryFile() as file:
        file.write(written)
        file.flush()
        return str(duckdb.read_parquet(file.name).fetchall())


def given_away(confidences: Confidences, form: str) -> set[str]:
    """Return which marked words a format writes."""
    found = [
        confidences.marks.found_in(one) | confidences.names.found_in(one)
        for one in exported(confidences, form)
    ]
    return set[str]().union(*found)


@pytest.mark.thorough
@pytest.mark.few(3)
@pytest.mark.parametrize("doing", DOINGS)
def test_every_format_writes_a_record_of_which_something_was_taken_back(
    confidences: Confidences, doing: Callable[[Confidences], None]
) -> None:
    doing(confidences)
    for form in exporters():
        assert next(exported(confidences, form)), form
        if doing in ERASED:
            spared = {NOT_ITS_OWN} if form == WHOLE else set()
            assert given_away(confidences, form) <= spared, form


def test_no_format_but_the_log_itself_writes_what_is_withheld(confidences: Confidences) -> None:
    confidences.withhold()
    services = confidences.paper.services
    for form, part in product(exporters().keys() - {WHOLE}, PARTS):
        out = io.BytesIO()
        export(services, out, form, part)
        assert confidences.marks.found_in(_read(form, out.getvalue())) == set(), (form, part)


SAYS_NO_WORDS_OF_THESE = {"dna", "graphml"}
"""Lists of who agrees: the entries told in confidence take no side."""


def test_what_stands_is_written_so_that_the_marks_would_be_found(confidences: Confidences) -> None:
    for form in exporters().keys() - SAYS_NO_WORDS_OF_THESE:
        assert given_away(confidences, form), form


def test_the_log_that_editors_take_along_holds_nothing_that_was_erased(
    confidences: Confidences,
) -> None:
    confidences.erase()
    confidences.paper.services.models.catch_up()
    editor = Site(confidences.paper.services, identify=everybody_is("admin")).reader
    written = editor.get("/log.jsonl").text
    assert written.count("\n") == confidences.paper.services.log.count()
    assert confidences.marks.found_in(written) | confidences.names.found_in(written) == {
        NOT_ITS_OWN
    }
