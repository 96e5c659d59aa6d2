"""Who records, under which id and key: a form sent twice counts once."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.naming import new_id
from web.shell.request import services, this_request

if TYPE_CHECKING:
    from timeline.domain.event import Byline
    from web.record.forms.form_state import FormState

_MINTED = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def own_handle() -> str:
    """Return the public handle of who fills in the form."""
    return this_request().identity.handle


def byline(key: str | None = None, seen: int | None = None) -> Byline:
    """Return who records, and when; a command with the same ``key`` counts once.

    ``seen`` is the version at which they saw what they change.
    """
    return services().newsroom.byline(own_handle(), "form", key or None, seen)


def byline_of(sheet: FormState) -> Byline:
    """Return who records what a form says, under its key, and the version that they saw."""
    return byline(sheet.value("key"), sheet.number("version"))


def byline_at(moment: int) -> Byline:
    """Return who records at a moment to come, in microseconds UTC; now, if it has passed."""
    now = byline()
    return msgspec.structs.replace(now, at=max(now.at, moment))


def form_id(given: str = "") -> str:
    """Return the id that a form carries (UUIDv7), a new one if it carries none."""
    if _MINTED.fullmatch(given):
        return given
    return new_id(this_request().instant, os.urandom(10))
