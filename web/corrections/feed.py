"""The latest corrections, retractions and replies as a feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.naming import keyed_id
from web.i18n.translate import gettext
from web.shell.feeds import Entry, Feed, as_recorded
from web.shell.request import this_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from web.corrections.folding import Run
    from web.entries.notices import Notice


def corrections_feed(conn: Connection, runs: list[Run]) -> Feed:
    """Return them, latest first, each leading to its entry; like ones are one."""
    updated = runs[0].head.machine if runs else as_recorded(conn)
    return Feed(gettext("Corrections"), updated, [one for run in runs for one in _entries(run)])


def _entries(run: Run) -> Iterator[Entry]:
    if run.is_folded:
        yield _entry(run.head, run.notices[-1], f"{run.head.title}: {run.in_words}")
    else:
        for one in run.notices:
            yield _entry(one, one, f"{one.title}: {one.about}")


def _entry(one: Notice, first: Notice, title: str) -> Entry:
    """Return an entry, known by the first of those that it stands for."""
    told = ". ".join(part.rstrip(".") for part in (one.what, one.reason, one.reply) if part)
    place = f"s/{one.number}" if one.number else f"corrections#e{one.position}"
    return Entry(
        id=f"urn:uuid:{keyed_id('correction', str(first.position))}",
        title=title,
        text=told or one.title,
        published=first.machine,
        updated=one.machine,
        page=f"{this_request().host}{place}",
    )
