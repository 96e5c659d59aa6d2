"""What a step of the replay changed: in words, and in which lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import day_of
from timeline.projections.queries import log
from web.i18n.translate import gettext, ngettext
from web.wording import answers, stances
from web.wording.event_titles import full_title
from web.wording.grammar import SEVERAL, capitalised, listed, noun

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.domain.position import Change
    from timeline.domain.scales import Scale
    from timeline.projections.queries.entries import DevelopmentEntry, StatementEntry
    from timeline.projections.queries.selected_entries import BriefStatement
    from web.lanes.history import LaneHistory
    from web.wording.grammar import Noun
    from web.wording.names import Names

FEW = 3
"""The most changes that are named one by one."""


class Announcement(msgspec.Struct, frozen=True):
    """What a step changed, in words, and the ``actors`` (ids) whose lanes show it.

    ``statement`` is the number of the first statement that caused it; 0 for none.
    """

    text: str = ""
    actors: tuple[str, ...] = ()
    statement: int = 0


def announce_day(
    day: int,
    scale: Scale,
    lanes: Sequence[LaneHistory],
    said: Mapping[int, StatementEntry],
    spoken: Collection[StatementEntry | BriefStatement],
    happened: Sequence[DevelopmentEntry],
    names: Names,
) -> Announcement:
    """Describe the changes, developments and statements of a UTC day (instant // 86400).

    ``spoken`` are all statements of that day.
    """
    moved = [(lane, change) for lane in lanes if (change := lane.change_on(day))]
    proving = {number for _, change in moved for number in change.after}
    others = sum(statement.number not in proving for statement in spoken)
    lanes_by_change: dict[tuple[str, tuple[int, ...]], list[str]] = {}
    for lane, change in moved[:FEW]:
        key = _moved(scale, change, said), change.after
        lanes_by_change.setdefault(key, []).append(names.actor(lane.actor).name)
    sentences = [
        gettext("%(name)s: %(change)s.", name=listed(whose), change=text)
        for (text, _), whose in lanes_by_change.items()
    ]
    on_day = [entry for entry in happened if day_of(entry.counts_from) == day]
    sentences += [gettext("Development: %(title)s.", title=entry.title) for entry in on_day[:FEW]]
    heard = {names.lanes.of(actor) for statement in spoken for actor in statement.actors}
    spoke = [lane for lane in lanes if lane.actor in heard]
    showing = [lane for lane, _ in moved] or spoke
    speakers = dict.fromkeys(statement.speaker for statement in spoken)
    if not sentences and 0 < len(speakers) <= FEW:
        sentences, others = [_spoke([noun(names.actor(speaker)) for speaker in speakers])], 0
    text = " ".join([*sentences, *_rest(len(moved) - FEW, others)])
    words = [
        *(change.after[0] for _, change in moved if change.after),
        *(statement.number for statement in spoken),
    ]
    return Announcement(text, tuple(lane.actor for lane in showing), next(iter(words), 0))


def announce_position(
    conn: Connection,
    position: int,
    scale: Scale,
    said: Mapping[int, StatementEntry],
    names: Names,
) -> Announcement:
    """Describe the event at a log position, and whose statement it is about."""
    line = log.line(conn, position)
    if line is None:
        return Announcement()
    what = gettext("%(event)s.", event=full_title(line.type))
    entry = said.get(line.number or 0)
    if entry is None:
        return Announcement(what)
    word = stances.of(scale, entry).with_manner
    whose = gettext("%(name)s: %(change)s.", name=names.actor(entry.speaker).name, change=word)
    return Announcement(f"{what} {whose}", entry.actors, entry.number)


def _moved(scale: Scale, change: Change, said: Mapping[int, StatementEntry]) -> str:
    if change.to is None:
        return gettext("position withdrawn")
    after = stances.proved(scale, change.to, change.after, said)
    word = stances.noted(after, change, said).with_manner
    if change.from_ is None or not change.is_visible:
        return word
    before = answers.left(scale, change, said)
    return gettext("now %(stance)s, before: %(before)s", stance=word, before=before)


def _spoke(whose: Sequence[Noun]) -> str:
    """Say who spoke on a day on which nothing changed."""
    return capitalised(
        ngettext(
            "%(who)s spoke; no position changed.",
            "%(who)s spoke; no position changed.",
            SEVERAL if len(whose) > 1 else whose[0].number,
            who=listed(other.subject for other in whose),
        )
    )


def _rest(changes: int, statements: int) -> Iterator[str]:
    if changes > 0:
        yield ngettext("%(num)d more change.", "%(num)d more changes.", changes)
    if statements:
        yield ngettext(
            "%(num)d more statement changed no position.",
            "%(num)d more statements changed no position.",
            statements,
        )
