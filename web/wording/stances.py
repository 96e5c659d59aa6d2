"""Stances as readers see them: a mark, and a word in their language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.position import MIXED
from timeline.projections.queries.entries import order_is_open
from web.chart.levels import step
from web.i18n.translate import gettext, lazy_gettext
from web.wording.scale_words import step_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from timeline.domain.position import Change, LaterHearsay, Position, Stance
    from timeline.domain.scales import Scale
    from timeline.projections.queries.entries import StatementEntry

    Said = Mapping[int, StatementEntry]

ASIDE = re.compile(r" \([^()]*\)")
"""A remark in brackets after a name: "a government official (ein Regierungsbeamter)"."""


class StanceView(msgspec.Struct, frozen=True):
    """``step`` names the mark (see `web.chart.levels.step`); ``neutral`` chooses the palette.

    ``manner`` says how words that are not the actor's own were reported, ``brief`` the same in few
    words. ``note`` qualifies a change.
    """

    step: str
    word: str
    neutral: bool
    manner: str = ""
    brief: str = ""
    note: str = ""

    @property
    def second(self) -> bool:
        """Whether the words are not the actor's own."""
        return bool(self.manner)

    @property
    def with_manner(self) -> str:
        """The word, with its manner and note."""
        return f"{self.word} ({self.aside})" if self.aside else self.word

    @property
    def aside(self) -> str:
        """Its manner and note."""
        return ", ".join(filter(None, (self.manner, self.note)))


def view(
    scale: Scale,
    stance: int | str | None,
    *,
    rank: int | None = 0,
    via: str = "",
    version: int | None = None,
) -> StanceView:
    """Return how a stance looks in a version of the scale; ``None`` is no position."""
    return StanceView(
        step(scale, stance),
        word(scale, stance, version),
        not scale.partisan,
        manner(rank, via),
        brief(rank, via),
    )


def of(scale: Scale, said: StatementEntry) -> StanceView:
    """Return how the stance of a statement looks."""
    via, version = said.words.reported_via, said.scale_version
    return view(scale, said.stance, rank=said.rank, via=via, version=version)


def of_position(scale: Scale, position: Position, said: Said) -> StanceView:
    """Return how a position looks; ``said`` are statements that may prove it."""
    return view(scale, position.stance, rank=position.rank, via=heard_from(position.counted, said))


def proved(scale: Scale, stance: Stance, by: Iterable[int], said: Said) -> StanceView:
    """Return how one side of a change looks; ``by`` are the statements that prove it."""
    proof = [said[number] for number in by if number in said]
    rank = min((entry.rank for entry in proof), default=0)
    return view(scale, stance, rank=rank, via=heard_from((entry.number for entry in proof), said))


def sides(scale: Scale, change: Change, said: Said) -> tuple[StanceView, StanceView | None]:
    """Return how a change looks before and after; ``None`` if no position remains.

    ``said`` are statements that may prove it.
    """
    before = proved(scale, change.from_, change.before, said)
    if change.to is None:
        return before, None
    return before, noted(proved(scale, change.to, change.after, said), change, said)


def noted(after: StanceView, change: Change, said: Said) -> StanceView:
    """Return the later side of a change with its qualifications."""
    notes = with_condition(change, said), asked_otherwise(change), order_open(change, said)
    return msgspec.structs.replace(after, note=", ".join(filter(None, notes)))


def with_condition(change: Change, said: Said) -> str:
    """Say if the later words name a condition; empty if not."""
    named = any(said[number].words.condition for number in change.after if number in said)
    return gettext("with a condition") if named else ""


def order_open(change: Change, said: Said) -> str:
    """Say if the dates do not tell which words were said first; empty if they do."""
    is_open = order_is_open(change.before, change.after, said)
    return gettext("order of the two unclear") if is_open else ""


def asked_otherwise(change: Change) -> str:
    """Say if the question had another wording before; empty if not."""
    return gettext("asked in other words") if change.other_wording else ""


def heard_from(numbers: Iterable[int], said: Said) -> str:
    """Return who reported these statements, each once; empty for the actor's own words."""
    via = (said[number].words.reported_via for number in numbers if number in said)
    return ", ".join(dict.fromkeys(filter(None, via)))


def in_brief(stance: StanceView) -> str:
    """Return the word for a stance, briefly how it was reported, and what qualifies it."""
    return ", ".join(filter(None, (stance.word, stance.brief, stance.note)))


def ascribed(rank: int | None) -> bool:
    """Tell whether words of this rank are only the source author's own."""
    return rank is not None and rank > 1


def manner(rank: int | None, via: str = "") -> str:
    """Return how words were reported that are not the actor's own; else empty."""
    if not rank:
        return ""
    if ascribed(rank):
        return gettext("ascribed")
    return (
        gettext("second-hand, via %(via)s", via=named_alone(via)) if via else gettext("second-hand")
    )


def brief(rank: int | None, via: str = "") -> str:
    """Return the same in few words."""
    if rank == 1 and via:
        return gettext("via %(name)s", name=named_alone(via))
    return manner(rank)


def reported_words(scale: Scale, reported: LaterHearsay | None, said: Said) -> str:
    """Return what later words of a lower rank say, and who reported them."""
    if reported is None:
        return ""
    stance = word(scale, reported.stance)
    if ascribed(reported.rank):
        return gettext("ascribed: %(stance)s", stance=stance)
    via = heard_from(reported.statements, said)
    if not via:
        return gettext("reported: %(stance)s", stance=stance)
    return gettext("according to %(via)s: %(stance)s", stance=stance, via=named_alone(via))


def named_alone(via: str) -> str:
    """Return who reported words, without remarks in brackets."""
    return ASIDE.sub("", via) or via


def word(scale: Scale, stance: int | str | None, version: int | None = None) -> str:
    """Return the word for a stance in a version of the scale, in the reader's language."""
    if stance is None:
        return gettext("no position")
    if stance == MIXED:
        return gettext("mixed")
    return str(step_words(scale.name, int(stance), version).word)


_ATTRIBUTIONS = {
    "quoted": lazy_gettext("quoted"),
    "reported": lazy_gettext("reported, not quoted"),
    "voted": lazy_gettext("vote"),
    "joint": lazy_gettext("joint statement"),
    "ascribed": lazy_gettext("ascribed by the author of the source"),
}


def attribution(name: str, via: str = "") -> str:
    """Return in words how the source attributes a statement."""
    if name == "second_hand" and via:
        return gettext("second-hand, via %(via)s", via=via)
    if name == "second_hand":
        return manner(1)
    return str(_ATTRIBUTIONS[name])
