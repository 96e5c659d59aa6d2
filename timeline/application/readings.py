"""The decision of an editor on two differing readings; the record names both coders."""

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


class CodedStance(msgspec.Struct, frozen=True):
    """A stance as in files: a word of the scale, or ``no_position`` with its reason.

    ``asked`` is the question that was declined.
    """

    stance: str
    no_position_reason: str = ""
    asked: str = ""


class SecondReading(msgspec.Struct, frozen=True):
    """A second reading: ``coder`` codes again what ``first_coder`` coded. Both are handles."""

    chosen: CodedStance
    coder: str
    first_coder: str


def decide_between(
    byline: Byline,
    statement: Statement,
    directory: Directory,
    second: SecondReading,
    chosen: CodedStance | None,
    reason: str,
) -> None:
    """Record the second reading and, if the record should change, correct it.

    Raises `Refused` without a reason or for an invalid stance.
    """
    why = required_reason(reason)
    changes = _changes(byline, statement, directory, chosen) if chosen else {}
    real = {name: new for name, new in changes.items() if new != statement.fields[name]}
    reading = second.chosen
    scale = scale_named(directory.topic(statement.fields["topic"]).scale)
    statement.code(
        byline,
        None if reading.stance == NO_POSITION else scale.value(reading.stance),
        reading.no_position_reason or None,
        why,
        coder=second.coder,
        first_coder=second.first_coder,
        decision=CORRECTED if real else KEPT,
        scale_version=scale.version(reading.stance),
    )
    if real:
        # The reading uses the key; under the same key the correction would count as a repetition.
        statement.correct(msgspec.structs.replace(byline, key=None), real, why)


def _changes(
    byline: Byline, statement: Statement, directory: Directory, chosen: CodedStance
) -> dict[str, object]:
    raw = {"stance": chosen.stance, "no_position_reason": chosen.no_position_reason}
    if chosen.asked:
        raw["asked"] = chosen.asked
    changes = changes_on_record(Statement, raw, directory, byline)
    return check_statement(changes, statement, directory)
