"""How alike two texts of the inbox are: the share of the shorter one's runs of words in the other.

Of all runs those are kept whose hash is divisible by `EACH`: the same ones of every text, so that
what two samples share tells what the texts do (Broder, On the resemblance and containment of
documents, 1997). Texts with the same words, or much the same, lie under the first of them.
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
"""Words in a row by which two texts are compared."""

EACH = 8
FEWEST = 12
"""Runs that a sample needs to tell anything: a text of about a hundred words."""

MOST = 4_000
"""Runs that are kept of a text, however long it is."""

ALIKE = 0.6
"""The least share of the shorter sample that texts of one report have in common."""

MOST_HOLDERS = 50
"""Texts that may hold a run before it tells nothing of them: it is a footer, or a form."""

_WORD = re.compile(r"\w+")


class Near(msgspec.Struct, frozen=True):
    """The text that another is much like, and how much: the share from 0 to 1."""

    item: str
    share: float


def runs_of(text: str) -> set[int]:
    """Return a sample of the runs of words of a text, as numbers; none of a short one."""
    words = _WORD.findall(text.casefold())
    runs = {_number(words[at : at + RUN]) for at in range(max(0, len(words) - RUN + 1))}
    found = sorted(run for run in runs if run % EACH == 0)
    return set(found[:MOST]) if len(found) >= FEWEST else set()


def keep_runs(conn: Connection, item: str, runs: Collection[int]) -> None:
    """Keep the sample of a text."""
    if runs:
        conn.execute(insert(inbox_runs), [{"item": item, "run": run} for run in runs])


def drop_runs(conn: Connection, items: Collection[str] | Select[tuple[str]]) -> None:
    """Let go of the samples of texts."""
    conn.execute(delete(inbox_runs).where(inbox_runs.c.item.in_(items)))


def nearest(conn: Connection, runs: Collection[int], trays: Iterable[str]) -> Near | None:
    """Return the first item in one of these trays that is most like a text, if any is alike."""
    if not runs:
        return None
    telling = _telling(conn, runs)
    root = func.coalesce(func.nullif(inbox.c.same_as, ""), inbox.c.id)
    asked = select(inbox_runs.c.item, root.label("root"), func.count().label("shared"))
    asked = asked.join(inbox, inbox.c.id == inbox_runs.c.item).where(inbox_runs.c.run.in_(telling))
    rows = conn.execute(asked.group_by(inbox_runs.c.item, root)).all() if telling else []
    sizes = _sizes(conn, [row.item for row in rows])
    shares: Counter[str] = Counter()
    for row in rows:
        share = row.shared / min(sizes[row.item], len(runs))
        shares[row.root] = max(shares[row.root], share)
    waiting = _lying_in(conn, [one for one, share in shares.items() if share >= ALIKE], trays)
    found = max(waiting, key=lambda one: (shares[one], one), default=None)
    return Near(found, shares[found]) if found else None


def shares(conn: Connection, items: Collection[str]) -> dict[str, float]:
    """Return of folded items which share of the shorter text they have in common with the first.

    Those whose samples are gone are left out.
    """
    own, first = inbox_runs.alias("own"), inbox_runs.alias("first")
    asked = (
        select(inbox.c.id, inbox.c.same_as, func.count().label("shared"))
        .join(own, own.c.item == inbox.c.id)
        .join(first, (first.c.item == inbox.c.same_as) & (first.c.run == own.c.run))
        .where(inbox.c.id.in_(list(items)))
        .group_by(inbox.c.id, inbox.c.same_as)
    )
    rows = conn.execute(asked).all()
    sizes = _sizes(conn, [name for row in rows for name in (row.id, row.same_as)])
    return {row.id: row.shared / min(sizes[row.id], sizes[row.same_as]) for row in rows}


def _number(words: list[str]) -> int:
    # Seven bytes fit into a column of 64 bits with a sign.
    return int.from_bytes(blake2b(" ".join(words).encode(), digest_size=7).digest())


def _telling(conn: Connection, runs: Collection[int]) -> list[int]:
    """Return those of the runs that a few texts hold."""
    run = inbox_runs.c.run
    asked = select(run).where(run.in_(list(runs))).group_by(run)
    return list(conn.execute(asked.having(func.count() <= MOST_HOLDERS)).scalars())


def _sizes(conn: Connection, items: Collection[str]) -> dict[str, int]:
    item = inbox_runs.c.item
    asked = select(item, func.count()).where(item.in_(list(items))).group_by(item)
    return {name: size for name, size in conn.execute(asked)}  # noqa: C416 - rows are no pairs


def _lying_in(conn: Connection, items: list[str], trays: Iterable[str]) -> list[str]:
    places = or_(*(inbox.c.tray == tray for tray in trays))
    asked = select(inbox.c.id).where(inbox.c.id.in_(items), inbox.c.same_as == "", places)
    return list(conn.execute(asked).scalars())


TELLING = 40
"""Words from which on two texts are held against each other."""

_OF_WORDS = re.compile(r"\w+")
_columns = inbox.c


def digest_of(text: str) -> str:
    """Return what two texts with the same words have in common; empty for a few words alone."""
    words = _OF_WORDS.findall(text.casefold())
    return sha256(" ".join(words).encode()).hexdigest() if len(words) >= TELLING else ""


def first_like(
    conn: Connection, digest: str, document: str, runs: Collection[int], trays: Collection[str]
) -> str | None:
    """Return the id of the text under which another is folded: of its words, or of its source.

    Else it is one in these trays with much the same words, by its ``runs``.
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
    """Give a text to an item that waits without one; return its id, if it does."""
    here = _columns.id == item, _columns.text == "", _columns.tray.in_(trays)
    found = list(conn.execute(select(_columns.id).where(*here)).scalars()) if text else []
    conn.execute(update(inbox).where(_columns.id.in_(found)).values(text=text, digest=digest))
    return found


def unfold(conn: Connection, gone: list[str]) -> None:
    """Let those stand by themselves that are only much like what goes: they say other words."""
    asked = select(_columns.id, _columns.digest)
    firsts = {row.digest for row in conn.execute(asked.where(_columns.id.in_(gone)))}
    folded = asked.where(_columns.same_as.in_(gone), _columns.id.not_in(gone))
    other = [row.id for row in conn.execute(folded) if row.digest not in firsts or not row.digest]
    conn.execute(update(inbox).where(_columns.id.in_(other)).values(same_as=""))
