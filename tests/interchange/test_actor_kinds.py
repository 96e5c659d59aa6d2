"""What an actor is, nobody guesses: it is unknown until a row, a line or a person says it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.interchange.desk import Desk, row
from timeline.domain.actor import KINDS, UNKNOWN, Actor
from timeline.domain.errors import Refused
from timeline.domain.naming import stable_id

if TYPE_CHECKING:
    from timeline.interchange import Summary

NAMES = ("European Commission", "EU officials (unnamed)", "Ann")
LINE = {"kind": "actor", "actor": "ann", "actor_name": "Ann"}


def kind_of(desk: Desk, slug: str = "ann") -> str:
    actor = desk.log.load(Actor, stable_id("actor", slug))
    assert actor is not None
    return actor.kind


def take(desk: Desk, **line: object) -> Summary:
    return desk.take_rows(LINE | line)


@given(
    rows=st.lists(
        st.tuples(st.sampled_from(NAMES), st.sampled_from((*KINDS, None))), min_size=1, max_size=6
    )
)
def test_an_actor_is_what_the_first_row_with_it_says_or_unknown(
    rows: list[tuple[str, str | None]],
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        Desk.opened(f"sqlite:///{folder}/kinds.db", Path(folder)) as desk,
    ):
        summary = desk.take_rows(
            *(row(actor=name, actor_kind=kind, key=str(n)) for n, (name, kind) in enumerate(rows))
        )
        first: dict[str, str] = {}
        for name, kind in rows:
            first.setdefault(name, kind or UNKNOWN)
        told = {each.content.name: each.kind for each in desk.events("actor.introduced")}
        assert told == first
        assert summary.of_unknown_kind == [*first.values()].count(UNKNOWN)


def test_whom_somebody_speaks_for_is_of_unknown_kind_too(desk: Desk) -> None:
    summary = desk.take_rows(row(actor="Ann", actor_kind="person", on_behalf_of="The Board"))
    assert (kind_of(desk), kind_of(desk, "the-board")) == ("person", UNKNOWN)
    assert "1 of them of unknown kind, since nothing says what they are" in summary.lines()


def test_a_line_says_what_an_actor_of_unknown_kind_is(desk: Desk) -> None:
    assert take(desk).recorded == 1
    assert kind_of(desk) == UNKNOWN
    assert take(desk, actor_kind="organisation").recorded == 1
    assert kind_of(desk) == "organisation"
    for kind in ("organisation", UNKNOWN, None):
        assert take(desk, actor_kind=kind).known == 1


def test_a_line_that_says_something_else_is_a_conflict(desk: Desk) -> None:
    take(desk, actor_kind="person")
    (rejection,) = take(desk, actor_kind="state").rejections
    assert "with another actor_kind" in rejection.reason
    assert kind_of(desk) == "person"


def test_a_kind_that_was_corrected_is_not_brought_back_by_the_old_file(desk: Desk) -> None:
    take(desk, actor_kind="person")
    desk.newsroom.actors.classify(desk.anna(), "ann", "office", "It is a post.")
    assert take(desk, actor_kind="person").known == 1
    assert kind_of(desk) == "office"


def test_another_kind_than_the_one_on_record_needs_a_reason(desk: Desk) -> None:
    take(desk, actor_kind="person")
    actors = desk.newsroom.actors
    with pytest.raises(Refused, match="reason is missing"):
        actors.classify(desk.anna(), "ann", "office")
    with pytest.raises(Refused, match="there is no kind of actor 'thing'"):
        actors.classify(desk.anna(), "ann", "thing", "why not")


def test_who_has_a_mandate_is_no_collective(desk: Desk) -> None:
    take(desk)
    desk.take_rows({"kind": "actor", "actor": "board", "actor_name": "Board"})
    desk.newsroom.actors.mandate(desk.anna(), "ann", "board", "Chair")
    with pytest.raises(Refused, match="speaks for nobody else"):
        desk.newsroom.actors.classify(desk.anna(), "ann", "collective")
