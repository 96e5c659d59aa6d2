"""Whether a time is known to have been watched: without a word on it, nobody knows."""

from __future__ import annotations

from timeline.projections.queries.coverage import EVERYBODY, Coverage


def test_a_time_is_watched_only_if_it_is_said_of_all_of_it() -> None:
    watched = Coverage({"a": ((100, 200), (300, None)), EVERYBODY: ((500, None),)})
    assert watched.is_watched(110, 190, "a")
    assert watched.is_watched(300, 10_000, "a")
    assert not watched.is_watched(150, 250, "a")
    assert watched.is_watched(500, 600, "b")
    assert not watched.is_watched(400, 600, "b")


def test_of_what_nobody_spoke_nobody_knows_whether_it_was_watched() -> None:
    assert not Coverage().is_watched(100, 200, "a")
    assert not Coverage().gaps("a")
