"""The opening of a comparison of two moments: who stood elsewhere, who is new, who repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from web.i18n.translate import gettext, ngettext
from web.wording import verbs
from web.wording.grammar import Noun, behind_comma, capitalised, in_words
from web.wording.lede import named, verb_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from timeline.domain.position import Stance


class ComparedSide(msgspec.Struct, frozen=True):
    """Where somebody stood at the later moment, and the word for the position before.

    ``told`` says it for words that are not their own; ``before`` is empty without a position.
    """

    noun: Noun
    stance: Stance
    is_conditional: bool
    told: str
    before: str


NOBODY = Noun("", "")


def compared_days(first: str, last: str) -> str:
    """Name two days that are compared, or one and now: "compared with 1 Oct 2022"."""
    if last:
        return gettext("on %(last)s, compared with %(first)s", first=first, last=last)
    return gettext("compared with %(first)s", first=first)


def compared_events(first: int, last: int | None) -> str:
    """Name two moments of the log that are compared, or one and now."""
    if last is not None:
        return gettext(
            "by the log up to event %(last)s, compared with event %(first)s",
            first=first,
            last=last,
        )
    return gettext("compared with the log up to event %(first)s", first=first)


def opening(
    when: str,
    scale: str,
    moved: Sequence[ComparedSide],
    again: Sequence[Noun],
    altered: Sequence[Noun],
) -> str:
    """Say what differs at two moments, not what happened between them.

    ``altered`` are those whose past reads differently.
    """
    others = [one for one in moved if one.before]
    new = [one for one in moved if not one.before]
    sentences = []
    if others:
        sentences.append(_moved(when, scale, others))
    if new:
        sentences.append(_new(when if not sentences else "", _each(scale, new)))
    if again:
        sentences.append(_again(when if not sentences else "", scale, again))
    if altered:
        who = named(altered).removesuffix(",")
        sentences.append(_altered(when if not sentences else "", who))
    return " ".join(map(capitalised, sentences))


def _moved(when: str, scale: str, moved: Sequence[ComparedSide]) -> str:
    who = _each(scale, moved)
    if len(moved) == 1:
        return gettext("%(when)s, %(who)s.", when=when, who=who)
    return gettext(
        "%(when)s, %(number)s stood elsewhere: %(who)s.",
        when=when,
        number=in_words(len(moved)),
        who=who,
    )


def _new(when: str, who: str) -> str:
    if when:
        return gettext("%(when)s, newly on record: %(who)s.", when=when, who=who)
    return gettext("Newly on record: %(who)s.", who=who)


def _again(when: str, scale: str, nouns: Sequence[Noun]) -> str:
    number, who = verb_number(nouns), named(nouns)
    if scale == "vote":
        said = ngettext("%(who)s voted as before", "%(who)s voted as before", number, who=who)
    else:
        said = ngettext(
            "%(who)s said the same again", "%(who)s said the same again", number, who=who
        )
    return gettext("%(when)s, %(who)s.", when=when, who=behind_comma(said)) if when else f"{said}."


def _altered(when: str, who: str) -> str:
    if when:
        return gettext("%(when)s, altered by later records: %(who)s.", when=when, who=who)
    return gettext("Altered by later records: %(who)s.", who=who)


def _each(scale: str, standing: Iterable[ComparedSide]) -> str:
    """Return a clause for all who stood alike, the strongest support first."""
    alike: dict[ComparedSide, list[Noun]] = {}
    for one in sorted(standing, key=_rank):
        alike.setdefault(msgspec.structs.replace(one, noun=NOBODY), []).append(one.noun)
    return behind_comma("; ".join(_clause(scale, how, nouns) for how, nouns in alike.items()))


def _rank(one: ComparedSide) -> tuple[bool, int, str]:
    step = one.stance if isinstance(one.stance, int) else None
    return step is None, -(step or 0), one.before


def _clause(scale: str, how: ComparedSide, nouns: list[Noun]) -> str:
    who, number = named(nouns), verb_number(nouns)
    if how.told:
        said = gettext("%(who)s: %(says)s", who=who.removesuffix(","), says=how.told)
    elif isinstance(how.stance, int):
        said = f"{who} {verbs.did(scale, how.stance, number)}"
    else:
        said = ngettext(
            "%(who)s gave differing answers on one day",
            "%(who)s gave differing answers on one day",
            number,
            who=who,
        )
    if how.is_conditional:
        said = gettext("%(says)s, with a condition", says=said)
    if how.before:
        said = gettext("%(says)s (before: %(stance)s)", says=said, stance=how.before)
    return said
