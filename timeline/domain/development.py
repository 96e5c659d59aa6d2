"""A development: something that happened or was announced; it takes no stance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from timeline.domain.entry import (
    LINKS,
    Corrected,
    Entry,
    EntryEvents,
    Linked,
    Reinstated,
    Retracted,
    Seconded,
    Unlinked,
)
from timeline.domain.errors import Refused, check_choice
from timeline.domain.event import Content, Event, Redacted, own_fields
from timeline.domain.messages import Message
from timeline.domain.translation import Translated

if TYPE_CHECKING:
    from collections.abc import Mapping

DEVELOPMENT_TITLE_MISSING = Message(
    "development_title_missing", "the development has no title", fix="say in one line what happened"
)
DEVELOPMENT_TOPIC_MISSING = Message(
    "development_topic_missing", "the development bears on no topic", fix="name at least one topic"
)
UNKNOWN_STATUS = Message(
    "unknown_status", "there is no status %(status)s", fix="use one of: %(choices)s"
)

STATUSES = ("claimed", "confirmed", "disputed", "announced")


class Headline(Content, frozen=True):
    """What happened, in one line and, if need be, in a few more."""

    title: str
    summary: str = ""


class DevelopmentRecorded(Event, frozen=True, kw_only=True):
    """``topics`` are ids; ``according_to`` is the id of the actor who says so, if one does."""

    TOPIC = "development.recorded"
    VERSION = 2
    topics: tuple[str, ...]
    happened_at: str
    status: str
    according_to: str | None = None
    document: str
    content: Headline | None = None


class DevelopmentCorrected(Corrected, frozen=True):
    TOPIC = "development.corrected"


class DevelopmentTranslated(Translated, frozen=True):
    TOPIC = "development.translated"


class DevelopmentRetracted(Retracted, frozen=True):
    TOPIC = "development.retracted"


class DevelopmentReinstated(Reinstated, frozen=True):
    TOPIC = "development.reinstated"


class DevelopmentSeconded(Seconded, frozen=True):
    TOPIC = "development.seconded"


class DevelopmentLinked(Linked, frozen=True):
    TOPIC = "development.linked"


class DevelopmentUnlinked(Unlinked, frozen=True):
    TOPIC = "development.unlinked"


class DevelopmentRedacted(Redacted, frozen=True):
    TOPIC = "development.redacted"


class Development(Entry):
    """Decides what may be recorded of one development."""

    LINKS: ClassVar = tuple(kind for kind in LINKS if kind != "withdraws")
    EVENTS: ClassVar[EntryEvents] = EntryEvents(
        DevelopmentCorrected,
        DevelopmentRetracted,
        DevelopmentReinstated,
        DevelopmentSeconded,
        DevelopmentLinked,
        DevelopmentUnlinked,
    )
    CODED: ClassVar = own_fields(DevelopmentRecorded)
    WORDS: ClassVar = own_fields(Headline)
    OWN_WORDS: ClassVar = WORDS
    TRANSLATED = DevelopmentTranslated
    REDACTED = DevelopmentRedacted

    def _check_fields(self, fields: dict[str, Any], sources: Mapping[str, str]) -> None:  # noqa: ARG002
        title = "erased" if self.redacted else fields["title"]
        check_development(fields["topics"], fields["status"], title)

    def _apply(self, event: Event) -> None:
        super()._apply(event)
        if isinstance(event, DevelopmentRecorded):
            words = event.content or Headline(title="")
            coded = {name: getattr(event, name) for name in self.CODED}
            self.fields = coded | {name: getattr(words, name) for name in self.WORDS}
            self.sources[event.document] = "reported"


def record_development(event: DevelopmentRecorded) -> DevelopmentRecorded:
    """Decide the first event of a development; raises `Refused` where a rule says no."""
    check_development(event.topics, event.status, event.content.title if event.content else "")
    return event


def check_development(topics: tuple[str, ...], status: str, title: str) -> None:
    """Raise `Refused` unless it has a title, a topic and a known status."""
    if not title.strip():
        raise Refused(DEVELOPMENT_TITLE_MISSING, field="title")
    if not topics:
        raise Refused(DEVELOPMENT_TOPIC_MISSING, field="topics")
    check_choice(UNKNOWN_STATUS, STATUSES, field="status", status=status)
