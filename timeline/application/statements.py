"""Commands on statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from timeline.application.corrections import check_statement
from timeline.application.entries import Entries
from timeline.application.prepare import passage_of
from timeline.application.readings import decide_between
from timeline.application.texts import text
from timeline.domain.dates import parse_date
from timeline.domain.errors import NotFound, Refused
from timeline.domain.fields import LIMITS
from timeline.domain.messages import Message
from timeline.domain.quote import PASSAGE_EMPTY
from timeline.domain.scales import NO_POSITION, scale_named
from timeline.domain.statement import Statement
from timeline.domain.text import clean
from timeline.domain.topic import Topic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from timeline.application.commands import Excerpt
    from timeline.application.directory import Directory
    from timeline.application.readings import CodedStance, SecondReading
    from timeline.application.recording import Recorded, StreamWriter
    from timeline.domain.event import Byline


class Statements(Entries[Statement]):
    """Commands on statements, besides those of every entry."""

    KIND = Statement
    CHECK: ClassVar = staticmethod(check_statement)

    def correct_utterance(
        self,
        byline: Byline,
        entries: Sequence[tuple[str | int, int | None]],
        changes: Mapping[str, object],
        reason: str,
        *,
        material: bool = True,
    ) -> list[Recorded]:
        """Correct all statements of one utterance alike, all or none.

        ``entries`` has each with the version that the person saw. Raises `Refused` if they
        are not of one utterance.
        """
        return self.correct_alike(
            byline, entries, changes, reason, material=material, together=True
        )

    def add_passage(self, byline: Byline, entry: str | int, passage: Excerpt) -> Recorded:
        """Record the passage of a statement that was recorded without one.

        Raises `Refused` if it is empty, or if another passage is on record.
        """
        clean_passage = passage_of(passage)
        if clean_passage is None:
            raise Refused(PASSAGE_EMPTY, field="passage.text")
        return self._revise(
            byline, entry, lambda statement: statement.add_passage(byline, clean_passage)
        )

    def code(
        self,
        byline: Byline,
        entry: str | int,
        stance: str,
        no_position_reason: str | None = None,
        note: str = "",
        *,
        topic: str | None = None,
        has_condition: bool | None = None,
        coder: str = "",
    ) -> Recorded:
        """Record a second coder's reading; it never moves a position.

        ``topic`` is the slug of the topic that they read it under, if it is another;
        ``has_condition`` tells whether they saw a condition; ``coder`` is their handle, if
        somebody else records.
        """
        words = text(note, "note")
        other_topic = self._directory().topic(topic) if topic else None

        def decide(statement: Statement) -> None:
            read_under = other_topic or self._recording.load(Topic, statement.fields["topic"])
            scale = scale_named(read_under.scale)
            statement.code(
                byline,
                None if stance == NO_POSITION else scale.value(stance),
                no_position_reason or None,
                words,
                coder=coder,
                scale_version=scale.version(stance),
                topic=read_under.id,
                has_condition=has_condition,
            )

        return self._revise(byline, entry, decide)

    def decide(
        self,
        byline: Byline,
        entry: str | int,
        second: SecondReading,
        chosen: CodedStance | None,
        reason: str,
    ) -> Recorded:
        """Decide between two differing readings: keep the record, or correct it.

        The new event has both readings. The record stays as it is without ``chosen``, or if it
        has that already. Raises `Refused` for an invalid stance.
        """
        why = text(reason, "reason")

        def settle(statement: Statement) -> None:
            decide_between(byline, statement, self._directory(), second, chosen, why)

        return self._revise(byline, entry, settle)

    def request_reply(self, byline: Byline, entry: str | int, note: str = "") -> Recorded:
        """Record that the actor was asked for a reply."""
        words = text(note, "note")
        return self._revise(byline, entry, lambda statement: statement.request_reply(byline, words))

    def read_quote(
        self,
        byline: Byline,
        statement: str | int,
        direction: str,
        *,
        carries: bool,
        reader: str | None = None,
    ) -> Recorded:
        """Record the blind reading of a quote by somebody who saw only it and the question.

        ``direction`` is a word of the topic's scale, or ``no_position`` if they saw none.
        """
        who = text(reader, "by") or byline.by

        def decide(statement: Statement) -> None:
            topic = self._directory().topic(statement.fields["topic"])
            has_none = direction == NO_POSITION
            value = None if has_none else scale_named(topic.scale).value(direction)
            statement.read_quote(byline, who, value, carries=carries)

        return self._revise(byline, statement, decide)

    def unread_quote(self, byline: Byline, statement: str | int) -> Recorded:
        """Take back the recorder's own reading of a quote; raises `Refused` if there is none."""
        return self._revise(byline, statement, lambda loaded: loaded.unread_quote(byline))

    def receive_reply(
        self, byline: Byline, entry: str | int, replied_at: str, reply: str, lang: str = ""
    ) -> Recorded:
        """Record the actor's own answer, unedited, and when it was given."""
        words, tag = clean(reply, "reply", LIMITS["reply"]), text(lang, "lang")
        when = parse_date(replied_at, "replied_at").text
        return self._revise(
            byline, entry, lambda statement: statement.receive_reply(byline, when, words, tag)
        )

    def retract_reply(self, byline: Byline, entry: str | int, reply: int, reason: str) -> Recorded:
        """Retract a reply that was recorded wrongly; ``reply`` counts them from 1."""
        why = text(reason, "reason")
        return self._revise(
            byline, entry, lambda statement: statement.retract_reply(byline, reply, why)
        )

    def _check_link(self, entry: Statement, kind: str, target: str) -> None:
        if kind == "withdraws":
            check_withdrawal(self._recording, self._directory(), entry, target)


_CONTRADICT = "link it as contradicts instead"

WITHDRAWS_NO_STATEMENT = Message(
    "withdraws_no_statement",
    "only a statement can be withdrawn",
    fix="link a development as contradicts or disputes",
)
WITHDRAWAL_CROSSES_LANES = Message(
    "withdrawal_crosses_lanes",
    "a statement takes back only what the same actor said on the same topic",
    fix=_CONTRADICT,
)
PASSED_ON_TAKES_NOTHING_BACK = Message(
    "passed_on_takes_nothing_back",
    "words that others pass on take back nothing that was said at first hand",
    fix=_CONTRADICT,
)
ASCRIBED_WORDS_TAKE_NOTHING_BACK = Message(
    "ascribed_words_take_nothing_back",
    "ascribed words take back nothing that somebody said",
    fix=_CONTRADICT,
)
WITHDRAWAL_IN_A_CIRCLE = Message(
    "withdrawal_in_a_circle",
    "these statements would withdraw each other in a circle",
    fix="remove the other link first",
)


def check_withdrawal(
    recording: StreamWriter, directory: Directory, entry: Statement, target: str
) -> None:
    """Raise `Refused` unless both are in one lane, the rank is enough, and no circle arises."""
    try:
        withdrawn = recording.load(Statement, target)
    except NotFound:
        raise Refused(WITHDRAWS_NO_STATEMENT, field="target") from None
    same_topic = entry.fields["topic"] == withdrawn.fields["topic"]
    if not same_topic or _lanes(directory, entry).isdisjoint(_lanes(directory, withdrawn)):
        raise Refused(WITHDRAWAL_CROSSES_LANES, field="target")
    if entry.rank > withdrawn.rank:
        why = ASCRIBED_WORDS_TAKE_NOTHING_BACK if withdrawn.rank else PASSED_ON_TAKES_NOTHING_BACK
        raise Refused(why, field="target")
    if _reaches(recording, withdrawn, entry.id):
        raise Refused(WITHDRAWAL_IN_A_CIRCLE, field="target")


def _lanes(directory: Directory, entry: Statement) -> set[str]:
    speakers = (entry.fields["speaker"], entry.fields["on_behalf_of"])
    return {directory.chain(directory.actor(speaker))[-1].id for speaker in speakers if speaker}


def _reaches(recording: StreamWriter, statement: Statement, target_id: str) -> bool:
    seen, to_visit = {statement.id}, [statement]
    while to_visit:
        targets = {target for kind, target in to_visit.pop().links if kind == "withdraws"}
        if target_id in targets:
            return True
        to_visit += [recording.load(Statement, target) for target in targets - seen]
        seen |= targets
    return False
