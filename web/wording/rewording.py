"""The sentences of a page that compares two wordings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.i18n.translate import gettext, ngettext

if TYPE_CHECKING:
    from web.wording.changed_words import Rewording
    from web.wording.stances import StanceView


def heading(earlier: str, later: str) -> str:
    """Return the heading of a comparison of the words of two days."""
    return gettext("What changed in the words: %(then)s, then %(later)s", then=earlier, later=later)


def distance(between: int) -> str:
    """Say whether two statements of a lane follow each other."""
    if not between:
        return gettext("two statements that follow each other")
    return ngettext(
        "%(num)d statement lies between them", "%(num)d statements lie between them", between
    )


def rule(changed: Rewording | None, stance: StanceView | None) -> str:
    """Say what the differing words do not mean, or why none are marked."""
    if changed is None:
        return gettext(
            "No words are marked: only verbatim words in one language are compared with each other."
        )
    if changed.is_same:
        return gettext("The words are the same.")
    if not changed.is_marked:
        return gettext(
            "The two texts share less than a third of their words, so none are marked: nearly all"
            " would be."
        )
    if stance is None:
        return gettext("Words that are gone are not a denial.")
    return gettext(
        "Words that are gone are not a denial. The position with the later words: %(stance)s.",
        stance=stance.with_manner,
    )


def again(times: int, last: str) -> str:
    """Say that a wording was used again without a change."""
    return ngettext(
        "and %(num)d more time, on %(date)s",
        "and %(num)d more times, to %(date)s",
        times,
        date=last,
    )
