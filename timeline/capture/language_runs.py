"""Which stretches of a text are in which language, of those that rules read."""

from __future__ import annotations

from bisect import bisect_right
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from timeline.capture.languages import languages_of
from timeline.capture.reading.tokens import read, without_headings

if TYPE_CHECKING:
    from collections.abc import Sequence


class LanguageRun(NamedTuple):
    """Sentences in a row that are in one language; ``start`` and ``end`` are code-point offsets."""

    start: int
    end: int
    lang: str


def language_runs(text: str, lang: str) -> list[LanguageRun]:
    """Return the stretches of a text by language, in order; ``lang`` is that in which it begins.

    Headings are in none of them.
    """
    sentences = list(without_headings(text, read(text)))
    pairs = zip(sentences, languages_of(sentences, lang), strict=True)
    runs = [(lang, [one for one, _ in run]) for lang, run in groupby(pairs, lambda pair: pair[1])]
    return [LanguageRun(run[0].start, run[-1].end, lang) for lang, run in runs]


def language_at(runs: Sequence[LanguageRun], place: int) -> str:
    """Return the language at a place: that of the run around it, or else behind it.

    So a heading is in the language of what it stands above. Empty without any run.
    """
    at = bisect_right(runs, place, key=lambda one: one.end)
    return runs[min(at, len(runs) - 1)].lang if runs else ""
