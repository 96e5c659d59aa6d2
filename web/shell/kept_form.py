"""A form sent after its author's session had ended: it goes through signing in unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from web.shell.addresses import address_here

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

KEPT = "kept"


class KeptForm(msgspec.Struct, frozen=True):
    """Where it was sent, and its fields in their order."""

    action: str
    fields: tuple[tuple[str, str], ...]


def pack(action: str, form: MultiDict[str, str]) -> str:
    """Return a form as one field of another."""
    fields = tuple(form.items(multi=True))
    return msgspec.json.encode(KeptForm(action, fields)).decode()


def packed(form: MultiDict[str, str]) -> str:
    """Return the form that came along with another, as it came; nothing where none did."""
    return form.get(KEPT, "")


def kept_form(form: MultiDict[str, str]) -> KeptForm | None:
    """Return the form that came along with another, if there is one that goes to this site."""
    try:
        form_kept = msgspec.json.decode(form.get(KEPT, ""), type=KeptForm)
    except msgspec.DecodeError:
        return None
    return form_kept if address_here(form_kept.action) == form_kept.action else None
