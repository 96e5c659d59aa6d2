"""How events of an older type version are read today: pure steps from one version to the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Fields = dict[str, Any]
Upcaster = Callable[[Fields, Fields | None], tuple[Fields, Fields | None]]
"""Takes and returns the committed fields and the content, ``None`` where it was erased."""


def _give_development_a_status(
    committed: Fields, content: Fields | None
) -> tuple[Fields, Fields | None]:
    """Version 1 had no status: what somebody said was a claim, the rest was taken as fact."""
    status = "claimed" if committed.get("according_to") else "confirmed"
    return {**committed, "status": status}, content


def _leave_empty(committed: Fields, content: Fields | None) -> tuple[Fields, Fields | None]:
    """Leave a field empty of which the version before said nothing: nothing is claimed of it.

    Without a coder, who recorded a reading had read it so; without a version of the scale, a word
    is one of the first.
    """
    return dict(committed), content


def _take_judgment_apart(
    committed: Fields, _content: Fields | None
) -> tuple[Fields, Fields | None]:
    """Version 1 committed to what a blind reader found, where everybody could read it."""
    moves = ("carries", "direction")
    kept = {name: value for name, value in committed.items() if name not in moves}
    return kept, {name: value for name, value in committed.items() if name in moves}


def _print_what_is_signed(
    committed: Fields, content: Fields | None
) -> tuple[Fields, Fields | None]:
    """Version 1 knew no other changes than those that an editor signed."""
    return {**committed, "prints": "signed"}, content


UPCASTERS: dict[tuple[str, int], Upcaster] = {
    ("actor.mandated", 1): _leave_empty,
    ("document.filed", 1): _leave_empty,
    ("development.recorded", 1): _give_development_a_status,
    ("statement.coded", 1): _leave_empty,
    ("statement.coded", 2): _leave_empty,
    ("statement.coded", 3): _leave_empty,
    ("statement.quote_read", 1): _take_judgment_apart,
    ("statement.recorded", 1): _leave_empty,
    ("statement.redacted", 1): _leave_empty,
    ("topic.classified", 1): _print_what_is_signed,
    ("topic.watched", 1): _leave_empty,
}
"""By type name and the version that the step starts from."""


def upcast(
    topic: str, version: int, wanted: int, committed: Fields, content: Fields | None
) -> tuple[Fields, Fields | None]:
    """Return the fields as version ``wanted`` of the type has them."""
    for step in range(version, wanted):
        committed, content = UPCASTERS[topic, step](committed, content)
    return committed, content
