"""Handing an entry over: kept on the desk until a second person agrees, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.desk.reviews import Handed
from web.record.drafts import forget, gist_of, kept_fields
from web.record.forms.signing import own_handle
from web.shell.request import services, this_request

if TYPE_CHECKING:
    from web.record.forms.sheet import Sheet


QUEUE = "/record/review"
"""Where what waits is listed."""


def hand_over(sheet: Sheet, kind: str) -> None:
    """Keep a form that could be recorded for somebody else; raises `Refused` for one too many."""
    entry = Handed(
        id=sheet.value("entry"),
        kind=kind,
        author=own_handle(),
        handed_at=this_request().instant,
        document=sheet.value("document"),
        gist=gist_of(sheet),
        fields=kept_fields(sheet),
    )
    services().desk.reviews.hand_over(entry)
    forget(entry.id)
