"""The address of an entry: its number, perhaps with the log position of a version."""

from __future__ import annotations

from timeline.domain.errors import NotFound, Refused
from timeline.domain.messages import InQuotes, Message
from timeline.domain.text import whole_number
from web.shell.request import this_request

POSITION_TO_COME = Message(
    "position_to_come", "the log has no position %(position)s yet", fix="it ends at %(last)s"
)
NOT_AN_ENTRY_NUMBER = Message(
    "not_an_entry_number", "there is no entry %(text)s", fix="numbers have digits only"
)
NOT_A_POSITION_OF_THE_LINK = Message(
    "not_a_position_of_the_link",
    "%(position)s is not a log position",
    fix="write the number, @ and a log position",
)


def fixed_at(reference: str) -> tuple[int, int | None]:
    """Read a reference; raises `NotFound` for a future log position."""
    number, known_at = read_reference(reference)
    shown = this_request().record.shown
    if known_at is not None and known_at > shown:
        raise NotFound(POSITION_TO_COME, position=known_at, last=shown)
    return number, known_at


def read_reference(reference: str) -> tuple[int, int | None]:
    """Read ``1042`` or ``1042@1204``; raises `NotFound` or `Refused` for anything else."""
    number, at, position = reference.partition("@")
    entry_number, fixed = whole_number(number), whole_number(position)
    if entry_number is None:
        raise NotFound(NOT_AN_ENTRY_NUMBER, text=InQuotes(reference))
    if at and fixed is None:
        raise Refused(NOT_A_POSITION_OF_THE_LINK, field="@", position=InQuotes(position))
    return entry_number, fixed
