"""Texts that are being coded, and what was decided on their passages that no event tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import delete, func, select

from timeline.desk.part import DeskPart
from timeline.desk.tables import decisions, put, text_stories, texts
from timeline.domain.errors import Refused
from timeline.domain.messages import Message

if TYPE_CHECKING:
    from timeline.desk.sought import Sought

TOO_MANY_TEXTS = Message(
    "too_many_texts",
    "%(count)s texts wait on the desk, and no more are kept",
    fix="code or remove one first",
)

MOST = 200
"""Texts that lie on a desk: each may be as long as a text on record."""

NOTHING = 0
"""Stands for the number of what a passage does not hold."""


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A text as a list shows it; ``imprint`` has the fields of its source by their names in forms.

    ``document`` is the id under which the source is filed, or will be.
    """

    document: str
    added_by: str
    added_at: int
    imprint: dict[str, str]


class DeskText(Waiting, frozen=True, kw_only=True):
    """A text with all its words."""

    text: str


class Decision(msgspec.Struct, frozen=True):
    """What the passage ``exact`` holds: a development of this ``number``, or nothing to record."""

    start: int
    end: int
    exact: str
    number: int
    decided_by: str


_imprint = msgspec.json.Decoder(dict[str, str]).decode


class Texts(DeskPart):
    """Keeps texts for everybody at the desk until something of them is on record."""

    def keep(self, kept: DeskText) -> None:
        """Keep a text in place of an earlier one; raises `Refused` for one too many."""
        with self._writing() as conn:
            others = texts.c.document != kept.document
            count = conn.execute(select(func.count()).where(others)).scalar_one()
            if count >= MOST:
                raise Refused(TOO_MANY_TEXTS, field="text", count=count)
            put(conn, texts, msgspec.structs.asdict(kept) | {"imprint": _json(kept.imprint)})

    def find(self, document: str) -> DeskText | None:
        """Return the text of a source, if it lies on the desk."""
        row = self._row(select(texts).where(texts.c.document == document))
        return DeskText(**_fields(row)) if row else None

    def waiting(self) -> list[Waiting]:
        """Return the texts of which nothing is on record yet, the newest first."""
        shown = (texts.c.document, texts.c.added_by, texts.c.added_at, texts.c.imprint)
        asked = select(*shown).order_by(texts.c.added_at.desc(), texts.c.document)
        rows = self._rows(asked)
        return [Waiting(**_fields(row)) for row in rows]

    def discard(self, document: str) -> None:
        """Remove a text; one that is not there is fine. What was decided on it stays."""
        self._do(delete(texts).where(texts.c.document == document))

    def forget(self, sought: Sought) -> int:
        """Remove the texts that hold these words, and what was decided on such passages.

        Returns how many texts there were.
        """
        table, passages = texts.c, decisions.c
        with self._writing() as conn:
            held = conn.execute(select(table.document, table.imprint, table.text)).all()
            gone = [
                row.document
                for row in held
                if row.document == sought.thing
                or sought.is_in(row.text, *_imprint(row.imprint).values())
            ]
            conn.execute(delete(texts).where(table.document.in_(gone)))
            exact = conn.execute(select(passages.exact).distinct()).scalars()
            told = [one for one in exact if sought.is_in(one)]
            of_it = passages.document == sought.thing
            conn.execute(delete(decisions).where(of_it | passages.exact.in_(told)))
            tied = text_stories.c
            away = tied.document.in_([*gone, sought.thing]) | (tied.story == sought.thing)
            conn.execute(delete(text_stories).where(away))
        return len(gone)

    def tie(self, document: str, story: str, by: str, now: int) -> None:
        """Keep to which story (by id) a text belongs; an empty one takes that back."""
        row = {"document": document, "story": story, "decided_by": by, "decided_at": now}
        with self._writing() as conn:
            if story:
                put(conn, text_stories, row)
            else:
                conn.execute(delete(text_stories).where(text_stories.c.document == document))

    def story_of(self, document: str) -> str:
        """Return the id of the story to which a text belongs, empty where nobody said so."""
        asked = select(text_stories.c.story).where(text_stories.c.document == document)
        return self._value(asked) or ""

    def decide(self, document: str, decision: Decision, now: int) -> None:
        """Keep what a passage holds, in place of what was decided before."""
        place = {"document": document, "starts": decision.start, "ends": decision.end}
        what = {"exact": decision.exact, "number": decision.number}
        row = place | what | {"decided_by": decision.decided_by, "decided_at": now}
        with self._writing() as conn:
            put(conn, decisions, row)

    def undecide(self, document: str, start: int, end: int) -> None:
        """Take back what was decided on a passage."""
        self._do(delete(decisions).where(*_is(document, start, end)))

    def decided(self, document: str) -> list[Decision]:
        """Return what was decided on the passages of a text, by place."""
        table = decisions.c
        asked = select(table.starts, table.ends, table.exact, table.number, table.decided_by)
        order = (table.starts, table.ends)
        rows = self._rows(asked.where(table.document == document).order_by(*order))
        return [Decision(*row) for row in rows]


def _json(imprint: dict[str, str]) -> str:
    return msgspec.json.encode(imprint).decode()


def _fields(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of any query
    found = dict(row._mapping)
    return found | {"imprint": _imprint(found["imprint"])}


def _is(document: str, start: int, end: int) -> tuple[Any, ...]:
    table = decisions.c
    return (table.document == document, table.starts == start, table.ends == end)
