"""Where the rule and its second writing answer otherwise."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from tests.domain.position.second_writing import SecondWriting, Told
from timeline.domain.position.edition2 import changes, findings, positions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from timeline.domain.position.edition2 import Record

CHANGE = [
    *("kind", "lanes", "before", "after", "to", "between", "returns_to", "back", "back_on", "day"),
    *("certain", "old", "joint", "uncoded", "new_office", "other_wording", "status", "because"),
]
POSITION = [
    *("stance", "terms", "held_by", "counted", "first", "last", "uncoded", "joint", "last_known"),
    *("order_open", "according_to", "voices"),
]
VOICES = ["side", "against", "other", "since", "statements", "until", "ended_by", "uncoded"]
UNORDERED = ("lanes", "because")
NOWHERE: Told = dict.fromkeys(POSITION) | {
    **dict.fromkeys(("terms", "counted", "order_open", "according_to"), ()),
    **dict.fromkeys(("uncoded", "joint", "last_known"), False),
    "voices": {},
}
"""What is said of somebody of whom nothing that stands is on record."""


def disagreements(
    record: Record, as_of: int | None, known_at: int | None, now: int | None
) -> dict[str, tuple[object, object]]:
    """What each says of positions, changes and findings, where these are not the same."""
    second = SecondWriting(record, as_of, known_at)
    beside = findings(record, as_of=as_of, known_at=known_at)
    changed = (*changes(record, as_of=as_of, known_at=known_at), *beside.shades)
    stands = positions(record, as_of=as_of, known_at=known_at, now=now)
    told = second.positions(now if as_of is None else as_of)
    lanes = {one.lane for one in stands}
    both = {
        "changes": (ordered(changed, CHANGE), ordered(second.changes(), CHANGE)),
        "voices": (ordered(beside.voices, VOICES), ordered(second.voices(), VOICES)),
        "dissents": (
            {(one.body, one.person, one.decision, one.vote) for one in beside.dissents},
            second.dissents(),
        ),
        "positions": (
            {one.lane: fields(one, POSITION) for one in stands},
            {lane: fields(told.get(lane, NOWHERE), POSITION) for lane in lanes | told.keys()},
        ),
    }
    return {what: (one, other) for what, (one, other) in both.items() if one != other}


def ordered(answers: Iterable[object], names: list[str]) -> list[Told]:
    return sorted((fields(one, names) for one in answers), key=str)


def fields(answer: Any, names: list[str]) -> Told:  # noqa: ANN401 - of either
    """The fields of an answer of the rule, or of its second writing."""
    by_name = answer.__getitem__ if isinstance(answer, dict) else partial(getattr, answer)
    found = {name: by_name(name) for name in names}
    for name in UNORDERED:
        if name in found:
            found[name] = sorted(found[name])
    if not isinstance(found.get("voices", {}), dict):
        voices = found["voices"]
        found["voices"] = {one.person: (one.direction, one.statements) for one in voices}
    return found
