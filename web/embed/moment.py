"""The moment that a frame shows, told in its corner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext

from web import dating

if TYPE_CHECKING:
    from web.clocks import Clocks


def moment(clocks: Clocks, now: int) -> str:
    """Return the day of what is shown and, if that is earlier, up to where it was known."""
    told = [
        gettext("as of %(date)s", date=dating.day(now if clocks.as_of is None else clocks.as_of))
    ]
    if clocks.known_text:
        told.append(gettext("known at %(moment)s", moment=clocks.known_text))
    return ", ".join(told)
