"""Where a side stands, in a sentence with its proofs and the position before.

Second-hand positions are no sentence: "Europe: supports (ascribed)".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.position import MIXED
from web.i18n import dates
from web.i18n.translate import gettext
from web.wording import clauses, stances
from web.wording.grammar import before_verb, capitalised, has_plural_verb

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from timeline.domain.position import Change, Position
    from timeline.domain.scales import Scale
    from timeline.projections.queries.directory import Actor
    from timeline.projections.queries.entries import StatementEntry
    from web.wording.names import Names


class Proof(msgspec.Struct, frozen=True):
    """A statement that proves an answer: speaker, date and address."""

    label: str
    href: str


def stands(scale: Scale, actor: Actor, position: Position, manner: str) -> str:
    """Say where somebody stands: "Russia supports this", or "supported" for an old position."""
    word = stances.word(scale, position.stance)
    # The verb of today would have to agree: "officials: supports", but "officials supported this".
    needs_colon = has_plural_verb(actor) and not position.last_known
    if needs_colon or position.stance is None or position.stance == MIXED or position.rank:
        text = f"{word} ({manner})" if manner else word
        return gettext("%(actor)s: %(stance)s", actor=actor.name, stance=text)
    text = clauses.stands(scale, int(position.stance), is_last_known=position.last_known)
    return clauses.sentence(capitalised(before_verb(actor)), text)


def before(scale: Scale, change: Change | None, said: Mapping[int, StatementEntry]) -> str:
    """Say what the position was before: "before: doubts"; empty if there was none."""
    if change is None or change.from_ is None:
        return ""
    text = gettext("before: %(stance)s", stance=left(scale, change, said))
    less = stances.asked_otherwise(change), stances.order_open(change, said)
    return ", ".join(filter(None, (text, *less)))


def left(scale: Scale, change: Change, said: Mapping[int, StatementEntry]) -> str:
    """Say what somebody moved away from: "doubts", "accepts, on other conditions"."""
    word = stances.word(scale, change.from_)
    if change.kind != "terms":
        return word
    had = any(said[number].words.condition for number in change.before if number in said)
    if change.appeared and (change.gone or had):
        return gettext("%(stance)s, on another condition", stance=word)
    if change.gone:
        return gettext("%(stance)s, on a condition", stance=word)
    return gettext("%(stance)s, without this condition", stance=word)


def proofs(
    numbers: Iterable[int | None], side: Actor, said: dict[int, StatementEntry], names: Names
) -> tuple[Proof, ...]:
    """Return these statements as proofs with speaker and day."""
    entries = [said[fromkey] for fromkey in dict.fromkeys(numbers) if fromkey in said]
    days = [dates.said(entry.said_at) for entry in entries]
    if len(days) > 1:
        first, *_, last = days
        days = [gettext("first %(date)s", date=first), gettext("last %(date)s", date=last)]
    return tuple(
        Proof(_label(entry, day, side, names), f"/s/{entry.number}")
        for entry, day in zip(entries, days, strict=True)
    )


def _label(entry: StatementEntry, day: str, side: Actor, names: Names) -> str:
    if entry.speaker == side.id:
        return day
    return gettext("%(speaker)s, %(date)s", speaker=names.actor(entry.speaker).name, date=day)
