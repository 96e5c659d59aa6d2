"""Why something was refused, kept on the desk so that readers of any language can be told later."""

from __future__ import annotations

from typing import Any

import msgspec

from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Dated, InQuotes, Message, Value, Word


class _Given(msgspec.Struct, frozen=True):
    """A value of a message: how it is told, and as a text."""

    kind: str
    text: str


class _Kept(msgspec.Struct, frozen=True):
    code: str
    field: str
    what: str
    fix: str
    values: dict[str, _Given]


_kept = msgspec.json.Decoder(_Kept).decode

_KINDS = {"quoted": InQuotes, "word": Word, "date": Dated}


def error_as_json(error: StandlineError) -> str:
    """Return what a refusal says as JSON: its templates with their values."""
    values = {name: _given(value) for name, value in error.values.items()}
    told = _Kept(error.code, error.field, error.what.template, error.remedy.template, values)
    return msgspec.json.encode(told).decode()


def error_from_json(kept: str) -> Refused:
    """Return the refusal that `error_as_json` kept."""
    told = _kept(kept)
    values: dict[str, Any] = {
        name: _KINDS.get(one.kind, str)(one.text) for name, one in told.values.items()
    }
    return Refused(Message(told.code, told.what, told.fix), field=told.field, **values)


def _given(value: Value) -> _Given:
    if isinstance(value, InQuotes):
        return _Given("quoted", str(value.given))
    kind = "word" if isinstance(value, Word) else "date" if isinstance(value, Dated) else "text"
    return _Given(kind, str(value))
