"""Walk-backs: which statement may withdraw which, seen over several small streams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.errors import NotFound, Refused
from timeline.domain.statement import Statement

if TYPE_CHECKING:
    from timeline.application.directory import Directory
    from timeline.application.recording import Recording


def check_withdrawal(
    recording: Recording, directory: Directory, entry: Statement, target: str
) -> None:
    """Raise `Refused` unless the words stand in one lane, rank no lower and close no circle."""
    try:
        withdrawn = recording.load(Statement, target)
    except NotFound:
        msg = "only a statement can be withdrawn"
        fix = "link a development as contradicts or disputes"
        raise Refused(msg, field="target", fix=fix) from None
    same_topic = entry.fields["topic"] == withdrawn.fields["topic"]
    if not same_topic or _lanes(directory, entry).isdisjoint(_lanes(directory, withdrawn)):
        msg = "a statement takes back only what the same actor said on the same topic"
        raise Refused(msg, field="target", fix="link it as contradicts instead")
    if entry.rank > withdrawn.rank:
        msg = "words that others pass on take back nothing that was said at first hand"
        if withdrawn.rank:
            msg = "ascribed words take back nothing that somebody said"
        raise Refused(msg, field="target", fix="link it as contradicts instead")
    if _withdraws(recording, withdrawn, entry.id):
        msg = "these statements would withdraw each other in a circle"
        raise Refused(msg, field="target", fix="remove the other link first")


def _lanes(directory: Directory, entry: Statement) -> set[str]:
    speakers = (entry.fields["speaker"], entry.fields["on_behalf_of"])
    return {directory.chain(directory.actor(speaker))[-1].id for speaker in speakers if speaker}


def _withdraws(recording: Recording, statement: Statement, sought: str) -> bool:
    seen, open_ = {statement.id}, [statement]
    while open_:
        targets = {target for kind, target in open_.pop().links if kind == "withdraws"}
        if sought in targets:
            return True
        open_ += [recording.load(Statement, target) for target in targets - seen]
        seen |= targets
    return False
