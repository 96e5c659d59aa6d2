"""Keep a form that was sent after its author's session had ended, until they signed in again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from web.shell.addresses import address_here

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

KEPT = "kept"


class KeptForm(msgspec.Struct, frozen=True):
    """The address that a form was sent to, and its fields in order."""

    action: str
    fields: tuple[tuple[str, str], ...]


def pack(action: str, form: MultiDict[str, str]) -> str:
    """Return a form as the value of a field in another form."""
    fields = tuple(form.items(multi=True))
    return msgspec.json.encode(KeptForm(action, fields)).decode()


def packed(form: MultiDict[str, str]) -> str:
    """Return the packed form in another form, empty if there is none."""
    return form.get(KEPT, "")


def kept_form(form: MultiDict[str, str]) -> KeptForm | None:
    """Return the form packed in another one, if there is one and its address is of this site."""
    try:
        form_kept = msgspec.json.decode(form.get(KEPT, ""), type=KeptForm)
    except msgspec.DecodeError:
        return None
    return form_kept if address_here(form_kept.action) == form_kept.action else None
