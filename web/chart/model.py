"""The input of a chart: lanes of statements, and the positions that they held.

Instants are seconds since 1970-01-01T00:00Z and may lie far outside a calendar's reach. Texts
(`said`, names, via, condition) are ready for the reader's eyes; the chart translates only the
words that it composes itself.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from timeline.domain.scales import SCALES, Scale

Instant: TypeAlias = int
Level: TypeAlias = int | Literal["mixed"] | None
Kind: TypeAlias = Literal["", "first", "changed", "terms"]
"""How a position begins: a plain step, first words, a published change, or other conditions."""

MIXED: Literal["mixed"] = "mixed"
DAY = 86_400
MARKED = 660
"""Pixels of the narrowest plot on which no mark covers another, if not told otherwise."""

RESTATED = 90 * DAY
"""Seconds for which a line is solid after a statement, unless the chart is told otherwise."""


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One statement of a lane.

    ``at`` is the instant it counts from; ``earliest`` and ``latest`` bound a said date that is
    wider than a day; ``stance`` is −2 … +2 or None for no position; ``rank`` 0 is first-hand,
    1 second-hand, 2 ascribed; ``hidden`` means filtered out: it holds its level, unmarked. A
    ``voice`` speaks for the side of the lane and does not decide; one that ``differs`` shows that
    people of one side differ. ``turning`` is the number of the turning point that it makes.
    """

    number: int
    at: Instant
    said: str
    speaker: str
    short: str
    stance: int | None
    timed: bool = False
    earliest: Instant | None = None
    latest: Instant | None = None
    for_whom: str = ""
    rank: int = 0
    voice: bool = False
    differs: bool = False
    via: str = ""
    joint: bool = False
    condition: str = ""
    retracted: bool = False
    corrected: bool = False
    found_late: bool = False
    is_new: bool = False
    hidden: bool = False
    recorded: Instant | None = None
    turning: int = 0


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """A position while it is the latest one on record.

    ``said`` are the instants at which it was said (the line is solid for a while after each);
    ``opened_by`` is the statement that shows the change, 0 where there is none to show;
    ``end`` None means up to now, ``stale`` that it was said so long ago that nobody can tell
    whether it is held now. A line is not solid beyond an instant from which it is ``unwatched``.
    """

    start: Instant
    end: Instant | None
    level: Level
    timed: bool = False
    lowest: int | None = None
    highest: int | None = None
    rank: int = 0
    said: tuple[Instant, ...] = ()
    first_said: str = ""
    last_said: str = ""
    kind: Kind = ""
    opened_by: int = 0
    other_speaker: bool = False
    stale: bool = False
    other_wording: bool = False
    unwatched: tuple[Instant, ...] = ()

    @property
    def is_published(self) -> bool:
        """Whether it begins with a published change."""
        return self.kind in ("changed", "terms")

    @property
    def opening(self) -> Statement | None:
        """A statement for its mark alone, in place of the one that opened it."""
        if not isinstance(self.level, int):
            return None
        return Statement(
            number=self.opened_by,
            at=self.start,
            said="",
            speaker="",
            short="",
            stance=self.level,
            timed=self.timed,
            rank=self.rank,
        )


class CurrentPosition(msgspec.Struct, frozen=True, kw_only=True):
    """The right-hand column: where the actor stands at the moment shown.

    ``text`` is "last said 2 Sep", ``via`` who passes the words on ("via an envoy"), ``reported``
    what others say ("according to an envoy: opposes"), ``voices`` what those say who speak for the
    side and do not decide; ``spoke`` tells that words are on record which take no position,
    ``silence`` says why there are none. ``is_fresh`` means said so lately that the actor stands
    there now.
    """

    level: Level = None
    spoke: bool = False
    silence: str = ""
    rank: int = 0
    text: str = ""
    via: str = ""
    condition: str = ""
    reported: str = ""
    voices: str = ""
    why_href: str = ""
    is_fresh: bool = True


class DayCount(msgspec.Struct, frozen=True, kw_only=True):
    """Statements of a lane on one day (instant // 86400), from −2 to +2."""

    day: int
    counts: tuple[int, int, int, int, int]


class Unwatched(msgspec.Struct, frozen=True):
    """A time in which nobody watched a lane, up to the second ``after`` it; ``said`` in words."""

    first: Instant
    after: Instant
    said: str


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    """Everyone who speaks for one actor on one topic.

    A lane ``is_below`` the one before it if it is of somebody who also speaks for that actor.
    ``daily`` replaces marks by counts (a caller with thousands of statements gives only that, and
    as ``openings`` those by which its positions begin, or the number of changes ``untold``),
    and a lane that is ``counted`` has none even where there is nothing to count; of one of which a
    part is given, ``total`` counts the statements of the whole;
    ``list_href`` is the filtered list behind counts; ``reported`` are runs of a lower rank.
    A lane that is ``named`` by the reader is never left out in favour of others. One that bears
    another name than that of its ``actor`` says who that is; where its topic has a rhythm of its
    own, its line is solid for ``restated`` seconds after each statement.
    One that is ``folded`` is a line without marks, below all others.
    ``subtitle`` may lead to the lane split or joined, which ``subtitle_hint`` says in words.
    """

    slug: str
    name: str
    href: str = ""
    subtitle: str = ""
    subtitle_href: str = ""
    subtitle_hint: str = ""
    side: str = ""
    is_below: bool = False
    scale: Scale | None = None
    statements: tuple[Statement, ...] = ()
    runs: tuple[Run, ...] = ()
    reported: tuple[Run, ...] = ()
    daily: tuple[DayCount, ...] = ()
    openings: tuple[Statement, ...] = ()
    untold: int = 0
    counted: bool = False
    total: int = 0
    list_href: str = ""
    named: bool = False
    actor: str = ""
    restated: int | None = None
    unwatched: tuple[Unwatched, ...] = ()
    standing: CurrentPosition = CurrentPosition()
    folded: bool = False


class Development(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened; ``label`` is the short name beside its mark.

    ``longer`` are names that say more, for where there is room, the longest first.
    """

    number: int
    at: Instant
    when: str
    title: str
    label: str
    longer: tuple[str, ...] = ()
    href: str = ""
    until: Instant | None = None
    timed: bool = False
    announced: bool = False


class Whole(msgspec.Struct, frozen=True):
    """All that an overview tells of: from the first to the last instant, by day how much was said.

    ``moved`` counts those of the statements that changed a position.
    """

    first: Instant
    last: Instant
    said: tuple[tuple[int, int], ...] = ()
    moved: tuple[tuple[int, int], ...] = ()


class ChartInput(msgspec.Struct, frozen=True, kw_only=True):
    """One chart. ``end`` of the window usually lies 2% after now.

    ``silent_since`` are the last words of all where they are long past: a break follows the
    window in place of the time in which nothing is on record; where somebody ``watched`` all the
    while, nothing was said. With ``earlier`` a small column holds
    the time from then to the start, and with ``earlier_share`` one of so many percent of the plot;
    ``whole`` fills the overview, if there is one.
    The ``axis`` of developments keeps its place even while there are none. For ``restated``
    seconds after each statement its line is solid; ``known`` draws lag tails for the known clock.
    ``proof_href`` holds ``{n}`` for the number of the statement whose proof opens, ``several_href``
    ``{m}`` as well for the last of several, ``zoom_href`` ``{from}`` and ``{to}`` for the days
    that are shown instead. Of more than 24 lanes the 12 latest to change are drawn, or when
    ``expanded`` 24 from ``first`` on; ``all_href`` leads to the next ones and ``back_href`` to
    those before. Where developments are ``lettered``, notes beside the chart say what they are. On
    a plot of ``plot`` pixels, and on any wider one, no mark covers another.
    """

    start: Instant
    end: Instant
    now: Instant
    plot: int = MARKED
    silent_since: Instant | None = None
    watched: bool = False
    earlier_share: float = 0
    as_of: Instant | None = None
    known: bool = False
    scale: Scale = SCALES["position"]
    lanes: tuple[Lane, ...] = ()
    developments: tuple[Development, ...] = ()
    axis: bool = False
    restated: int = RESTATED
    whole: Whole | None = None
    earlier: Instant | None = None
    density: Literal["roomy", "compact"] = "roomy"
    selected: int = 0
    proof_href: str = ""
    several_href: str = ""
    zoom_href: str = ""
    all_href: str = ""
    back_href: str = ""
    expanded: bool = False
    first: int = 0
    lettered: bool = False
    links: bool = True

    @property
    def moment(self) -> int:
        """The instant up to which statements are shown."""
        return self.now if self.as_of is None else self.as_of
