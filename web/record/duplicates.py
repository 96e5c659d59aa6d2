"""Possible duplicates, on record or on the desk: ask before the same is recorded again."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from timeline.desk.embargoes import Embargo
from timeline.domain.errors import NotFound
from timeline.releasing import find_waiting_twin
from web.i18n.translate import gettext
from web.record.drafts import recorded_as
from web.record.forms.form_state import PossibleDuplicate
from web.record.forms.signing import own_handle
from web.record.handing import EMBARGOES, QUEUE
from web.shell.request import read_connection, services

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from timeline.desk.reviews import Review
    from timeline.domain.event import Event


def duplicate_on_record(number: int, *, is_verbatim: bool) -> PossibleDuplicate:
    """Return the question whether a statement repeats the one with a number."""
    question = (
        gettext("This stands already as #%(n)s. Nothing is recorded yet.", n=number)
        if is_verbatim
        else gettext("#%(n)s may say the same in other words. Nothing is recorded yet.", n=number)
    )
    label = gettext("Open number %(n)s", n=number)
    return PossibleDuplicate(question, f"/s/{number}", label, str(number))


def duplicate_on_desk(drafted: Sequence[Event], known: Collection[str]) -> PossibleDuplicate | None:
    """Return the question whether an entry repeats one that waits on the desk, if one is alike.

    ``drafted`` are the events that recording would append; ``known`` are not compared.
    """
    entry = find_waiting_twin(services(), read_connection(), drafted, known)
    if entry is None:
        return None
    return PossibleDuplicate(_question(entry), place_of(entry), gettext("Look at it"), entry.id)


def place_of(entry: Review | Embargo) -> str:
    """Return the address of an entry that waits on the desk."""
    if isinstance(entry, Embargo):
        return f"{EMBARGOES}#e-{entry.id}"
    return f"{QUEUE}/{entry.id}"


def current_url(entry: str) -> str:
    """Return the address of an entry by its draft's id: on record, or waiting on the desk.

    Empty if it is in neither place.
    """
    if number := recorded_as(entry):
        return f"/s/{number}"
    desk = services().desk
    for room in (desk.reviews, desk.embargoes):
        with suppress(NotFound):
            return place_of(room.find(entry))
    return ""


def _question(entry: Review | Embargo) -> str:
    is_own = entry.author == own_handle()
    if isinstance(entry, Embargo):
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
