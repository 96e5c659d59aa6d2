"""Two coders read a statement differently: what an editor decides, with both readings named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.application.corrections import changes_on_record, check_statement
from timeline.domain.aggregate import required_reason
from timeline.domain.scales import NO_POSITION, scale_named
from timeline.domain.statement import CORRECTED, KEPT, Statement

if TYPE_CHECKING:
    from timeline.application.directory import Directory
    from timeline.domain.event import Byline


class Chosen(msgspec.Struct, frozen=True):
    """A stance in the words of files: a word of the scale, or ``no_position`` with its reason.

    ``asked`` is the question that was declined.
    """

    stance: str
    no_position_reason: str = ""
    asked: str = ""


class SecondReading(msgspec.Struct, frozen=True):
    """How ``coder`` read what ``first_coder`` had coded; both are handles."""

    chosen: Chosen
    coder: str
    first_coder: str


def decide_between(
    byline: Byline,
    statement: Statement,
    directory: Directory,
    second: SecondReading,
    chosen: Chosen | None,
    reason: str,
) -> None:
    """Keep the second reading and, where the record is to say otherwise, correct it.

    Raises `Refused` where no reason is given or the stance cannot be.
    """
    why = required_reason(reason)
    changes = _changes(byline, statement, directory, chosen) if chosen else {}
    real = {name: new for name, new in changes.items() if new != statement.fields[name]}
    read = second.chosen
    scale = scale_named(directory.topic(statement.fields["topic"]).scale)
    statement.code(
        byline,
        None if read.stance == NO_POSITION else scale.value(read.stance),
        read.no_position_reason or None,
        why,
        coder=second.coder,
        first_coder=second.first_coder,
        decision=CORRECTED if real else KEPT,
        scale_version=scale.version(read.stance),
    )
    if real:
        # The key stands in the reading; under the same one the correction would count as said.
        statement.correct(msgspec.structs.replace(byline, key=None), real, why)


def _changes(
    byline: Byline, statement: Statement, directory: Directory, chosen: Chosen
) -> dict[str, object]:
    said = {"stance": chosen.stance, "no_position_reason": chosen.no_position_reason}
    if chosen.asked:
        said["asked"] = chosen.asked
    given = changes_on_record(Statement, said, directory, byline)
    return check_statement(given, statement, directory)
