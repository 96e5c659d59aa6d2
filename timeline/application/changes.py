"""Changes that the rule finds: signing them, declining them, and taking that back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

import msgspec

from timeline.application.directory import Directory
from timeline.application.recording import Recorded, unknown_stream
from timeline.application.texts import text
from timeline.domain.errors import NotFound, Refused
from timeline.domain.event import Byline
from timeline.domain.messages import Message
from timeline.domain.statement import Statement, StatementRecorded
from timeline.domain.verdict import (
    NOTHING_DECIDED,
    OWN_WORK,
    ChangeDeclined,
    ChangeReopened,
    ChangeSigned,
    Ends,
    SignedIn,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from timeline.application.directory import Register
    from timeline.application.recording import StreamWriter
    from timeline.domain.event import Event

NO_STATEMENT_THERE = Message(
    "no_statement_there",
    "number %(number)s is no statement on this topic",
    fix="give the numbers of the statements that prove the change",
)
NEW = 0
"""Stands among the later words of a change for the number of a statement that is to be recorded."""


class NewSignature(msgspec.Struct, frozen=True, kw_only=True):
    """How a change is signed that a statement makes, in the append that records it.

    The later end of ``ends`` has `NEW` for the statement; ``byline`` is of who signs.
    """

    byline: Byline
    ends: Ends
    sentence: str
    caveat: str = ""
    also: Sequence[SignedIn] = ()


NONE_SIGNED: Mapping[str, NewSignature] = {}

SAID = (ChangeSigned, ChangeDeclined, ChangeReopened)


class Changes:
    """What may be said of changes; each is given by its ends, with topic and actor by slug or id.

    With ``four_eyes``, or where the store asks for them, nobody decides on a change of which they
    recorded or corrected an end.
    """

    KIND: ClassVar = Verdict

    def __init__(
        self, recording: StreamWriter, register: Register, asks_four_eyes: Callable[[], bool]
    ) -> None:
        self._recording = recording
        self._asks_four_eyes = asks_four_eyes
        self._register = register

    def sign(
        self,
        byline: Byline,
        ends: Ends,
        sentence: str,
        caveat: str = "",
        also: Sequence[SignedIn] = (),
        *,
        four_eyes: bool = False,
    ) -> Recorded:
        """Sign a change under a sentence, ``also`` in other languages; the last verdict counts."""
        said = _signed_words(sentence, caveat, also)
        found = self._checked(byline, ends, four_eyes=four_eyes)
        return self._decide(found, lambda verdict: verdict.sign(byline, found, *said))

    def signing(self, signature: NewSignature, said: StatementRecorded) -> Callable[[int], Event]:
        """Return what signs the change that a statement makes, given the number that this gets.

        Raises `Refused` and `NotFound`, as `sign` does.
        """
        by = signature.byline
        words = _signed_words(signature.sentence, signature.caveat, signature.also)
        ends = self._checked(by, signature.ends)
        if said.recorded_by == by.by and self._asks_four_eyes():
            raise Refused(OWN_WORK)

        def signed(number: int) -> Event:
            after = sorted(number if one == NEW else one for one in ends.after)
            verdict = Verdict()
            verdict.sign(by, msgspec.structs.replace(ends, after=tuple(after)), *words)
            return verdict.collect_events()[0]

        return signed

    def decline(
        self, byline: Byline, ends: Ends, cause: str, note: str = "", *, four_eyes: bool = False
    ) -> Recorded:
        """Say why a change is none that could be printed."""
        said = text(note, "note")
        found = self._checked(byline, ends, four_eyes=four_eyes)
        return self._decide(found, lambda verdict: verdict.decline(byline, found, cause, said))

    def reopen(self, byline: Byline, ends: Ends, reason: str) -> Recorded:
        """Take the last verdict on a change back; raises `Refused` where there is none."""
        why = text(reason, "reason")
        return self._decide(self._named(ends), lambda verdict: verdict.reopen(byline, why))

    def is_verdict(self, number: int) -> bool:
        """Tell whether something was said of a change at a log position."""
        return isinstance(self._recording.log.event(number), SAID)

    def stream(self, change: str | int | Ends) -> str:
        """Return the id of a change, given by its ends or by the position of a verdict on it.

        Raises `NotFound` where nothing was said of a change at that position.
        """
        if isinstance(change, str):
            return change
        if isinstance(change, Ends):
            return self._named(change).stream
        event = self._recording.log.event(change)
        if not isinstance(event, SAID):
            raise unknown_stream(Verdict, str(change))
        return event.originator_id

    def redact(self, byline: Byline, change: str | int | Ends, basis: str) -> Recorded:
        """Erase all that was said of a change, as the law demands; ``basis`` names the law."""
        stream = self.stream(change)
        return self._recording.redact(Verdict, stream, byline, basis)

    def _decide(self, ends: Ends, decide: Callable[[Verdict], None]) -> Recorded:
        log = self._recording.log
        verdict = Verdict.replay(log.stream_of(ends.stream)) or Verdict()
        decide(verdict)
        new = verdict.collect_events()
        if not new:
            if not verdict.version:
                raise Refused(NOTHING_DECIDED)
            return Recorded(log.head(), verdict.id, verdict.version, fresh=False)
        return Recorded(log.append(new)[-1], verdict.id, verdict.version, fresh=True)

    def _named(self, ends: Ends) -> Ends:
        directory = Directory(self._recording.log, self._register)
        topic, lane = directory.topic(ends.topic), directory.actor(ends.lane)
        before, after = (tuple(sorted(set(end))) for end in (ends.before, ends.after))
        return msgspec.structs.replace(
            ends, topic=topic.id, lane=lane.id, before=before, after=after
        )

    def _checked(self, byline: Byline, ends: Ends, *, four_eyes: bool = False) -> Ends:
        """Return a change by ids; raises `NotFound` for an end that is no statement there.

        Raises `Refused` where somebody decides on what they recorded, if a second person must.
        """
        found = self._named(ends)
        needs_another = four_eyes or self._asks_four_eyes()
        for number in {*found.before, *found.after} - {NEW}:
            recorded = self._recording.log.event(number)
            if not isinstance(recorded, StatementRecorded):
                raise NotFound(NO_STATEMENT_THERE, field="before", number=number)
            said = self._recording.load(Statement, recorded.originator_id)
            if said.fields["topic"] != found.topic:
                raise NotFound(NO_STATEMENT_THERE, field="before", number=number)
            if needs_another and byline.by in said.written_by:
                raise Refused(OWN_WORK)
        return found


def _signed_words(
    sentence: str, caveat: str, also: Sequence[SignedIn]
) -> tuple[str, str, list[SignedIn]]:
    elsewhere = [
        SignedIn(one.lang, text(one.sentence, "sentence"), text(one.caveat, "caveat"))
        for one in also
    ]
    return text(sentence, "sentence"), text(caveat, "caveat"), elsewhere
