"""Corrections, retractions, reinstatements and replies, each as a notice to readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.document import WORDS, DocumentCorrected
from timeline.domain.instants import DAY, MICROSECONDS
from timeline.interchange.native.readable import readable_event
from timeline.projections.queries import entries
from timeline.projections.queries.corrections import material_on
from timeline.projections.queries.entries import StatementEntry
from timeline.projections.queries.withheld import hidden_numbers, withheld_documents
from timeline.projections.tables import kinds
from web.i18n import dates
from web.i18n.languages import direction
from web.i18n.translate import gettext
from web.wording import stances
from web.wording.amendments import (
    correction_in_words,
    field_name,
    show_amendment,
    source_field_name,
    source_value,
)
from web.wording.names import Names

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from timeline.projections.queries.attached import Amendment, Reply
    from timeline.projections.queries.directory import Topic
    from timeline.projections.queries.documents import Document
    from timeline.projections.queries.entries import Entry

STANDS_FOR = 30
"""Days for which a material correction is shown above its topic's page."""

MOST = 3
"""The most corrections above a topic's page; of more only the newest is shown."""


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A notice in words; ``number`` is that of the entry, 0 for a corrected source.

    ``field`` names what was corrected.
    """

    position: int
    kind: str
    title: str
    material: bool
    number: int
    about: str
    topic: Topic | None
    when: str
    machine: str
    by: str
    what: str
    reason: str
    field: str = ""
    reply: str = ""
    reply_lang: str = ""
    reply_dir: str = "ltr"
    replied: str = ""


class Strip(msgspec.Struct, frozen=True):
    """The corrections above a topic's page, and how many more there are."""

    notices: list[Notice]
    more: int


def corrections_strip(conn: Connection, topic: Topic, *, now: int) -> Strip:
    """Read the material corrections of a topic's last days; ``now`` is in seconds."""
    hidden = hidden_numbers(conn)
    since = (now - STANDS_FOR * DAY) * MICROSECONDS
    amendments = [
        amendment
        for amendment in material_on(conn, topic.id, since=since)
        if amendment.number not in hidden
    ]
    shown = amendments[: MOST if len(amendments) <= MOST else 1]
    teller = NoticeWriter(conn, {amendment.number for amendment in shown})
    return Strip([teller.amended(amendment) for amendment in shown], len(amendments) - len(shown))


class NoticeWriter:
    """Writes notices; each entry is read once."""

    def __init__(self, conn: Connection, numbers: set[int]) -> None:
        self._conn = conn
        self._entries: dict[int, Entry] = {}
        self._entries |= entries.statements(conn, numbers)
        self._entries |= entries.developments(conn, numbers - self._entries.keys())
        self._names = Names(conn, self._entries.values())

    def amended(self, amendment: Amendment) -> Notice:
        """Tell of a correction, a retraction or a reinstatement."""
        entry = self._entries.get(amendment.number)
        topic = self._topic(entry)
        scale = topic.scale if topic else None
        shown = show_amendment(
            amendment, scale, self._names, withheld=entry is None or entry.withheld
        )
        return Notice(
            position=amendment.position,
            kind=amendment.kind,
            title=_title(amendment.kind),
            material=amendment.material,
            number=amendment.number,
            about=self._about(entry),
            topic=topic,
            when=shown.when,
            machine=dates.machine_us(amendment.recorded_at),
            by=amendment.recorded_by,
            what=shown.what if entry else "",
            reason=amendment.reason,
            field=field_name(amendment.field) if amendment.field and entry else "",
        )

    def replied(self, reply: Reply, recorded_at: int, by: str) -> Notice:
        """Tell of a reply, in full."""
        entry = self._entries.get(reply.number)
        return Notice(
            position=reply.position,
            kind="replied",
            title=gettext("Reply"),
            material=False,
            number=reply.number,
            about=self._about(entry),
            topic=self._topic(entry),
            when=dates.moment_us(recorded_at),
            machine=dates.machine_us(recorded_at),
            by=by,
            what="",
            reason="",
            reply=reply.text,
            reply_lang=reply.lang,
            reply_dir=direction(reply.lang),
            replied=dates.said(reply.replied_at),
        )

    def source(self, event: DocumentCorrected, position: int) -> Notice:
        """Tell of a corrected source, on which statements of any topic may rest."""
        document = self._names.document(event.originator_id)
        hidden = bool(withheld_documents(self._conn, {event.originator_id}))
        fields = readable_event(event, withheld=hidden)
        fields |= fields.get("content", {})
        return Notice(
            position=position,
            kind="corrected",
            title=gettext("Source corrected"),
            material=event.material,
            number=0,
            about=gettext("The words are withheld.") if hidden else _called(document),
            topic=None,
            when=dates.moment_us(event.recorded_at),
            machine=dates.machine_us(event.recorded_at),
            by=event.recorded_by,
            what=correction_in_words(
                source_field_name(event.field),
                source_value(event.field, fields.get("old") or ""),
                source_value(event.field, fields.get("new") or ""),
                withheld=hidden and event.field in WORDS,
            ),
            reason=fields.get("reason", ""),
            field=source_field_name(event.field),
        )

    def _topic(self, entry: Entry | None) -> Topic | None:
        if entry is None:
            return None
        if isinstance(entry, StatementEntry):
            return self._names.topic(entry.topic)
        return self._names.topic(entry.topics[0]) if entry.topics else None

    def _about(self, entry: Entry | None) -> str:
        if entry is None:
            return gettext("The words are withheld.")
        if not isinstance(entry, StatementEntry):
            return entry.title if not entry.withheld else gettext("The words are withheld.")
        word = stances.word(self._names.topic(entry.topic).scale, entry.stance)
        return f"{self._names.actor(entry.speaker).name}: {word}"


def _called(document: Document) -> str:
    return ", ".join(filter(None, (document.outlet, document.title))) or document.url


def _title(kind: str) -> str:
    words = {
        "corrected": gettext("Corrected"),
        "retracted": gettext("Retracted"),
        "reinstated": gettext("Reinstated"),
        kinds.REPLY_RETRACTED: gettext("Reply taken back"),
    }
    return words[kind]
