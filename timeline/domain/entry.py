"""What a statement and a development share: sources, corrections, retraction and links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from timeline.domain.aggregate import Redactable, command, required_reason
from timeline.domain.errors import Refused, check_choice
from timeline.domain.event import Byline, Content, Event, Note, Reason, Redacted
from timeline.domain.messages import InQuotes, Message, Word
from timeline.domain.translation import Translatable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WORDS_ERASED = Message(
    "words_erased", "the words of this entry were erased", fix="correct its coded fields only"
)
FURTHER_SOURCE_ALREADY = Message(
    "further_source_already",
    "it is a further source of this entry already",
    fix="take the further one back first",
)
NOT_RETRACTED = Message(
    "not_retracted", "the entry is not retracted", fix="there is nothing to reinstate"
)
NO_FURTHER_SOURCE = Message(
    "no_further_source",
    "that is no further source of this entry",
    fix="choose one of them, or correct the first one",
)
UNKNOWN_LINK = Message("unknown_link", "there is no link %(kind)s", fix="use one of: %(choices)s")
LINKED_TO_ITSELF = Message(
    "linked_to_itself",
    "an entry cannot be linked to itself",
    fix="give the number of another entry",
)
NO_SUCH_LINK = Message(
    "no_such_link", "there is no such link", fix="choose one of the entry's links"
)
RETRACTED_ALREADY = Message(
    "retracted_already", "the entry is retracted already", fix="reinstate it first"
)
NOT_CORRECTABLE = Message(
    "not_correctable",
    "%(name)s is not a field that can be corrected",
    fix="use one of: %(choices)s",
)
OFF_THE_RECORD = Message(
    "off_the_record",
    "what was said off the record is not recorded: nobody could check it",
    fix="what was agreed as background is second_hand, reported via its agreed label",
)
ON_BACKGROUND = Message(
    "on_background",
    "what was said on background keeps its agreed label",
    fix="use second_hand, and give the label in reported_via",
)
UNKNOWN_ATTRIBUTION = Message(
    "unknown_attribution", "there is no attribution %(attribution)s", fix="use one of: %(choices)s"
)
SECOND_HAND_UNNAMED = Message(
    "second_hand_unnamed",
    "second-hand words need the name of whoever says so",
    fix="name them as the source does",
)
NOT_PASSED_ON = Message(
    "not_passed_on",
    "%(attribution)s words are not passed on by anybody else",
    fix="leave it empty, or code them second_hand",
)

LINKS = ("contradicts", "withdraws", "answers", "repeats", "disputes")
FIRST_HAND = ("quoted", "reported", "voted", "joint")
ATTRIBUTIONS = (*FIRST_HAND, "second_hand", "ascribed")
RANKS = dict.fromkeys(FIRST_HAND, 0) | {"second_hand": 1, "ascribed": 2}
FURTHER_SOURCES = "further_sources"
"""The field of a correction that removes further sources; its values are tuples of documents."""


def strongest(attributions: Sequence[str]) -> str:
    """Return the strongest attribution that any source gives.

    Of several first-hand ones the first counts, but a quote comes before reported speech.
    """
    best = min(attributions, key=RANKS.__getitem__)
    return "quoted" if best == "reported" and "quoted" in attributions else best


class Amendment(Content, frozen=True):
    """Why a field was corrected; ``old`` and ``new`` only where the field is free text."""

    reason: str
    old: str | None = None
    new: str | None = None


class SecondSource(Content, frozen=True):
    """``reported_via`` names who says so, if the further source has it second-hand."""

    reported_via: str = ""


class Corrected(Event, frozen=True):
    """*We* recorded a field wrongly. ``old`` and ``new`` are coded values; texts are in content."""

    field: str
    old: str | int | tuple[str, ...] | None = None
    new: str | int | tuple[str, ...] | None = None
    material: bool = True
    content: Amendment | None = None


class Retracted(Event, frozen=True):
    """*We* withdraw the record; with ``withhold`` its words are no longer shown."""

    withhold: bool = False
    content: Reason | None = None


class Reinstated(Event, frozen=True):
    content: Reason | None = None


class Seconded(Event, frozen=True):
    document: str
    attribution: str
    content: SecondSource | None = None


class Linked(Event, frozen=True):
    """``target`` is the id of another statement or development."""

    kind: str
    target: str
    content: Note | None = None


class Unlinked(Event, frozen=True):
    kind: str
    target: str
    content: Reason | None = None


class EntryEvents(msgspec.Struct, frozen=True):
    """The event types of one kind of entry."""

    corrected: type[Corrected]
    retracted: type[Retracted]
    reinstated: type[Reinstated]
    seconded: type[Seconded]
    linked: type[Linked]
    unlinked: type[Unlinked]


class Entry(Translatable, Redactable):
    """Decides what may be recorded after the first record of a statement or a development.

    ``fields`` holds the current values, by the names that corrections use.
    """

    EVENTS: ClassVar[EntryEvents]
    LINKS: ClassVar[tuple[str, ...]] = LINKS
    CODED: ClassVar[tuple[str, ...]]
    WORDS: ClassVar[tuple[str, ...]]
    OWN_WORDS: ClassVar[tuple[str, ...]]
    """The fields of ``WORDS`` that we wrote; the others quote the source."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, Any] = {}
        self.retracted = False
        self.redacted = False
        self.sources: dict[str, str] = {}
        self.links: set[tuple[str, str]] = set()
        self.written_by: set[str] = set()
        """The handles of everybody who recorded or corrected it."""

    @command
    def correct(
        self, byline: Byline, changes: dict[str, Any], reason: str, *, material: bool = True
    ) -> None:
        """Correct fields that we recorded wrongly: one event for each field, all or none.

        Raises `Refused` for an unknown field, an invalid value, or new words in an entry whose
        words were erased by law.
        """
        why = required_reason(reason)
        real = {name: new for name, new in changes.items() if new != self._field(name)}
        if self.redacted and any(map(self.is_words, real)):
            raise Refused(WORDS_ERASED, field=next(iter(real)))
        if real.get("document") in self.sources:
            raise Refused(FURTHER_SOURCE_ALREADY, field="document")
        self._check_fields(self.fields | real, self.sources)
        names = self.CODED + self.WORDS
        for name in (*filter(real.__contains__, names), *sorted(real.keys() - set(names))):
            self._correct_field(byline, name, real[name], why, material=material)

    @command
    def retract(self, byline: Byline, reason: str, *, withhold: bool = False) -> None:
        """Withdraw the record; raises `Refused` if it is withdrawn already."""
        if self.retracted:
            raise Refused(RETRACTED_ALREADY)
        content = Reason(reason=required_reason(reason))
        self._record(self.EVENTS.retracted, byline, withhold=withhold, content=content)

    @command
    def reinstate(self, byline: Byline, reason: str) -> None:
        """Undo a retraction; raises `Refused` if there is none."""
        if not self.retracted:
            raise Refused(NOT_RETRACTED)
        self._record(self.EVENTS.reinstated, byline, content=Reason(reason=required_reason(reason)))

    @command
    def second(
        self, byline: Byline, document: str, attribution: str, reported_via: str = ""
    ) -> None:
        """Add a further source of the same words; a known source changes nothing."""
        check_attribution(attribution, reported_via)
        if document not in self.sources:
            self._record(
                self.EVENTS.seconded,
                byline,
                document=document,
                attribution=attribution,
                content=SecondSource(reported_via=reported_via),
            )

    @command
    def unsecond(
        self, byline: Byline, document: str, reason: str, *, material: bool = True
    ) -> None:
        """Remove a further source that was added by mistake.

        Raises `Refused` if it is no further source, or if the remaining sources would not support
        the recorded words.
        """
        why = required_reason(reason)
        if document not in self.further_sources:
            raise Refused(NO_FURTHER_SOURCE, field="source")
        rest = tuple(source for source in self.further_sources if source != document)
        self._check_fields(self.fields, {id_: self.sources[id_] for id_ in rest})
        self._record(
            self.EVENTS.corrected,
            byline,
            field=FURTHER_SOURCES,
            old=self.further_sources,
            new=rest,
            material=material,
            content=Amendment(reason=why),
        )

    @property
    def further_sources(self) -> tuple[str, ...]:
        """The ids of all source documents but the first."""
        return tuple(source for source in self.sources if source != self.fields["document"])

    @command
    def link(self, byline: Byline, kind: str, target: str, note: str = "") -> None:
        """Link to another entry; raises `Refused` for itself or an unknown kind."""
        check_choice(UNKNOWN_LINK, self.LINKS, field="link", kind=kind)
        if target == self.id:
            raise Refused(LINKED_TO_ITSELF, field="target")
        if (kind, target) not in self.links:
            self._record(
                self.EVENTS.linked, byline, kind=kind, target=target, content=Note(note=note)
            )

    @command
    def unlink(self, byline: Byline, kind: str, target: str, reason: str) -> None:
        """Remove a link; raises `Refused` if there is none."""
        if (kind, target) not in self.links:
            raise Refused(NO_SUCH_LINK, field="link")
        content = Reason(reason=required_reason(reason))
        self._record(self.EVENTS.unlinked, byline, kind=kind, target=target, content=content)

    def _check_fields(self, fields: dict[str, Any], sources: Mapping[str, str]) -> None:
        """Raise `Refused` unless the fields agree; ``sources`` are attributions by document."""
        raise NotImplementedError

    def _field(self, name: str) -> Any:  # noqa: ANN401 - a field holds text, a number or a tuple
        if name not in self.CODED and not self.is_words(name):
            raise Refused(
                NOT_CORRECTABLE,
                field=name,
                name=InQuotes(name),
                choices=", ".join(self.CODED + self.WORDS),
            )
        return self.fields.get(name, "" if self.is_words(name) else None)

    @classmethod
    def is_words(cls, name: str) -> bool:
        """Tell whether a field is free text, which a redaction erases."""
        return name in cls.WORDS

    def _correct_field(
        self,
        byline: Byline,
        name: str,
        new: Any,  # noqa: ANN401 - a field holds text, a number or a tuple
        why: str,
        *,
        material: bool,
    ) -> None:
        old = self._field(name)
        coded = {"old": old, "new": new} if name in self.CODED else {}
        words = {"old": old, "new": new} if self.is_words(name) else {}
        self._record(
            self.EVENTS.corrected,
            byline,
            field=name,
            material=material,
            content=Amendment(reason=why, **words),
            **coded,
        )

    def texts(self) -> dict[str, str]:
        """Return the current texts that we wrote, by field."""
        return {name: self.fields.get(name) or "" for name in self.OWN_WORDS}

    def _take(self, event: Event) -> None:
        super()._take(event)
        if self.version == 1 or isinstance(event, Corrected):
            self.written_by.add(event.recorded_by)

    def _apply(self, event: Event) -> None:
        super()._apply(event)
        match event:
            case Corrected(field=field) if field == FURTHER_SOURCES:
                for document in sources_taken_back(event):
                    del self.sources[document]
            case Corrected():
                words = event.content
                coded = event.field in self.CODED
                new = event.new if coded else (words.new if words else None) or ""
                self._correct_source(event.field, new)
                self.fields[event.field] = new
            case Retracted():
                self.retracted = True
            case Reinstated():
                self.retracted = False
            case Redacted():
                self.redacted = True
            case Seconded():
                self.sources[event.document] = event.attribution
            case Linked():
                self.links.add((event.kind, event.target))
            case Unlinked():
                self.links.discard((event.kind, event.target))

    def _correct_source(self, field: str, new: Any) -> None:  # noqa: ANN401 - as in `_field`
        if field == "document":
            self.sources[new] = self.sources.pop(self.fields["document"])
        elif field == "attribution":
            self.sources[self.fields["document"]] = new


def sources_taken_back(event: Corrected) -> set[str]:
    """Return the documents that a correction removes from the further sources; mostly none."""
    if event.field != FURTHER_SOURCES:
        return set()
    old, new = event.old, event.new
    return set(old if isinstance(old, tuple) else ()) - set(new if isinstance(new, tuple) else ())


SECRET = {
    "off the record": OFF_THE_RECORD,
    "unter drei": OFF_THE_RECORD,
    "background": ON_BACKGROUND,
    "on background": ON_BACKGROUND,
    "unter zwei": ON_BACKGROUND,
}
"""Agreements with sources that are no attribution, in English and German."""


def check_attribution(attribution: str, reported_via: str) -> None:
    """Raise `Refused` unless the attribution exists and names a required go-between."""
    if attribution not in ATTRIBUTIONS:
        if secret := SECRET.get(attribution.strip().lower().replace("-", " ").replace("_", " ")):
            raise Refused(secret, field="attribution")
        raise Refused(
            UNKNOWN_ATTRIBUTION,
            field="attribution",
            attribution=InQuotes(attribution),
            choices=", ".join(ATTRIBUTIONS),
        )
    if attribution == "second_hand" and not reported_via:
        raise Refused(SECOND_HAND_UNNAMED, field="reported_via")
    if reported_via and attribution != "second_hand":
        raise Refused(NOT_PASSED_ON, field="reported_via", attribution=Word(attribution))
