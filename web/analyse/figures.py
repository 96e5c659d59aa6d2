"""Numbers of an answer in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.instants import DAY, day_number
from timeline.projections.tables.kinds import KINDS
from web.i18n import dates
from web.i18n.translate import gettext, ngettext, translator
from web.wording.kinds import kinds_word

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMED = {"month": dates.month, "quarter": dates.month}


def share(value: float) -> str:
    """Return a share in percent."""
    return gettext("%(share)s%%", share=translator().figure(round(100 * value)))


def figure(value: float) -> str:
    """Return a number to two places."""
    return translator().figure(round(value, 2))


def period(date: str, every: str) -> str:
    """Return the period that ends with a day: a month, or a year."""
    year, month, _ = date.rsplit("-", 2)
    instant = day_number(int(year), int(month), 1) * DAY
    return _NAMED.get(every, dates.year)(instant)


def actors(count: int) -> str:
    """Count actors in words."""
    return ngettext("%(num)d actor", "%(num)d actors", count)


def questions(count: int) -> str:
    """Count questions in words."""
    return ngettext("%(num)d question", "%(num)d questions", count)


def at(date: str, value: str) -> str:
    """Say a value with its date."""
    return gettext("%(date)s: %(value)s", date=date, value=value)


def told(name: str, values: str) -> str:
    """Say of what these are the values."""
    return gettext("%(name)s: %(values)s", name=name, values=values)


def kinds_counted(counts: Mapping[str, int]) -> str:
    """Say how many changes of each kind there are, in the order of the kinds."""
    told = [(kinds_word(one), counts[one]) for one in KINDS if counts.get(one)]
    return ", ".join(f"{word} ({translator().figure(count)})" for word, count in told)
