"""How somebody watched, in words: what silence in that time is worth."""

from __future__ import annotations

from timeline.domain.coverage import COMPLETE, FOLLOWED, SEARCHED
from web.i18n.translate import gettext


def how_watched(how: str) -> str:
    """Return how somebody watched, empty where nobody said."""
    words = {
        FOLLOWED: gettext("followed as it happened"),
        SEARCHED: gettext("searched afterwards"),
        COMPLETE: gettext("complete: all that it holds"),
    }
    return words.get(how, "")
