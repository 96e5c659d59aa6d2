"""Verdicts on changes in files."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from timeline.domain.verdict import (
    ChangeDeclined,
    ChangeReopened,
    ChangeSigned,
    DeclinedWords,
    ReopenedReason,
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
    by, words = event.recorded_by, event.content
    match event:
        case ChangeSigned():
            said = words if isinstance(words, SignedWords) else SignedWords(sentence="")
            return StatedVerdict(
                verdict="signed",
                sentence=said.sentence,
                caveat=said.caveat,
                also=said.also,
                by=by,
            )
        case ChangeDeclined():
            note = words.note if isinstance(words, DeclinedWords) else ""
            return StatedVerdict(verdict="declined", cause=event.cause, note=note, by=by)
        case ChangeReopened():
            reason = words.reason if isinstance(words, ReopenedReason) else ""
            return StatedVerdict(verdict="reopened", reason=reason, by=by)
