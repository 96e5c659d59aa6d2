"""Verdicts on changes in files."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from timeline.domain.verdict import (
    ChangeDeclined,
    ChangeReopened,
    ChangeSigned,
    SignedIn,
    SignedWords,
)
from timeline.interchange.native.fields import parse_stated

VERDICTS = "verdicts"

Said = ChangeSigned | ChangeDeclined | ChangeReopened


class StatedVerdict(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """One verdict on a change; ``by`` is the handle of its author."""

    verdict: Literal["signed", "declined", "reopened"]
    sentence: str = ""
    caveat: str = ""
    also: tuple[SignedIn, ...] = ()
    cause: str = ""
    note: str = ""
    reason: str = ""
    by: str = ""

    def is_of(self, other: StatedVerdict) -> bool:
        """Tell whether both are equal; a missing author equals any."""
        by = self.by or other.by
        return msgspec.structs.replace(self, by=by) == msgspec.structs.replace(other, by=by)


def read_verdicts(value: Any) -> list[StatedVerdict]:  # noqa: ANN401 - JSON holds any value
    """Return the verdicts in a line, oldest first; raises `Refused` if they are malformed."""
    return parse_stated(value, list[StatedVerdict], VERDICTS)


def state_verdict(event: Said) -> StatedVerdict:
    """Return a verdict for files, without erased words."""
    by = event.recorded_by
    match event:
        case ChangeSigned():
            words = event.content or SignedWords(sentence="")
            said = msgspec.structs.asdict(words)
            return StatedVerdict(verdict="signed", by=by, **said)
        case ChangeDeclined():
            note = event.content.note if event.content else ""
            return StatedVerdict(verdict="declined", cause=event.cause, note=note, by=by)
        case ChangeReopened():
            reason = event.content.reason if event.content else ""
            return StatedVerdict(verdict="reopened", reason=reason, by=by)
