"""Walk-backs: which statement may withdraw which, seen over several small streams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.errors import NotFound, Refused
from timeline.domain.messages import Message
from timeline.domain.statement import Statement

if TYPE_CHECKING:
    from timeline.application.directory import Directory
    from timeline.application.recording import StreamWriter

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
    """Raise `Refused` unless the words stand in one lane, rank no lower and close no circle."""
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
    if _withdraws(recording, withdrawn, entry.id):
        raise Refused(WITHDRAWAL_IN_A_CIRCLE, field="target")


def _lanes(directory: Directory, entry: Statement) -> set[str]:
    speakers = (entry.fields["speaker"], entry.fields["on_behalf_of"])
    return {directory.chain(directory.actor(speaker))[-1].id for speaker in speakers if speaker}


def _withdraws(recording: StreamWriter, statement: Statement, sought: str) -> bool:
    seen, open_ = {statement.id}, [statement]
    while open_:
        targets = {target for kind, target in open_.pop().links if kind == "withdraws"}
        if sought in targets:
            return True
        open_ += [recording.load(Statement, target) for target in targets - seen]
        seen |= targets
    return False
