"""A very long text at the workbench: a section at a time, with places of the whole text."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.record.test_workbench import HTMX, SOURCE, filled
from tests.web.site import plain
from timeline.desk.texts import DeskText
from timeline.domain.naming import document_id
from timeline.domain.statement import StatementRecorded
from web.record.source_text.sentences import LONGEST, WHOLE, section_at, sections

if TYPE_CHECKING:
    from tests.web.record.desk import Desk

SAYS = "Dora Example sagte, Aland wolle der Union beitreten."
IDLE = "Nichts geschah an diesem langen Tag im Haus.\n"
TURN = "Dora Example (SPD):\n"


def long_text(length: int, *places: int) -> str:
    """Return an idle text of about a length, with something said after each of these places."""
    text = ""
    for place in (*places, length):
        text += IDLE * ((place - len(text)) // len(IDLE) + 1)
        text += f"{SAYS}\n" if place in places else ""
    return text


@pytest.fixture
def place(desk: Desk) -> str:
    """A text of a million characters at the workbench; something is said in three sections."""
    text = long_text(1_000_000, 1_000, 200_000, 900_000)
    document = document_id(SOURCE["source.url"], "", "", "")
    imprint = SOURCE | {"source.published_at": "2025-12-16", "source.author": ""}
    kept = DeskText(document=document, added_by="anna", added_at=0, imprint=imprint, text=text)
    desk.services.desk.texts.keep(kept)
    return f"/record/text/{document}"


@given(
    st.lists(
        st.sampled_from(["a", "b. ", "\n", "x" * 9_000, TURN, f"{SAYS} " * 90, IDLE * 200]),
        min_size=5,
        max_size=60,
    ),
    st.integers(1, 9),
)
def test_sections_are_the_whole_text_in_its_order_and_none_is_longer_than_may_be(
    pieces: list[str], times: int
) -> None:
    text = "".join(pieces) * times
    found = sections(text)
    assert "".join(text[slice(*one)] for one in found) == text
    assert all(one[1] == other[0] for one, other in pairwise(found))
    if len(text) > WHOLE:
        assert all(0 < end - begin <= LONGEST for begin, end in found)
    assert all(begin <= at < end for begin, end in found for at in (begin, end - 1) if text)
    assert [section_at(found, begin) for begin, _ in found] == [*range(len(found))]


def test_a_section_ends_before_somebody_else_begins_to_speak() -> None:
    text = "".join(f"{name} (SPD):\n{IDLE * 100}" for name in ("Ada Muster", "Bert Probe") * 20)
    assert all(text.startswith(("Ada", "Bert"), begin) for begin, _ in sections(text))


def test_a_text_of_a_million_characters_is_shown_in_sections_of_bounded_weight(
    desk: Desk, place: str
) -> None:
    page = desk.get(place).text
    assert "Section 1 of 34" in plain(page)
    assert "0 of about 1 passages done in this section" in plain(page)
    assert len(page) < 400_000
    assert f'href="{place}?part=2"' in page
    later = desk.get(f"{place}?part=7").text
    assert "Section 7 of 34" in plain(later)
    assert "Section 34 of 34" in plain(desk.get(f"{place}?part=99").text)


def test_what_is_coded_far_behind_stands_where_it_stands_in_the_whole_text(
    desk: Desk, place: str
) -> None:
    start = long_text(1_000_000, 1_000, 200_000, 900_000).rindex(SAYS)
    address = f"{place}?at={start}-{start + len(SAYS)}"
    page = desk.get(address).text
    assert "Section 31 of 34" in plain(page)
    assert 'value="Dora Example"' in page
    answer = desk.post(place, filled(page), **HTMX)
    assert "Recorded as" in answer.text
    assert "Section 32 of 34" in plain(answer.text)  # nothing else is open in that section
    (said,) = [event for event in desk.events() if isinstance(event, StatementRecorded)]
    assert said.content is not None
    passage = said.content.passage
    assert passage is not None
    assert (passage.exact, passage.start) == (SAYS, start)
    assert "1 entry on record" in plain(desk.get(address).text)


def test_behind_the_last_passage_of_a_section_comes_the_next_section(
    desk: Desk, place: str
) -> None:
    page = desk.get(place).text
    assert f'rel="next" class="icon-button" href="{place}?part=2#here"' in page
    assert f'bench-close" href="{place}?part=1"' in page
    nothing = desk.post(f"{place}/nothing", {"passage": filled(page)["passage"]})
    assert nothing.location == f"{place}?part=2#here"
