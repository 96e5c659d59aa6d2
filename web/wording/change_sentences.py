"""Changes in a sentence: the one that an editor signed, else a computed one."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import MICROSECONDS
from timeline.domain.position import MIXED
from timeline.projections.queries import entries
from timeline.projections.queries.change_answers import signatures
from timeline.projections.queries.entries import order_is_open
from timeline.projections.queries.tracks import topic_evidence
from web.i18n import dates
from web.i18n.translate import gettext, translator
from web.wording.changes import (
    DERIVED,
    WordedChange,
    naming_conditions,
    pattern_of,
    proofs_needed,
    sentence,
    stated,
)
from web.wording.grammar import capitalised
from web.wording.when import changed_at, dates_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Connection

    from timeline.domain.position import Change
    from timeline.projections.queries.entries import StatementEntry
    from timeline.projections.queries.positions import LaneChange
    from web.wording.names import Names


class SignedWords(msgspec.Struct, frozen=True):
    """What an editor signed on the day ``on``, in the language ``lang``.

    It is the reader's language if the editor signed in it, else that of the record. ``words`` are
    empty if they are the sentence that is shown.
    """

    words: str
    caveat: str
    on: str
    lang: str


class ChangeSentence(msgspec.Struct, frozen=True):
    """A change in one sentence, with its full stop; ``signed`` where an editor signed it.

    The sentence is the editor's if they signed in the reader's language. ``brief`` is always a
    computed one, for headings; where an editor signed, it has no qualifications. ``derived`` if no
    editor signed it: the topic prints changes as the rule derives them. ``notes`` are
    qualifications that the sentence may lack.
    """

    text: str
    signed: SignedWords | None = None
    brief: str = ""
    derived: bool = False
    notes: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """Yield what leaves the site of a change: its sentence, its caveat, and who signed it."""
        yield self.text
        if self.signed:
            yield from _signed(self.signed)
        elif self.derived:
            yield str(DERIVED)
        yield from self.notes


def _signed(signed: SignedWords) -> Iterator[str]:
    if signed.words:
        yield gettext(
            "An editor signed on %(date)s: %(words)s",
            date=signed.on,
            words=" ".join(filter(None, (signed.words, signed.caveat))),
        )
        return
    if signed.caveat:
        yield signed.caveat
    yield gettext("Signed by an editor on %(date)s.", date=signed.on)


class ChangeWriter:
    """Writes changes as sentences; each kind of record is read once for all changes.

    ``own`` is the language of the record; ``said`` are statements that were read already.
    """

    def __init__(
        self,
        conn: Connection,
        names: Names,
        changes: Iterable[LaneChange],
        *,
        own: str,
        known_at: int | None = None,
        said: Mapping[int, StatementEntry] | None = None,
    ) -> None:
        self._conn, self._names, self._known_at = conn, names, known_at
        self._own = own.partition("-")[0]
        every = [*changes]
        moved = [change for change in every if change.change.is_visible]
        signed = zip(moved, signatures(conn, moved, known_at), strict=True)
        self._signed = {
            (change.topic, change.change): said for change, said in signed if said and said.words
        }
        named = {(change.topic, change.change): self._naming(change) for change in moved}
        numbers = {*chain.from_iterable(proofs_needed(change.change) for change in moved)}
        numbers |= {
            number for numbers_by_key in named.values() for number in numbers_by_key.values()
        }
        self._said = dict(said or {})
        self._said |= entries.statements(conn, numbers - self._said.keys(), known_at)
        self._terms = {
            key: {
                condition: self._said[number].words.condition
                for condition, number in numbers_by_key.items()
                if number in self._said and not self._said[number].withheld
            }
            for key, numbers_by_key in named.items()
        }
        names.actors({actor for change in every for actor in named_in(change.change, change.lane)})

    def tell(self, change: LaneChange) -> ChangeSentence:
        """Return the sentence of a change; for first or mixed positions, what was said."""
        told = self._tell(change)
        notes = self._notes(change.change, is_signed=told.signed is not None)
        return msgspec.structs.replace(told, notes=tuple(notes))

    def _notes(self, change: Change, *, is_signed: bool) -> Iterator[str]:
        if change.other_speaker:
            yield gettext("Another speaker.")
        if not is_signed:
            # The computed sentence says the rest itself.
            return
        if change.other_wording:
            yield gettext("Asked in other words.")
        if order_is_open(change.before, change.after, self._said):
            yield gettext("Which was said first is open.")

    def _tell(self, lane_change: LaneChange) -> ChangeSentence:
        change, topic = lane_change.change, self._names.topic(lane_change.topic)
        if change.from_ is None or change.to == MIXED:
            after = [self._said[number] for number in change.after if number in self._said]
            return ChangeSentence(stated(topic, self._names.actor(lane_change.lane), change, after))
        computed = sentence(self._turning(lane_change))
        verdict = self._signed.get((lane_change.topic, change))
        if verdict is None:
            return ChangeSentence(f"{computed}.", brief=computed, derived=change.is_derived)
        brief = self.in_short(lane_change)
        on = dates.day(verdict.recorded_at // MICROSECONDS)
        lang = translator().code.partition("_")[0]
        if lang == self._own:
            signed = SignedWords("", verdict.caveat, on, self._own)
            return ChangeSentence(verdict.words, signed, brief)
        if said := verdict.words_in(lang):
            return ChangeSentence(said.sentence, SignedWords("", said.caveat, on, lang), brief)
        signed = SignedWords(verdict.words, verdict.caveat, on, self._own)
        return ChangeSentence(f"{computed}.", signed, brief)

    def in_short(self, change: LaneChange) -> str:
        """Return the computed sentence of a change, without qualifications."""
        return capitalised(pattern_of(self._turning(change)))

    def day_within(self, change: LaneChange, year: int) -> str:
        """Return the date of a change in words, without the year if it is this year."""
        return dates.said_within(changed_at(change.change, self._said), year)

    def _turning(self, lane_change: LaneChange) -> WordedChange:
        change = lane_change.change
        return WordedChange(
            topic=self._names.topic(lane_change.topic),
            actor=self._names.actor(lane_change.lane),
            change=change,
            who=self._names.actor,
            said_at=dates_of(self._said),
            order_open=order_is_open(change.before, change.after, self._said),
            conditional=naming_conditions(self._said),
            terms=self._terms.get((lane_change.topic, change), {}),
            role=self._role(lane_change),
        )

    def _role(self, change: LaneChange) -> str:
        if change.change.kind != "succession":
            return ""
        return self._names.role(change.change.after_by, change.lane)

    def _naming(self, lane_change: LaneChange) -> dict[str, int]:
        """Return for each condition the number of the statement that names it."""
        change = lane_change.change
        if not (change.appeared or change.gone):
            return {}
        record = topic_evidence(self._conn, lane_change.topic, self._known_at)
        ends = [
            *((condition, change.after_by, change.after) for condition in change.appeared),
            *((condition, change.before_by, change.before) for condition in change.gone),
        ]
        naming = {
            condition: record.condition_named_in(condition, speaker, end)
            for condition, speaker, end in ends
        }
        return {condition: number for condition, number in naming.items() if number is not None}


def named_in(change: Change, lane: str) -> set[str]:
    """Return the ids of all actors that the sentence of a change may name."""
    return {lane, *change.lanes, change.before_by, change.after_by} - {""}
