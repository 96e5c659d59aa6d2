"""What waits for an editor: each change once, the most consequential first, as derived anew."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from tests.support.store_copies import copied
from timeline.bootstrap import open_store
from timeline.domain.nature import VOTE
from timeline.domain.position import edition2
from timeline.projections.queries import directory
from timeline.projections.queries.edition2 import read_evidence
from timeline.projections.queries.verdicts import verdicts
from timeline.projections.queries.waiting import KINDS, change_basis, unsigned_changes

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from timeline.bootstrap import Services
    from timeline.projections.queries.waiting import UnsignedChange


def derived(conn: Connection, *, shades: bool) -> set[tuple[str, object]]:
    """Return what waits by the rule alone, with its topic."""
    found: set[tuple[str, object]] = set()
    for topic in directory.topics(conn):
        record = read_evidence(conn, topic).record
        if record.topic.asks == VOTE:
            continue
        every = edition2.changes(record)
        if shades and not record.topic.recurring:
            every += edition2.findings(record).shades
        found |= {
            (topic.id, (change.kind, change.before, change.after))
            for change in every
            if _waits(change)
        }
    return found


def _waits(one: object) -> bool:
    return getattr(one, "status", "") == "waiting"


def reopen(services: Services) -> None:
    """Take back all that editors said of changes."""
    with services.models.engine().connect() as conn:
        said = verdicts(conn)
    for verdict in said:
        byline = services.newsroom.byline("anna")
        services.newsroom.changes.reopen(byline, verdict.ends, "Looked at again.")
    services.models.catch_up()


def test_what_waits_in_the_demo_is_what_the_rule_finds_waiting(
    whole_demo_original: str, tmp_path: Path
) -> None:
    with (
        copied(whole_demo_original, tmp_path) as url,
        closing(open_store(url)) as services,
    ):
        reopen(services)
        with services.models.engine().connect() as conn:
            for shades in (False, True):
                changes = unsigned_changes(conn, shades=shades)
                assert {ends_of(change) for change in changes} == derived(conn, shades=shades)
                assert len(changes) == len({ends_of(change) for change in changes}) > len(KINDS)
                assert [change.place for change in changes] == sorted(
                    change.place for change in changes
                )
            for one in changes:
                basis = change_basis(conn, one)
                assert all(basis.terms[name] for name in (*one.change.appeared, *one.change.gone))


def ends_of(change: UnsignedChange) -> tuple[str, object]:
    """Return what tells a change from others, with its topic."""
    return change.topic, (change.change.kind, change.change.before, change.change.after)
