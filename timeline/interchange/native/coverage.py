"""Coverage in files and pages: actors by slug, dates as EDTF, outlets by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from timeline.application.topics import clean_watch
from timeline.domain.coverage import Watch
from timeline.domain.dates import iso_us
from timeline.domain.naming import slug_of, stable_id
from timeline.interchange.native.fields import parse_stated

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from timeline.projections.queries.coverage import KnownWatch

COVERAGE = "coverage"


class StatedWatch(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """A watch: without an ``actor`` for everybody, without ``until`` still going on.

    Without ``how`` it does not say whether somebody followed, searched or saw everything.
    """

    since: str
    outlets: tuple[str, ...]
    until: str = ""
    actor: str = ""
    how: str = ""
    note: str = ""


class WatchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A watch in the API, on record since the log ``position``.

    ``watched`` is null if the names of the places were erased by law.
    """

    number: int
    position: int
    recorded_at: str
    watched: StatedWatch | None


def answer_watch(watch: KnownWatch, slugs: Mapping[str, str]) -> WatchAnswer:
    """Return a watch for the API; ``slugs`` are those of actors by id."""
    stated = state_coverage([watch.watch], slugs)
    return WatchAnswer(
        number=watch.number,
        position=watch.known_from,
        recorded_at=iso_us(watch.recorded_at),
        watched=stated[0] if stated else None,
    )


def read_coverage(value: Any) -> list[Watch]:  # noqa: ANN401 - JSON holds any value
    """Return the watches in a line; raises `Refused` if they are malformed."""
    stated = parse_stated(value, list[StatedWatch], COVERAGE)
    return [_watch(watch) for watch in stated]


def state_coverage(watches: Iterable[Watch], slugs: Mapping[str, str]) -> list[StatedWatch]:
    """Return watches for files; ``slugs`` are those of actors by id. Erased ones are left out."""
    return [
        StatedWatch(
            since=watch.since,
            until=watch.until or "",
            actor=slugs.get(watch.actor or "", ""),
            how=watch.how,
            outlets=watch.outlets,
            note=watch.note,
        )
        for watch in watches
        if watch.outlets and (watch.actor is None or watch.actor in slugs)
    ]


def _watch(stated: StatedWatch) -> Watch:
    actor = stable_id("actor", slug_of(stated.actor)) if stated.actor else None
    return clean_watch(Watch(**msgspec.structs.asdict(stated)), actor)
