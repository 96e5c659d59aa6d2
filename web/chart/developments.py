"""Developments: marks on a line of their own, with labels in three rows."""

from __future__ import annotations

from string import ascii_lowercase
from typing import TYPE_CHECKING

import msgspec

from web.chart import text
from web.chart.axis import NARROW, PHONE, SPACIOUS, WIDEST, WIDTH
from web.chart.calendar import DAY, UNITS, unit_of
from web.chart.drawing import DevelopmentMark, Label
from web.chart.room import Box

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from web.chart.axis import Window
    from web.chart.model import Development
    from web.chart.wording import Wording

BASE = 64
"""The y of the marks; labels stand in the rows above."""

ROWS = (43, 28, 13)
SIDES = ((-4, "start"), (4, "end"))
MOST = 24
"""The most marks on the line; beyond, those of one day, week or month are joined."""

APART, FARTHEST = 11, 44
"""Pixels between two marks, and the most that a mark may be moved to make room."""

MOST_TRIES = 400
"""The most places tried before an older label is dropped."""

SPECK = 0.3
"""Percent of the plot below which a period is drawn as a line."""

OVERHANG = 6
"""Pixels that a name may reach to the left of the plot."""

STYLE = "development-label"


def developments(
    window: Window,
    edge: int,
    happened: Sequence[Development],
    words: Wording,
    *,
    lettered: bool = False,
) -> tuple[DevelopmentMark, ...]:
    """Return the marks inside the window, oldest first, with the labels that fit, or letters."""
    shown = sorted(
        (development for development in happened if window.shows(development.at)),
        key=lambda development: (development.at, development.number),
    )
    marks_made = [_mark(window, edge, group, words) for group in _grouped(shown)]
    marks = _apart(marks_made, window.signs_left)
    if lettered:
        return tuple(
            msgspec.structs.replace(mark, letter=letter)
            for mark, letter in zip(marks, ascii_lowercase, strict=False)
        )
    groups = [group[0] for group in _grouped(shown)]
    names = [development.label for development in groups]
    mark_names = _Names(
        marks,
        names,
        [development.longer for development in groups],
        (window.signs_left, window.x(edge)),
    )
    labels = mark_names.labelled()
    short = mark_names.shortened(labels)
    return tuple(
        msgspec.structs.replace(mark, label=labels.get(at), short=short.get(at))
        for at, mark in enumerate(marks)
    )


def _grouped(shown: list[Development]) -> list[list[Development]]:
    for unit in UNITS:
        groups: dict[int, list[Development]] = {}
        for development in shown:
            groups.setdefault(unit_of(development.at // DAY, unit), []).append(development)
        if len(groups) <= MOST:
            break
    return list(groups.values())


def _mark(window: Window, edge: int, group: list[Development], words: Wording) -> DevelopmentMark:
    first = group[0]
    x = window.at(first.at, timed=first.timed)
    end = max(
        (development.until for development in group if development.until is not None),
        default=first.at,
    )
    width = round(window.at(end, timed=True) - x, 3) if end // DAY > first.at // DAY else 0
    return DevelopmentMark(
        number=first.number,
        x=x,
        href=first.href or f"#d{first.number}",
        sentence=words.development(first.when, first.title, len(group)),
        title=first.title,
        when=first.when,
        more=len(group) - 1,
        width=width if width >= SPECK else 0,
        future=first.at > edge,
    )


def _apart(marks: Sequence[DevelopmentMark], left: float) -> list[DevelopmentMark]:
    """Move the earlier of two close marks left, as far as the plot of a phone allows."""
    placed: list[DevelopmentMark] = []
    for mark in sorted(marks, key=lambda mark: (-mark.x, -mark.number)):
        at = mark.x / 100 * WIDTH
        free = placed[-1].x / 100 * WIDTH + placed[-1].shift - APART if placed else at
        room = min(FARTHEST, (mark.x - left) / 100 * PHONE)
        shift = int(max(min(free - at, 0), -room) * 10) / 10
        placed.append(msgspec.structs.replace(mark, shift=shift))
    return placed[::-1]


class _Names:
    """The names beside the marks, between two ``ends`` of the plot in percent.

    Only a name to the left of its mark may belong to a future development.
    """

    def __init__(
        self,
        marks: Sequence[DevelopmentMark],
        names: Sequence[str],
        longer: Sequence[Sequence[str]],
        ends: tuple[float, float],
    ) -> None:
        self._marks, self._names, self._longer, self._ends = marks, names, longer, ends
        self._choices: dict[int, list[Label]] = {}
        self._boxes: dict[tuple[Label, int], tuple[Box, Box]] = {}

    def labelled(self) -> dict[int, Label]:
        """Return labels by mark: as many of the newest as a search can place without overlap.

        Each label is then lengthened as far as there is room. The rest may fit on a wider plot.
        """
        places = [at for at, name in enumerate(self._names) if name][-2 * MOST :]
        wide = self._placed(places)
        for at in sorted(wide, reverse=True):
            others = [label for other, label in wide.items() if other != at]
            wide[at] = self._lengthened(wide[at], self._longer[at], others)
        narrow: dict[int, Label] = {}
        for at in sorted(wide, reverse=True):
            if self.is_clear(wide[at], narrow.values(), NARROW):
                narrow[at] = wide[at]
        tiers = {at: "if-narrow" if at in narrow else "if-wide" for at in wide}
        for at in sorted(set(places) - wide.keys(), reverse=True):
            for label in self.choices(at):
                if all(self.is_clear(label, wide.values(), width) for width in (SPACIOUS, WIDEST)):
                    wide[at], tiers[at] = label, "if-spacious"
                    break
        return {at: msgspec.structs.replace(label, tier=tiers[at]) for at, label in wide.items()}

    def shortened(self, labels: dict[int, Label]) -> dict[int, Label]:
        """Return short names for narrow plots, where the longer ones do not fit."""
        narrow_labels = [label for label in labels.values() if label.tier == "if-narrow"]
        short_labels: dict[int, Label] = {}
        wide = sorted((at for at, label in labels.items() if label.tier == "if-wide"), reverse=True)
        for at in wide:
            for label in self.choices(at):
                others = (*narrow_labels, *short_labels.values())
                if all(self.is_clear(label, others, width) for width in (NARROW, WIDTH)):
                    short_labels[at] = msgspec.structs.replace(label, tier="if-narrow if-not-wide")
                    break
        return short_labels

    def choices(self, at: int) -> list[Label]:
        """Return every place of a mark's name."""
        if at not in self._choices:
            mark = self._marks[at]
            self._choices[at] = [
                Label(mark.x, mark.shift + dx, y, self._names[at], anchor, STYLE)
                for y in ROWS
                for dx, anchor in SIDES
            ]
        return self._choices[at]

    def is_clear(self, label: Label, placed: Iterable[Label], width: int) -> bool:
        """Tell whether a label stays in the plot and clear of other labels and leaders."""
        box, lead = self._boxes_of(label, width)
        left, right = (end / 100 * width for end in self._ends)
        if box.left < left - OVERHANG or (label.anchor == "start" and box.right > right):
            return False
        for other in placed:
            theirs, their_lead = self._boxes_of(other, width)
            if box.meets(theirs) or lead.meets(theirs) or box.meets(their_lead):
                return False
        return True

    def _boxes_of(self, label: Label, width: int) -> tuple[Box, Box]:
        """Return the rectangles of a label, cached because a search needs them often."""
        key = label, width
        cached = self._boxes.get(key)
        if cached is None:
            cached = self._boxes[key] = boxes(label, width)
        return cached

    def _placed(self, places: list[int]) -> dict[int, Label]:
        """Place labels, newest first; drop those that do not fit with newer ones."""
        placed_so_far: list[int] = []
        placed: dict[int, Label] = {}
        for at in reversed(places):
            search = _Search(self)
            if search.place([at], placed) or search.place([*placed_so_far, at], {}):
                placed_so_far.append(at)
                placed = search.found
        return placed

    def _lengthened(self, label: Label, longer: Sequence[str], others: list[Label]) -> Label:
        at = _lead(label)
        for words in longer:
            places = [
                Label(label.x, at + dx, y, words, anchor, STYLE)
                for y in ROWS
                for dx, anchor in SIDES
            ]
            places.sort(key=lambda place: (place.y != label.y, place.anchor != label.anchor))
            for said in places:
                if all(self.is_clear(said, others, width) for width in (WIDTH, WIDEST)):
                    return said
        return label


class _Search:
    """A backtracking search over rows and sides, newest label first."""

    def __init__(self, names: _Names) -> None:
        self._names = names
        self._tries = MOST_TRIES
        self.found: dict[int, Label] = {}

    def place(self, wanted: list[int], placed: dict[int, Label]) -> bool:
        """Place every label; ``False`` if it cannot be done within the tries."""
        if not wanted:
            self.found = placed
            return True
        for label in self._names.choices(wanted[0]):
            self._tries -= 1
            if self._tries < 0:
                return False
            if self._is_free(label, placed) and self.place(
                wanted[1:], {**placed, wanted[0]: label}
            ):
                return True
        return False

    def _is_free(self, label: Label, placed: dict[int, Label]) -> bool:
        widths = (WIDTH, WIDEST)
        return all(self._names.is_clear(label, placed.values(), width) for width in widths)


def _lead(label: Label) -> float:
    """Return by how many pixels the mark of a label was moved."""
    return label.dx - next(dx for dx, anchor in SIDES if anchor == label.anchor)


def boxes(label: Label, width: float) -> tuple[Box, Box]:
    """Return the rectangles of a label and of its leader at a plot width."""
    x = label.x / 100 * width
    wide = text.width(label.text, text.SMALL)
    left = x + label.dx if label.anchor == "start" else x + label.dx - wide
    words = Box(left, label.y - 9.5, left + wide, label.y + 3.5)
    lead = x + _lead(label)
    return words, Box(lead - 1, label.y + 4, lead + 1, BASE - 7)
