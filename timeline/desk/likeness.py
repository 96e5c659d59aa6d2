"""Measure how similar two texts are: the share of the shorter one's word runs in the other.

Only runs whose hash is divisible by `EACH` are kept: the same sample for every text, so that the
overlap of two samples estimates that of the texts (Broder, On the resemblance and containment of
documents, 1997). Texts with the same or similar words are folded under the first of them.
"""

from __future__ import annotations

import re
from collections import Counter
from hashlib import blake2b, sha256
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import and_, delete, func, insert, or_, select, update

from timeline.desk.tables import inbox, inbox_runs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Connection, Select


RUN = 5
"""How many words in a row make a run."""

EACH = 8
FEWEST = 12
"""The fewest runs of a useful sample: that of a text of about a hundred words."""

MOST = 4_000
"""The most runs that are kept of a text, however long it is."""

ALIKE = 0.6
"""Texts count as one report from this share of the shorter sample on."""

MOST_HOLDERS = 50
"""A run in more texts than this is ignored: it is a footer, or a form."""

_WORD = re.compile(r"\w+")


class NearestText(msgspec.Struct, frozen=True):
    """The most similar text, and the share from 0 to 1."""

    item: str
    share: float


def runs_of(text: str) -> set[int]:
    """Return a sample of the word runs of a text, as numbers; none for a short one."""
    words = _WORD.findall(text.casefold())
    runs = {_number(words[at : at + RUN]) for at in range(max(0, len(words) - RUN + 1))}
    sample = sorted(run for run in runs if run % EACH == 0)
    return set(sample[:MOST]) if len(sample) >= FEWEST else set()


def keep_runs(conn: Connection, item: str, runs: Collection[int]) -> None:
    """Keep the sample of a text."""
    if runs:
        conn.execute(insert(inbox_runs), [{"item": item, "run": run} for run in runs])


def drop_runs(conn: Connection, items: Collection[str] | Select[tuple[str]]) -> None:
    """Remove the samples of texts."""
    conn.execute(delete(inbox_runs).where(inbox_runs.c.item.in_(items)))


def nearest(conn: Connection, runs: Collection[int], trays: Iterable[str]) -> NearestText | None:
    """Return the item in these trays that is most similar to a text, if any is similar enough."""
    if not runs:
        return None
    rare_runs = _rare_runs(conn, runs)
    root = func.coalesce(func.nullif(inbox.c.same_as, ""), inbox.c.id)
    query = select(inbox_runs.c.item, root.label("root"), func.count().label("shared"))
    query = query.join(inbox, inbox.c.id == inbox_runs.c.item).where(
        inbox_runs.c.run.in_(rare_runs)
    )
    rows = conn.execute(query.group_by(inbox_runs.c.item, root)).all() if rare_runs else []
    sizes = _sizes(conn, [row.item for row in rows])
    shares: Counter[str] = Counter()
    for row in rows:
        share = row.shared / min(sizes[row.item], len(runs))
        shares[row.root] = max(shares[row.root], share)
    candidates = _in_trays(conn, [item for item, share in shares.items() if share >= ALIKE], trays)
    best = max(candidates, key=lambda item: (shares[item], item), default=None)
    return NearestText(best, shares[best]) if best else None


def shares(conn: Connection, items: Collection[str]) -> dict[str, float]:
    """Return the share of words that folded items have in common with the first.

    Items without a sample are left out.
    """
    own, first = inbox_runs.alias("own"), inbox_runs.alias("first")
    query = (
        select(inbox.c.id, inbox.c.same_as, func.count().label("shared"))
        .join(own, own.c.item == inbox.c.id)
        .join(first, (first.c.item == inbox.c.same_as) & (first.c.run == own.c.run))
        .where(inbox.c.id.in_(list(items)))
        .group_by(inbox.c.id, inbox.c.same_as)
    )
    rows = conn.execute(query).all()
    sizes = _sizes(conn, [name for row in rows for name in (row.id, row.same_as)])
    return {row.id: row.shared / min(sizes[row.id], sizes[row.same_as]) for row in rows}


def _number(words: list[str]) -> int:
    # Seven bytes fit into a column of 64 bits with a sign.
    return int.from_bytes(blake2b(" ".join(words).encode(), digest_size=7).digest())


def _rare_runs(conn: Connection, runs: Collection[int]) -> list[int]:
    """Return the runs that only a few texts have."""
    run = inbox_runs.c.run
    query = select(run).where(run.in_(list(runs))).group_by(run)
    return list(conn.execute(query.having(func.count() <= MOST_HOLDERS)).scalars())


def _sizes(conn: Connection, items: Collection[str]) -> dict[str, int]:
    item = inbox_runs.c.item
    query = select(item, func.count()).where(item.in_(list(items))).group_by(item)
    return {name: size for name, size in conn.execute(query)}  # noqa: C416 - rows are no pairs


def _in_trays(conn: Connection, items: list[str], trays: Iterable[str]) -> list[str]:
    places = or_(*(inbox.c.tray == tray for tray in trays))
    query = select(inbox.c.id).where(inbox.c.id.in_(items), inbox.c.same_as == "", places)
    return list(conn.execute(query).scalars())


TELLING = 40
"""Texts are compared from this many words on."""

_OF_WORDS = re.compile(r"\w+")
_columns = inbox.c


def digest_of(text: str) -> str:
    """Return a hash of the words of a text; empty for a short one."""
    words = _OF_WORDS.findall(text.casefold())
    return sha256(" ".join(words).encode()).hexdigest() if len(words) >= TELLING else ""


def first_like(
    conn: Connection, digest: str, document: str, runs: Collection[int], trays: Collection[str]
) -> str | None:
    """Return the id of the text to fold another under: the same words, or the same source.

    Else return a text in these trays with similar words, by its ``runs``.
    """
    words = and_(_columns.digest == digest, _columns.digest != "")
    source = and_(_columns.document == document, _columns.document != "")
    first = select(_columns.id).where(or_(words, source), _columns.same_as == "")
    same: str | None = conn.execute(first.limit(1)).scalar()
    if same is None and (near := nearest(conn, runs, tuple(trays))):
        same = near.item
    return same


def give_words(
    conn: Connection, item: str | None, text: str, digest: str, trays: Collection[str]
) -> list[str]:
    """Give a text to an item that waits without one; return the ids of such items."""
    here = _columns.id == item, _columns.text == "", _columns.tray.in_(trays)
    ids = list(conn.execute(select(_columns.id).where(*here)).scalars()) if text else []
    conn.execute(update(inbox).where(_columns.id.in_(ids)).values(text=text, digest=digest))
    return ids


def unfold(conn: Connection, removed: list[str]) -> None:
    """Unfold texts that are only similar to a removed one: their words differ."""
    query = select(_columns.id, _columns.digest)
    firsts = {row.digest for row in conn.execute(query.where(_columns.id.in_(removed)))}
    folded = query.where(_columns.same_as.in_(removed), _columns.id.not_in(removed))
    others = [row.id for row in conn.execute(folded) if row.digest not in firsts or not row.digest]
    conn.execute(update(inbox).where(_columns.id.in_(others)).values(same_as=""))
