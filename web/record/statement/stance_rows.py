"""The stances of a form as its page shows them: each with the words of its scale, one open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from web.entries.codebooks import CodebookView, codebook_now
from web.record.fields.choices import StanceChoice, stance_choices
from web.record.fields.meanings import meaning
from web.record.statement.several import OWN
from web.shell.request import reader_language

if TYPE_CHECKING:
    from web.record.statement.draft import Draft

TOGETHER = ("stance", "no_position_reason", "asked")
"""Fields whose messages come with the words of the scale, or in their places."""


class StanceRow(msgspec.Struct, frozen=True):
    """A stance in a form.

    ``place`` counts from 1. ``choices`` are the words of its scale, lowest first, ``chosen`` the
    one of them that is taken, ``meaning`` a word and what it means, ``book`` the rules by which its
    topic is coded. ``is_open`` is false of one that is complete, while another is filled in.
    """

    draft: Draft
    place: int
    choices: tuple[StanceChoice, ...]
    meaning: tuple[str, str] | None
    chosen: StanceChoice | None
    book: CodebookView | None
    is_open: bool


def stance_rows(draft: Draft) -> list[StanceRow]:
    """Return the stances of a form, in their order."""
    return [_row(one, place, draft) for place, one in enumerate(draft.stances, 1)]


def told_with_stances(draft: Draft) -> set[str]:
    """Return the names of the fields that are shown with their stance, and not one by one."""
    return {one.name(part) for one in draft.stances for part in TOGETHER}


def _row(one: Draft, place: int, first: Draft) -> StanceRow:
    scale, taken = one.topic.scale if one.topic else None, one.sheet.value("stance")
    choices = tuple(stance_choices(scale)) if scale else ()
    with reader_language() as conn:
        book = codebook_now(conn, one.topic) if one.topic else None
    return StanceRow(
        one,
        place,
        choices,
        meaning(scale, taken) if scale else None,
        next((choice for choice in choices if choice.value == taken), None),
        book,
        one is first.stances[-1] or any(name in one.sheet.problems for name in OWN),
    )
