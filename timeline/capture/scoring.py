"""Score suggesters on texts that people labelled.

A folder has ``labels.json``: a list of texts, each with its ``file``, ``lang``, publication day
(``reference_date``), its ``items`` (``start``, ``end`` and ``speaker_re``, a pattern for the
speaker's name) and spans that do not count (``dont_care``). A suggestion hits a label if they share
half of the shorter one; each counts once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from timeline.capture.suggesters import suggest
from timeline.capture.suggestion import Article
from timeline.domain.errors import NotFound, Refused
from timeline.domain.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from timeline.capture.suggestion import Suggestion

LABELS_MISSING = Message(
    "labels_missing", "there is no labels.json", fix="name a folder with texts and their labels"
)
LABELS_NOT_READ = Message(
    "labels_not_read",
    "labels.json does not say what is labelled: %(error)s",
    fix="give a list of file, lang, reference_date and items",
)

LABELLED_TEXT_MISSING = Message(
    "labelled_text_missing",
    "the text that is labelled cannot be opened: %(error)s",
    fix="put it beside labels.json, under the name that stands there",
)
LABELLED_TEXT_NOT_UTF_8 = Message(
    "labelled_text_not_utf_8", "the text that is labelled is not UTF-8", fix="save it as UTF-8"
)
Span = tuple[int, int]
HALF = 0.5


class Label(msgspec.Struct, frozen=True):
    """A statement that a person found in a text."""

    start: int
    end: int
    speaker_re: str

    def __post_init__(self) -> None:
        re.compile(self.speaker_re)


class LabelledText(msgspec.Struct, frozen=True):
    """A text with its labels."""

    file: str
    lang: str
    reference_date: str
    items: tuple[Label, ...]
    dont_care: tuple[Span, ...] = ()


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """The score of suggestions for some texts.

    ``hits`` are suggestions that hit a label. Of these, ``right`` have the right speaker, or
    rightly none; ``offered`` have the right one filled in or among the choices; ``named`` have a
    speaker filled in, ``named_right`` the right one.
    """

    texts: int = 0
    labels: int = 0
    suggested: int = 0
    hits: int = 0
    named: int = 0
    named_right: int = 0
    right: int = 0
    offered: int = 0

    def __add__(self, other: Score) -> Score:
        """Return the sum of both."""
        return Score(
            **{name: getattr(self, name) + getattr(other, name) for name in self.__struct_fields__}
        )

    def shares(self) -> dict[str, int | float]:
        """Return counts and shares for a table, shares rounded to two places."""
        return {
            "texts": self.texts,
            "labels": self.labels,
            "suggested": self.suggested,
            "precision": _share(self.hits, self.suggested),
            "recall": _share(self.hits, self.labels),
            "usable_precision": _share(self.right, self.suggested),
            "usable_recall": _share(self.right, self.labels),
            "speaker_right": _share(self.named_right, self.named),
            "usable_or_offered": _share(self.offered, self.labels),
        }


def _share(part: int, total: int) -> float:
    return round(part / total, 2) if total else 0.0


SCORED = ("with", "lang", *Score().shares())
"""The columns of a comparison."""


def compare(folder: Path, names: Iterable[str]) -> list[dict[str, str | int | float]]:
    """Return the scores of single suggesters by language; raises what `score` does."""
    return [
        {"with": name, "lang": lang, **result.shares()}
        for name in dict.fromkeys(names)
        for lang, result in sorted(score(folder, (name,)).items())
    ]


def read_labels(folder: Path) -> list[LabelledText]:
    """Return the labelled texts of a folder; raises `NotFound` or `Refused`."""
    file = folder / "labels.json"
    if not file.is_file():
        raise NotFound(LABELS_MISSING, field=str(folder))
    try:
        return msgspec.json.decode(file.read_bytes(), type=list[LabelledText])
    except (msgspec.DecodeError, re.error) as error:
        raise Refused(LABELS_NOT_READ, field=str(file), error=str(error)) from None


def score(folder: Path, names: Iterable[str]) -> dict[str, Score]:
    """Return the score of suggesters by language; raises what `read_labels` and `suggest` do."""
    scores: dict[str, Score] = {}
    for labelled in read_labels(folder):
        text = _text(folder / labelled.file)
        suggested = suggest(Article(text, labelled.lang, labelled.reference_date), names)
        scores[labelled.lang] = scores.get(labelled.lang, Score()) + score_of(suggested, labelled)
    return scores


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except OSError as error:
        raise NotFound(LABELLED_TEXT_MISSING, field=str(file), error=error.strerror) from None
    except UnicodeDecodeError:
        raise Refused(LABELLED_TEXT_NOT_UTF_8, field=str(file)) from None


def score_of(suggested: list[Suggestion], labelled: LabelledText) -> Score:
    """Compare the suggestions for one text with its labels."""
    pairs = sorted(
        (
            (
                _is_right(suggestion, label),
                _is_offered(suggestion, label),
                _likeness(suggestion, label),
                at,
                place,
            )
            for at, suggestion in enumerate(suggested)
            for place, label in enumerate(labelled.items)
            if _shared((suggestion.start, suggestion.end), (label.start, label.end)) >= HALF
        ),
        reverse=True,
    )
    used: set[int] = set()
    met: dict[int, tuple[bool, bool, bool]] = {}
    for right, offered, _, at, place in pairs:
        if at not in used and place not in met:
            used.add(at)
            met[place] = right, offered, suggested[at].speaker is not None
    beside = [
        suggestion
        for at, suggestion in enumerate(suggested)
        if at not in used
        and not any(
            _shared((suggestion.start, suggestion.end), span) > HALF for span in labelled.dont_care
        )
    ]
    return Score(
        texts=1,
        labels=len(labelled.items),
        suggested=len(met) + len(beside),
        hits=len(met),
        named=sum(named for *_, named in met.values()),
        named_right=sum(named and right for right, _, named in met.values()),
        right=sum(right for right, *_ in met.values()),
        offered=sum(offered for _, offered, _ in met.values()),
    )


def _is_right(suggestion: Suggestion, label: Label) -> bool:
    return re.search(label.speaker_re, suggestion.speaker or "") is not None


def _is_offered(suggestion: Suggestion, label: Label) -> bool:
    return any(
        re.search(label.speaker_re, name)
        for name in (suggestion.speaker or "", *suggestion.speakers)
    )


def _shared(left: Span, right: Span) -> float:
    """Return the common part of two spans, as a share of the shorter one."""
    both = min(left[1], right[1]) - max(left[0], right[0])
    return max(both, 0) / max(min(left[1] - left[0], right[1] - right[0]), 1)


def _likeness(suggestion: Suggestion, label: Label) -> float:
    """Return the common part of a suggestion and a label, as a share of their union."""
    both = min(suggestion.end, label.end) - max(suggestion.start, label.start)
    return max(both, 0) / (max(suggestion.end, label.end) - min(suggestion.start, label.start))
