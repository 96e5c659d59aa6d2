"""Texts that are being coded, and decisions on their passages that no event has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import delete, select

from timeline.desk.part import DeskPart
from timeline.desk.tables import decisions, make_room, put, text_stories, texts
from timeline.domain.messages import Message

if TYPE_CHECKING:
    from timeline.desk.erased_words import ErasedWords

TOO_MANY_TEXTS = Message(
    "too_many_texts",
    "%(count)s texts wait on the desk, and no more are kept",
    fix="code or remove one first",
)

MOST = 200
"""The most texts on a desk; each may be as long as a text on record."""

NOTHING = 0
"""The number for a passage that holds nothing to record."""


class TextHeader(msgspec.Struct, frozen=True, kw_only=True):
    """A text as a list shows it; ``imprint`` has the fields of its source by their names in forms.

    ``document`` is the id under which the source is filed, or will be.
    """

    document: str
    added_by: str
    added_at: int
    imprint: dict[str, str]


class DeskText(TextHeader, frozen=True, kw_only=True):
    """A text with all its words."""

    text: str


class Decision(msgspec.Struct, frozen=True):
    """A decision on a passage: it holds the development with a ``number``, or nothing to record."""

    start: int
    end: int
    exact: str
    number: int
    decided_by: str


_imprint = msgspec.json.Decoder(dict[str, str]).decode


class Texts(DeskPart):
    """Keeps texts for everybody at the desk, until something of them is on record."""

    def keep(self, new: DeskText) -> None:
        """Keep a text in place of an earlier one; raises `Refused` for one too many."""
        with self._writing() as conn:
            make_room(conn, texts.c.document != new.document, MOST, TOO_MANY_TEXTS, "text")
            put(
                conn,
                texts,
                msgspec.structs.asdict(new)
                | {"imprint": msgspec.json.encode(new.imprint).decode()},
            )

    def find(self, document: str) -> DeskText | None:
        """Return the text of a source, if it is on the desk."""
        row = self._row(select(texts).where(texts.c.document == document))
        return DeskText(**_fields(row)) if row else None

    def waiting(self) -> list[TextHeader]:
        """Return the texts without anything on record, the newest first."""
        columns = (texts.c.document, texts.c.added_by, texts.c.added_at, texts.c.imprint)
        query = select(*columns).order_by(texts.c.added_at.desc(), texts.c.document)
        rows = self._rows(query)
        return [TextHeader(**_fields(row)) for row in rows]

    def discard(self, document: str) -> None:
        """Remove a text; a missing one is ignored. Decisions on it stay."""
        self._run(delete(texts).where(texts.c.document == document))

    def forget(self, erased: ErasedWords) -> int:
        """Remove texts with erased words, and decisions on such passages.

        Returns how many texts there were.
        """
        table, passages = texts.c, decisions.c
        with self._writing() as conn:
            rows = conn.execute(select(table.document, table.imprint, table.text)).all()
            removed = [
                row.document
                for row in rows
                if row.document == erased.thing
                or erased.is_in(row.text, *_imprint(row.imprint).values())
            ]
            conn.execute(delete(texts).where(table.document.in_(removed)))
            exact = conn.execute(select(passages.exact).distinct()).scalars()
            erased_passages = [words for words in exact if erased.is_in(words)]
            of_source = passages.document == erased.thing
            conn.execute(delete(decisions).where(of_source | passages.exact.in_(erased_passages)))
            stories = text_stories.c
            condition = stories.document.in_([*removed, erased.thing]) | (
                stories.story == erased.thing
            )
            conn.execute(delete(text_stories).where(condition))
        return len(removed)

    def tie(self, document: str, story: str, by: str, now: int) -> None:
        """Set the story (by id) of a text; an empty one removes it."""
        row = {"document": document, "story": story, "decided_by": by, "decided_at": now}
        with self._writing() as conn:
            if story:
                put(conn, text_stories, row)
            else:
                conn.execute(delete(text_stories).where(text_stories.c.document == document))

    def story_of(self, document: str) -> str:
        """Return the id of the story of a text, empty if there is none."""
        query = select(text_stories.c.story).where(text_stories.c.document == document)
        return self._value(query) or ""

    def decide(self, document: str, decision: Decision, now: int) -> None:
        """Keep a decision on a passage, in place of an earlier one."""
        place = {"document": document, "starts": decision.start, "ends": decision.end}
        what = {"exact": decision.exact, "number": decision.number}
        row = place | what | {"decided_by": decision.decided_by, "decided_at": now}
        with self._writing() as conn:
            put(conn, decisions, row)

    def undecide(self, document: str, start: int, end: int) -> None:
        """Remove the decision on a passage."""
        self._run(delete(decisions).where(*_key_is(document, start, end)))

    def decided(self, document: str) -> list[Decision]:
        """Return the decisions on the passages of a text, by place."""
        table = decisions.c
        query = select(table.starts, table.ends, table.exact, table.number, table.decided_by)
        order = (table.starts, table.ends)
        rows = self._rows(query.where(table.document == document).order_by(*order))
        return [Decision(*row) for row in rows]


def _fields(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of any query
    columns = dict(row._mapping)
    return columns | {"imprint": _imprint(columns["imprint"])}


def _key_is(document: str, start: int, end: int) -> tuple[Any, ...]:
    table = decisions.c
    return (table.document == document, table.starts == start, table.ends == end)
