"""Bylines, ids and keys of forms: a form that is sent twice counts once."""

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
    """Return the public handle of the person who fills in the form."""
    return this_request().identity.handle


def byline(key: str | None = None, seen: int | None = None) -> Byline:
    """Return the byline of this person now; a command with the same ``key`` counts once.

    ``seen`` is the version that they saw of what they change.
    """
    return services().newsroom.byline(own_handle(), "form", key or None, seen)


def byline_of(sheet: FormState) -> Byline:
    """Return the byline for a form, with its key and the version that the person saw."""
    return byline(sheet.value("key"), sheet.number("version"))


def byline_at(moment: int) -> Byline:
    """Return the byline for a later moment, in microseconds UTC; for now, if it has passed."""
    now = byline()
    return msgspec.structs.replace(now, at=max(now.at, moment))


def form_id(value: str = "") -> str:
    """Return the id of a form (UUIDv7), or a new one if ``value`` is none."""
    if _MINTED.fullmatch(value):
        return value
    return new_id(this_request().instant, os.urandom(10))
