"""The two clocks of an address: as of (when it was said) and known at (when we knew it)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from timeline.domain.dates import parse_as_of, parse_instant_us, query_date
from timeline.domain.instants import MICROSECONDS
from timeline.domain.two_clocks import TwoClocks
from timeline.projections.queries import log
from web.i18n import dates
from web.i18n.translate import gettext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection


class Clocks(TwoClocks, frozen=True):
    """Both clocks with their texts as they stand in the address."""

    as_of_text: str = ""
    known_text: str = ""

    def is_today(self, now: int) -> bool:
        """Tell whether the clock shows a day that is not over at an instant."""
        return self.known_at is None and self.as_of is not None and self.as_of >= now

    def moment(self, now: int) -> int:
        """Return the instant in seconds up to which statements are shown."""
        return now if self.as_of is None else self.as_of

    def pairs(self) -> list[tuple[str, str]]:
        """Return the address parameters of this moment."""
        stated = [("as_of", self.as_of_text), ("known_at", self.known_text)]
        return [(name, text) for name, text in stated if text]

    def at(self, href: str, said: str = "as_of") -> str:
        """Return an address at this moment; an empty one stays empty.

        ``said`` is what the address calls the said clock: a matrix has moments, a question an end.
        """
        pairs = [(said if name == "as_of" else name, text) for name, text in self.pairs()]
        query = urlencode(pairs, safe="@:")
        return f"{href}{'&' if '?' in href else '?'}{query}" if href and query else href

    def known_only(self, href: str) -> str:
        """Return an address (without a query) as known at this moment."""
        return msgspec.structs.replace(self, as_of=None, as_of_text="").at(href)

    def in_words(self, now: int | None = None) -> list[str]:
        """Return a phrase for each clock that is not at now: "as of 15 Dec 2025".

        With ``now``, an instant in seconds, the said clock has one in any case.
        """
        phrases = []
        if self.as_of is not None or now is not None:
            phrases.append(gettext("as of %(date)s", date=self._day(now)))
        if self.known_at is not None:
            phrases.append(self._known(self.known_at))
        return phrases

    def _day(self, now: int | None) -> str:
        if self.as_of is None:
            return dates.day(now or 0)
        return dates.moment(self.as_of) if "T" in self.as_of_text else dates.day(self.as_of)

    def _known(self, position: int) -> str:
        if self.known_text.startswith("@") or not self.known_text:
            return gettext("known at event %(n)s of the log", n=position)
        instant = parse_instant_us(self.known_text)
        is_day = "T" not in self.known_text
        date = dates.day(instant // MICROSECONDS) if is_day else dates.moment_us(instant)
        return gettext("known on %(date)s", date=date)

    def compared(self, slug: str) -> str:
        """Return the address at which a topic at this moment stands beside the topic now."""
        known = "" if self.known_at is None else f"@{self.known_at}"
        moment = {"topic": slug, "a": self.as_of_text + known}
        query = urlencode(moment if known else {**moment, "clock": "said"}, safe="@:")
        return f"/log/diff?{query}"


def read_clocks(conn: Connection, args: Mapping[str, str]) -> Clocks:
    """Read ``as_of`` and ``known_at``; raises `Refused` for neither a date nor a position.

    An empty text, or the word "now", is now.
    """
    said, known = (_but_now(args.get(name, "").strip()) for name in ("as_of", "known_at"))
    return Clocks(
        as_of=parse_as_of(said) if said else None,
        known_at=log.read_known(conn, known) if known else None,
        as_of_text=query_date(said),
        known_text=query_date(known),
    )


def is_now_in_words(moment: str) -> bool:
    """Tell whether a text is the word for now."""
    return moment.casefold() in {"now", gettext("now")}


def _but_now(moment: str) -> str:
    return "" if is_now_in_words(moment) else moment
