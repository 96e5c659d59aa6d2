"""What may be on record already, or wait on the desk: asked back before it is recorded again."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from timeline.desk.embargoes import Embargoed
from timeline.domain.errors import NotFound
from timeline.releasing import waiting_alike
from web.i18n.translate import gettext
from web.record.drafts import recorded_as
from web.record.forms.form_state import PossibleDuplicate
from web.record.forms.signing import own_handle
from web.record.handing import EMBARGOES, QUEUE
from web.shell.request import read_connection, services

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from timeline.desk.reviews import Handed
    from timeline.domain.event import Event


def on_record(number: int, *, is_verbatim: bool) -> PossibleDuplicate:
    """Return how it is asked whether a statement is another than the one of a number."""
    told = (
        gettext("This stands already as #%(n)s. Nothing is recorded yet.", n=number)
        if is_verbatim
        else gettext("#%(n)s may say the same in other words. Nothing is recorded yet.", n=number)
    )
    label = gettext("Open number %(n)s", n=number)
    return PossibleDuplicate(told, f"/s/{number}", label, str(number))


def on_desk(drafted: Sequence[Event], known: Collection[str]) -> PossibleDuplicate | None:
    """Return how it is asked whether an entry is another than one that waits, if one is alike.

    ``drafted`` is what recording it would append, ``known`` are ids of those that it is not.
    """
    entry = waiting_alike(services(), read_connection(), drafted, known)
    if entry is None:
        return None
    return PossibleDuplicate(_told(entry), place_of(entry), gettext("Look at it"), entry.id)


def place_of(entry: Handed | Embargoed) -> str:
    """Return the address at which an entry that waits is looked at."""
    if isinstance(entry, Embargoed):
        return f"{EMBARGOES}#e-{entry.id}"
    return f"{QUEUE}/{entry.id}"


def current_url(entry: str) -> str:
    """Return where an entry is now that somebody began: on record, or where it waits on the desk.

    The address is empty where it does neither.
    """
    if number := recorded_as(entry):
        return f"/s/{number}"
    desk = services().desk
    for waiting in (desk.reviews, desk.embargoes):
        with suppress(NotFound):
            return place_of(waiting.find(entry))
    return ""


def _told(entry: Handed | Embargoed) -> str:
    is_own = entry.author == own_handle()
    if isinstance(entry, Embargoed):
        return (
            gettext("One of yours under embargo may be the same. Nothing is recorded yet.")
            if is_own
            else gettext(
                "One of %(name)s under embargo may be the same. Nothing is recorded yet.",
                name=entry.author,
            )
        )
    return (
        gettext("One that you handed over may be the same. Nothing is recorded yet.")
        if is_own
        else gettext(
            "One that %(name)s handed over may be the same. Nothing is recorded yet.",
            name=entry.author,
        )
    )
