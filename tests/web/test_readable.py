"""What readers get is allowed by name, in every representation and at every moment."""

from __future__ import annotations

from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

import duckdb
import msgspec
import pytest

from tests.stores.golden import EXAMPLES
from tests.web.discretion import STORED, Confidences, Marks, addresses
from tests.web.site import HTMX, Site
from timeline.domain.catalogue import EVENT_TYPES
from timeline.interchange.native.readable import (
    ENVELOPE,
    FOR_EDITORS,
    READABLE,
    readable_event,
    readable_row,
)
from web.shell.identity import everybody_reads

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.web.paper import Paper
    from timeline.domain.event import Event

pytestmark = pytest.mark.thorough

PARQUET = "application/vnd.apache.parquet"

READERS: tuple[dict[str, str], ...] = ({}, {"Accept-Language": "de"}, HTMX)
"""The headers of who asks for whole pages, for German ones and for parts."""


@pytest.fixture
def confidences(paper: Paper) -> Confidences:
    """A paper on which an entry of each kind was told in confidence."""
    return Confidences(paper)


def given_away(
    confidences: Confidences, *marks: Marks, readers: tuple[dict[str, str], ...] = READERS
) -> dict[str, set[str]]:
    """Return what readers are shown of the words, by the address that shows it."""
    reader = Site(confidences.paper.services, identify=everybody_reads).reader
    shown: dict[str, set[str]] = {}
    for address in addresses(confidences):
        for headers in readers if "known_at=" not in address else readers[:1]:
            answer = reader.get(address, headers=headers)
            assert answer.status_code < 500, address
            for each in marks:
                shown.setdefault(address, set()).update(each.found_in(_read(answer)))
    return {address: words for address, words in shown.items() if words}


def _read(answer: TestResponse) -> str:
    """Return an answer as text, of a file in typed columns its cells."""
    if answer.mimetype != PARQUET:
        return str(answer.data, errors="replace")
    with NamedTemporaryFile() as file:
        file.write(answer.data)
        file.flush()
        return str(duckdb.read_parquet(file.name).fetchall())


def test_all_words_but_the_stored_text_of_sources_are_shown_while_they_stand(
    confidences: Confidences,
) -> None:
    found = given_away(confidences, confidences.marks, confidences.names, readers=READERS[:1])
    shown = set[str]().union(*found.values())
    assert (confidences.marks.purposes | confidences.names.purposes) - shown == {STORED}


def test_withheld_words_are_in_no_representation_and_at_no_moment(confidences: Confidences) -> None:
    confidences.withhold()
    assert given_away(confidences, confidences.marks) == {}


def test_erased_words_are_in_no_representation_and_at_no_moment(confidences: Confidences) -> None:
    confidences.erase()
    assert given_away(confidences, confidences.marks, confidences.names) == {}


def test_a_source_of_other_entries_too_is_named_by_them(confidences: Confidences) -> None:
    confidences.withhold()
    assert "Invented Times" in confidences.paper.read(f"/s/{confidences.paper.numbers['still']}")


def test_the_form_of_a_withheld_entry_shows_its_source_whole(confidences: Confidences) -> None:
    confidences.withhold()
    form = confidences.paper.open(f"/record/{confidences.said}/correct").text
    assert "outlet of the source" in confidences.marks.found_in(form)


@pytest.mark.parametrize("event", EXAMPLES.values(), ids=EXAMPLES)
def test_readers_see_every_field_of_an_event_that_is_not_for_editors(event: Event) -> None:
    told = msgspec.to_builtins(event)
    for name in FOR_EDITORS.get(event.TOPIC, "").split():
        told["content"].pop(name)
    assert readable_event(event, withheld=False) == {"type": event.TOPIC, **told}


def test_a_field_that_is_not_named_is_not_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(READABLE, "topic.opened", "scale")
    told = readable_event(EXAMPLES["topic.opened"], withheld=False)
    assert told.keys() == {"type", *ENVELOPE, "scale", "content"} - {"key"}
    assert told["content"] == {}
    row = {"said_at": "2025", "actor": "bland", "snapshot": "All.", "translations.de.title": "T"}
    assert readable_row(row, withheld=False).keys() == row.keys() - {"snapshot"}
    assert readable_row(row, withheld=True) == {"said_at": "2025"}


def test_readers_see_all_that_the_ledger_covers_of_an_event() -> None:
    # Its entries are given out to everybody, of withheld statements too. What a blind reader found
    # is words: it is covered by a salted hash, and kept from who still has to read the quote.
    for type_, kind in EVENT_TYPES.items():
        committed = {*kind.__struct_fields__} - {*ENVELOPE, "content"}
        assert committed <= {*READABLE[type_].split()}, type_
        assert committed.isdisjoint(FOR_EDITORS.get(type_, "").split()), type_
