"""The input of edition 2 on one topic."""

from __future__ import annotations

import msgspec

from timeline.domain.instants import DAY, calendar_date, day_number, day_of
from timeline.domain.nature import POSITION, SIGNED, USUAL_LIMIT
from timeline.domain.position.edition2.mandates import Mandate, MandateStanding
from timeline.domain.position.edition2.versions import known
from timeline.domain.position.edition2.words import StatementVersion
from timeline.domain.position.reading import Withdrawal

MONTHS = 12
LAST_DAYS = (31, 30, 29, 28)


class Topic(msgspec.Struct, frozen=True):
    """The properties of a topic that edition 2 needs.

    ``asks`` is one of `timeline.domain.nature.ASKS`. ``limit`` is in months, ``None`` for none.
    ``rhythm`` is the usual number of days between days with statements on the topic.
    ``prints`` is one of `timeline.domain.nature.PRINTS`.
    """

    asks: str = POSITION
    recurring: bool = False
    limit: int | None = USUAL_LIMIT
    rhythm: float = 0
    prints: str = SIGNED


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """An editor signed a change, or declined it, at a log position (``known_from``).

    ``before`` and ``after`` are the numbers of the statements at its ends.
    """

    before: frozenset[int]
    after: frozenset[int]
    signed: bool
    cause: str = ""
    known_from: int
    known_until: int | None = None


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on one topic, in all versions and any order."""

    topic: Topic = Topic()
    words: tuple[StatementVersion, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    mandates: tuple[Mandate, ...] = ()
    standings: tuple[MandateStanding, ...] = ()
    verdicts: tuple[Verdict, ...] = ()

    def known(self, at: int | None) -> Record:
        """Return the record as known at a log position; ``None`` means now."""
        return Record(
            topic=self.topic,
            words=known(self.words, at),
            withdrawals=known(self.withdrawals, at),
            mandates=known(self.mandates, at),
            standings=known(self.standings, at),
            verdicts=known(self.verdicts, at),
        )


def is_old(topic: Topic, before: int, after: int) -> bool:
    """Tell whether more than the topic's limit lies between two instants."""
    return topic.limit is not None and after > _months_later(before, topic.limit)


def _months_later(instant: int, months: int) -> int:
    """Return an instant some calendar months later; the day is clamped to the month's length."""
    year, month, day = calendar_date(day_of(instant))
    years, month = divmod(month - 1 + months, MONTHS)
    for last in (day, *LAST_DAYS):
        try:
            later = day_number(year + years, month + 1, min(day, last))
        except ValueError:
            continue
        break
    return later * DAY + instant % DAY
