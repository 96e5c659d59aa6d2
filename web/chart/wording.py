"""The sentences of the chart, in the reader's language."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from babel.dates import format_date, format_skeleton

from web.chart.calendar import civil, first_day
from web.chart.model import MIXED

if TYPE_CHECKING:
    from timeline.domain.scales import Scale
    from web.chart.model import Level, Run, Statement


MANY_DAYS, DAYS_OF_YEAR = 730, 365.25
"""Days from which on silence is told in years."""

DAY_FIRST = {"yMMMd": "d MMM y", "MMMd": "d MMM", "yMMM": "MMM y", "MMM": "MMM"}
"""English in the order of the paper, with American three-letter months: 2 Sep 2025."""


class Gettext(Protocol):
    """Translates one text; `web.i18n.translate.gettext` is one."""

    def __call__(self, string: str, /, **variables: object) -> str:
        """Return the translation with its variables filled in."""


class Ngettext(Protocol):
    """Translates by number; `web.i18n.translate.ngettext` is one."""

    def __call__(self, singular: str, plural: str, num: int, /, **variables: object) -> str:
        """Return the translation for that number."""


def _plain(string: str, /, **variables: object) -> str:
    return string % variables if variables else string


def _plain_number(singular: str, plural: str, num: int, /, **variables: object) -> str:
    return (singular if num == 1 else plural) % {"num": num, **variables}


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


@lru_cache(maxsize=8_192)
def _calendar_day(day: date, skeleton: str, locale: str) -> str:
    if locale.startswith("en"):
        return str(format_date(day, DAY_FIRST[skeleton], locale="en"))
    return str(format_skeleton(skeleton, day, locale=locale))


class Wording:
    """Words for one locale; English without a translation."""

    def __init__(
        self,
        locale: str = "en",
        gettext: Gettext = _plain,
        ngettext: Ngettext = _plain_number,
    ) -> None:
        self.locale = locale
        self.gettext = gettext
        self.ngettext = ngettext

    def stance(self, scale: Scale, level: Level) -> str:
        """Return the scale's word for a level, "mixed" or "no position"."""
        if level is None:
            return self.gettext("no position")
        return self.gettext("mixed") if level == MIXED else self.gettext(scale.word(level))

    # Dates of the axis: babel knows years 1 to 9999, beyond them the year is a number.

    def day(self, day: int, skeleton: str = "yMMMd") -> str:
        """Return a day by a CLDR skeleton, its year alone where no calendar reaches."""
        year, month, of_month = civil(day)
        if 1 <= year <= 9999:  # noqa: PLR2004
            return _calendar_day(date(year, month, of_month), skeleton, self.locale)
        return self.year(year)

    def iso(self, day: int) -> str:
        """Return a day as addresses take it, empty where ISO 8601 has no four-digit year."""
        year, month, of_month = civil(day)
        return f"{year:04d}-{month:02d}-{of_month:02d}" if 0 <= year <= 9999 else ""  # noqa: PLR2004

    def year(self, year: int) -> str:
        """Return a year in words: 2025, 500 BC, 13.8 billion BC."""
        if year > 0:
            return str(year)
        before = 1 - year
        if before >= 1_000_000_000:  # noqa: PLR2004
            return self.gettext("%(n)s billion BC", n=_short(before / 1_000_000_000))
        if before >= 1_000_000:  # noqa: PLR2004
            return self.gettext("%(n)s million BC", n=_short(before / 1_000_000))
        return self.gettext("%(n)s BC", n=before)

    def years(self, first: int, last: int, *, in_full: bool = False) -> str:
        """Return the years from one day to another in short: 2024, 2022–24, to 2024.

        ``in_full`` gives both of them: 1985–2021.
        """
        begin, end = civil(first)[0], civil(last)[0]
        if begin == end:
            return self.year(end)
        if begin > 0 and in_full:
            return f"{begin}–{end}"
        if begin > 0 and begin // 100 == end // 100:
            return f"{begin}–{end % 100:02d}"
        return self.gettext("to %(date)s", date=self.year(end))

    def span(self, number: int, unit: str) -> str:
        """Return a bin's time in words: a day, "3 Nov 2025 to 9 Nov 2025", a month, a year."""
        first, last = first_day(number, unit), first_day(number + 1, unit) - 1
        if unit in ("day", "month"):
            return self.day(first, "yMMMd" if unit == "day" else "yMMM")
        if unit == "year":
            return self.year(number)
        return self.days(first, last)

    # Labels in a lane

    def turn(self, run: Run, name: str, word: str) -> str:
        """Return "Putin: now accepts", without "now" for past or old positions."""
        if run.end is not None or run.stale:
            return self.reported(word) if run.rank else self.says(name, word)
        if run.rank:
            return self.gettext("reported: now %(stance)s", stance=word)
        if not name:
            return self.gettext("now %(stance)s", stance=word)
        return self.gettext("%(name)s: now %(stance)s", name=name, stance=word)

    def says(self, name: str, word: str) -> str:
        """Return "Merz: doubts", the word alone where the name is known."""
        if not name:
            return word
        return self.gettext("%(name)s: %(stance)s", name=name, stance=word)

    def before(self, run: Run, word: str) -> str:
        """Return the position before a change, and when it was last said."""
        if not run.last_said:
            return self.gettext("before: %(stance)s", stance=word)
        return self.gettext("before: %(stance)s, %(date)s", stance=word, date=run.last_said)

    def entry(self, run: Run, word: str) -> str:
        """Return how a lane enters the window: "supports, first said Feb 2022"."""
        if not run.first_said:
            return word
        return self.gettext("%(stance)s, first said %(date)s", stance=word, date=run.first_said)

    def reported(self, word: str) -> str:
        """Return what others report that was said."""
        return self.gettext("reported: %(stance)s", stance=word)

    def mixed(self, low: str, high: str) -> str:
        """Return what a mixed day held."""
        return self.gettext("mixed: %(low)s and %(high)s", low=low, high=high)

    def of_no_side(self) -> str:
        """Return the heading of lanes on no side of the story."""
        return self.gettext("Others")

    def of_no_change(self, *, is_unsigned: bool) -> str:
        """Return the heading of lanes without a change; of some the words differ all the same."""
        if is_unsigned:
            return self.gettext("No change signed by an editor")
        return self.gettext("No change on record")

    # Sentences for those who do not see the chart

    def changed(self, scale: Scale, before: Level, after: Level) -> str:
        """Return from what a position changed, and to what if that is mixed."""
        word = self.stance(scale, before)
        if after == MIXED:
            return self.gettext("Before: %(stance)s; now mixed.", stance=word)
        return self.gettext("Before: %(stance)s.", stance=word)

    def changed_terms(self) -> str:
        """Say that the same position has other conditions than before."""
        return self.gettext("Conditions changed.")

    def terms(self, name: str) -> str:
        """Return "Zelensky: other conditions", or that alone where the name is known."""
        words = self.gettext("other conditions")
        return self.says(name, words)

    def another_speaker(self) -> str:
        """Say that other people hold this position than held the one before."""
        return self.gettext("Another speaker.")

    def other_wording(self) -> str:
        """Say that the question had another wording at the position before."""
        return self.gettext("Asked in other words.")

    def statement(self, scale: Scale, statement: Statement, changed: str = "") -> str:
        """Return one mark as a sentence."""
        word = self.stance(scale, statement.stance)
        said = {"date": statement.said, "name": statement.speaker, "stance": word}
        if statement.for_whom:
            head = self.gettext(
                "%(date)s. %(name)s (%(whom)s): %(stance)s.", whom=statement.for_whom, **said
            )
        else:
            head = self.gettext("%(date)s. %(name)s: %(stance)s.", **said)
        return " ".join([head, *self._remarks(statement, changed)])

    def _remarks(self, statement: Statement, changed: str) -> list[str]:
        via = statement.via
        reported = (
            self.gettext("Second-hand, via %(via)s.", via=via)
            if via
            else self.gettext("Second-hand.")
        )
        remarks = (
            (changed, changed),
            (statement.rank == 1, reported),
            (statement.rank > 1, self.gettext("Ascribed by the author.")),
            (statement.voice, self.gettext("Speaks for the side, does not decide.")),
            (statement.differs, self.gettext("People of one side differ.")),
            (
                statement.condition,
                self.gettext("Condition: %(words)s.", words=statement.condition),
            ),
            (statement.corrected, self.gettext("Corrected.")),
            (statement.retracted, self.gettext("Retracted.")),
            (statement.found_late, self.gettext("Found later.")),
        )
        return [text for said, text in remarks if said]

    def several(self, count: int, first: str) -> str:
        """Return a mark with a count as a sentence."""
        return self.ngettext(
            "%(num)d statement: %(first)s",
            "%(num)d statements, among them: %(first)s",
            count,
            first=first,
        )

    def days(self, first: int, last: int) -> str:
        """Return a stretch of days in words, or the one day that it is."""
        if first == last:
            return self.day(first)
        return self.gettext("%(first)s to %(last)s", first=self.day(first), last=self.day(last))

    def knot(self, changes: int, when: str) -> str:
        """Return changes without room as a sentence."""
        return self.ngettext(
            "%(when)s: %(num)d change. Shows these days.",
            "%(when)s: %(num)d changes. Shows these days.",
            changes,
            when=when,
        )

    def bin(self, scale: Scale, when: str, counts: dict[int, int]) -> str:
        """Return a bin as a sentence: how many, and how many of each."""
        total = sum(counts.values())
        parts = ", ".join(
            f"{number} {self.stance(scale, level)}" for level, number in counts.items() if number
        )
        return self.ngettext(
            "%(when)s: %(num)d statement, %(parts)s.",
            "%(when)s: %(num)d statements, %(parts)s.",
            total,
            when=when,
            parts=parts,
        )

    def lean(self, scale: Scale, lean: int) -> str:
        """Return where most statements of four weeks lean."""
        return self.stance(scale, 2 * lean) if lean else self.gettext("split")

    def leaning(self, old: str, new: str) -> str:
        """Return a change of that lean."""
        return self.gettext("lean: %(old)s → %(new)s", old=old, new=new)

    def lane(self, name: str, count: int, standing: str) -> str:
        """Return a lane as a sentence."""
        return self.ngettext(
            "%(name)s: %(num)d statement; at the moment shown: %(standing)s",
            "%(name)s: %(num)d statements; at the moment shown: %(standing)s",
            count,
            name=name,
            standing=standing or self.gettext("no statement"),
        )

    def development(self, when: str, title: str, count: int) -> str:
        """Return a development as a sentence."""
        if count > 1:
            return self.gettext(
                "%(when)s, development: %(title)s, and %(more)d more",
                when=when,
                title=title,
                more=count - 1,
            )
        return self.gettext("%(when)s, development: %(title)s", when=when, title=title)

    def title(self, first: int, last: int) -> str:
        """Return the name of the chart."""
        return self.gettext(
            "Position lanes, %(first)s to %(last)s", first=self.day(first), last=self.day(last)
        )

    def not_said_again(self, days: int) -> str:
        """Say from when on words count as not said again."""
        return self.ngettext(
            "not said again for %(num)d day", "not said again for %(num)d days", days
        )

    def counted_by(self, unit: str, count: int | None = None, changes: int = 0) -> str:
        """Return what a bar or a bin counts, with the number of all statements if given.

        ``changes`` are those that are not drawn one by one.
        """
        per = {
            "day": self.gettext("by day"),
            "week": self.gettext("by week"),
            "month": self.gettext("by month"),
            "quarter": self.gettext("by quarter"),
            "year": self.gettext("by year"),
            "two-years": self.gettext("by two years"),
            "five-years": self.gettext("by five years"),
            "decade": self.gettext("by decade"),
            "century": self.gettext("by century"),
        }.get(unit, self.gettext("in all"))
        if count is None:
            return self.gettext("statements %(per)s", per=per)
        statements = self.ngettext(
            "%(num)d statement, %(per)s", "%(num)d statements, %(per)s", count, per=per
        )
        if not changes:
            return statements
        changes_text = self.ngettext("%(num)d change", "%(num)d changes", changes)
        return self.gettext(
            "%(statements)s; %(changes)s", statements=statements, changes=changes_text
        )

    def number(self, count: int) -> str:
        """Return how many statements a lane has."""
        return self.ngettext("%(num)d statement", "%(num)d statements", count)

    def closer_together(self, years: str) -> str:
        """Say that the earlier of two scales is the smaller one."""
        return self.gettext("%(years)s: drawn closer together, changes only", years=years)

    def changes_only(self) -> str:
        """Return the note of a chart in which some lanes show only changes."""
        return self.gettext("where there are many statements, only changes are marked")

    def now(self, *, is_fresh: bool) -> str:
        """Return the heading of current positions: "now" only if they are recent."""
        return self.gettext("now") if is_fresh else self.gettext("last known")

    def still(self, text: str) -> str:
        """Return the date of a current position."""
        return self.gettext("now; %(said)s", said=text) if text else self.gettext("now")

    def then(self, day: int | None, *, is_today: bool) -> str:
        """Name the moment shown; its date is added if it lies after the plot."""
        then = self.gettext("today") if is_today else self.gettext("then")
        return then if day is None else f"{then}, {self.day(day)}"

    def nothing_said(self, days: int) -> str:
        """Return how long nothing has been said, in days or, if long, in whole years."""
        if days < MANY_DAYS:
            return self.ngettext(
                "nothing said for %(num)d day", "nothing said for %(num)d days", days
            )
        return self.ngettext(
            "nothing said for over %(num)d year",
            "nothing said for over %(num)d years",
            int(days / DAYS_OF_YEAR),
        )

    def nothing_recorded(self, days: int) -> str:
        """Say the same if nobody is known to have watched."""
        if days < MANY_DAYS:
            return self.ngettext(
                "nothing recorded for %(num)d day", "nothing recorded for %(num)d days", days
            )
        return self.ngettext(
            "nothing recorded for over %(num)d year",
            "nothing recorded for over %(num)d years",
            int(days / DAYS_OF_YEAR),
        )

    def all_lanes(self, count: int) -> str:
        """Return the link to the lanes that are not drawn."""
        return self.ngettext("Show %(num)d more lane", "Show %(num)d more lanes", count)

    def following_lanes(self, count: int) -> str:
        """Return the link to the next page of lanes."""
        return self.ngettext("Next lane", "Next %(num)d lanes", count)

    def lanes_of(self, first: int, last: int, count: int) -> str:
        """Return which of all lanes a page shows."""
        return self.gettext(
            "Lanes %(first)s to %(last)s of %(all)s", first=first, last=last, all=count
        )
