"""Commands on changes that the rule finds: sign one, decline it, reopen it."""

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
"""Stands for the number of a statement that is not recorded yet."""


class NewSignature(msgspec.Struct, frozen=True, kw_only=True):
    """The signature of a change that a new statement makes, recorded in the same append.

    The later end of ``ends`` has `NEW` for the statement; ``byline`` is the signer's.
    """

    byline: Byline
    ends: Ends
    sentence: str
    caveat: str = ""
    also: Sequence[SignedIn] = ()


NO_SIGNATURES: Mapping[str, NewSignature] = {}

SAID = (ChangeSigned, ChangeDeclined, ChangeReopened)


class Changes:
    """Commands on changes; each is given by its ends, with topic and actor by slug or id.

    With ``four_eyes``, or if the store demands it, nobody decides on a change whose ends they
    recorded or corrected.
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
        """Sign a change with a sentence, ``also`` in other languages; the last verdict counts."""
        words = _signed_words(sentence, caveat, also)
        checked = self._checked(byline, ends, four_eyes=four_eyes)
        return self._decide(checked, lambda verdict: verdict.sign(byline, checked, *words))

    def signing(
        self, signature: NewSignature, statement: StatementRecorded
    ) -> Callable[[int], Event]:
        """Return a function that signs the change of a new statement, given its number.

        Raises `Refused` and `NotFound`, as `sign` does.
        """
        by = signature.byline
        words = _signed_words(signature.sentence, signature.caveat, signature.also)
        ends = self._checked(by, signature.ends)
        if statement.recorded_by == by.by and self._asks_four_eyes():
            raise Refused(OWN_WORK)

        def signed(number: int) -> Event:
            after = sorted(number if end == NEW else end for end in ends.after)
            verdict = Verdict()
            verdict.sign(by, msgspec.structs.replace(ends, after=tuple(after)), *words)
            return verdict.collect_events()[0]

        return signed

    def decline(
        self, byline: Byline, ends: Ends, cause: str, note: str = "", *, four_eyes: bool = False
    ) -> Recorded:
        """Decline a change and say why it cannot be printed."""
        words = text(note, "note")
        checked = self._checked(byline, ends, four_eyes=four_eyes)
        return self._decide(checked, lambda verdict: verdict.decline(byline, checked, cause, words))

    def reopen(self, byline: Byline, ends: Ends, reason: str) -> Recorded:
        """Take back the last verdict on a change; raises `Refused` if there is none."""
        why = text(reason, "reason")
        return self._decide(self._with_ids(ends), lambda verdict: verdict.reopen(byline, why))

    def is_verdict(self, number: int) -> bool:
        """Tell whether the event at a log position is a verdict on a change."""
        return isinstance(self._recording.log.event(number), SAID)

    def stream(self, change: str | int | Ends) -> str:
        """Return the id of a change, given by its ends or by the position of a verdict on it.

        Raises `NotFound` if there is no verdict at that position.
        """
        if isinstance(change, str):
            return change
        if isinstance(change, Ends):
            return self._with_ids(change).stream
        event = self._recording.log.event(change)
        if not isinstance(event, SAID):
            raise unknown_stream(Verdict, str(change))
        return event.originator_id

    def redact(self, byline: Byline, change: str | int | Ends, basis: str) -> Recorded:
        """Erase the words of all verdicts on a change, as the law (``basis``) demands."""
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

    def _with_ids(self, ends: Ends) -> Ends:
        directory = Directory(self._recording.log, self._register)
        topic, lane = directory.topic(ends.topic), directory.actor(ends.lane)
        before, after = (tuple(sorted(set(end))) for end in (ends.before, ends.after))
        return msgspec.structs.replace(
            ends, topic=topic.id, lane=lane.id, before=before, after=after
        )

    def _checked(self, byline: Byline, ends: Ends, *, four_eyes: bool = False) -> Ends:
        """Return the ends with ids; raises `NotFound` for an end that is no statement on the topic.

        Raises `Refused` if somebody decides on their own record and a second person must.
        """
        by_id = self._with_ids(ends)
        needs_another = four_eyes or self._asks_four_eyes()
        for number in {*by_id.before, *by_id.after} - {NEW}:
            recorded = self._recording.log.event(number)
            if not isinstance(recorded, StatementRecorded):
                raise NotFound(NO_STATEMENT_THERE, field="before", number=number)
            statement = self._recording.load(Statement, recorded.originator_id)
            if statement.fields["topic"] != by_id.topic:
                raise NotFound(NO_STATEMENT_THERE, field="before", number=number)
            if needs_another and byline.by in statement.written_by:
                raise Refused(OWN_WORK)
        return by_id


def _signed_words(
    sentence: str, caveat: str, also: Sequence[SignedIn]
) -> tuple[str, str, list[SignedIn]]:
    translations = [
        SignedIn(
            one_text.lang,
            text(one_text.sentence, "sentence"),
            text(one_text.caveat, "caveat"),
        )
        for one_text in also
    ]
    return text(sentence, "sentence"), text(caveat, "caveat"), translations
