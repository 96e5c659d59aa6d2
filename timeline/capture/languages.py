"""Find the language of each sentence, among those that our rules read."""

from __future__ import annotations

from bisect import bisect_right
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from timeline.capture.reading.tokens import read_sentences, without_headings
from timeline.domain.common_words import COMMON_WORDS, WORD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.capture.reading.tokens import Sentence


_WITHIN, _BETWEEN = 1.9, 0.9
"""The cost of a change of language, in common words: within a paragraph, and between two. A title
or a name in another language is not enough."""

_QUOTED = 0.25
"""The weight of a quoted word: texts may quote another language, but most quote their own."""


def languages_of(sentences: Sequence[Sentence], lang: str) -> list[str]:
    """Return the language of each sentence; ``lang`` is probably that of the first.

    The result has the least cost: common words of other languages, and changes of language.
    """
    costs: dict[str, float] = {language: _BETWEEN * (language != lang) for language in COMMON_WORDS}
    came_from, paragraph = [], -1
    for sentence in sentences:
        change = _WITHIN if sentence.paragraph == paragraph else _BETWEEN
        paragraph, foreign = sentence.paragraph, _foreign(sentence)
        nearest = min(costs, key=costs.__getitem__)
        best = {to: to if own <= costs[nearest] + change else nearest for to, own in costs.items()}
        came_from.append(best)
        costs = {to: costs[of] + change * (of != to) + foreign[to] for to, of in best.items()}
    return _way_back(min(costs, key=costs.__getitem__), came_from)


def _foreign(sentence: Sentence) -> dict[str, float]:
    """Return for each language the weight of other languages' common words in a sentence."""
    own: list[str] = []
    quoted: list[str] = []
    for token in sentence.tokens:
        if token.kind == "quote":
            quoted += WORD.findall(token.low)
        else:
            (quoted if token.quoted else own).append(token.low)
    common = {
        lang: sum(word in marks for word in own) + _QUOTED * sum(word in marks for word in quoted)
        for lang, marks in COMMON_WORDS.items()
    }
    every = sum(common.values())
    return {lang: every - weight for lang, weight in common.items()}


def _way_back(last: str, came_from: Sequence[dict[str, str]]) -> list[str]:
    """Return the languages along the cheapest path that ends in ``last``."""
    way = []
    for best in reversed(came_from):
        way.append(last)
        last = best[last]
    return way[::-1]


class LanguageRun(NamedTuple):
    """Consecutive sentences in one language; ``start`` and ``end`` are code-point offsets."""

    start: int
    end: int
    lang: str


def language_runs(text: str, lang: str) -> list[LanguageRun]:
    """Return the runs of a text by language, in order; ``lang`` is that of its beginning.

    Headings are in no run.
    """
    sentences = list(without_headings(text, read_sentences(text)))
    pairs = zip(sentences, languages_of(sentences, lang), strict=True)
    runs = [
        (lang, [sentence for sentence, _ in run])
        for lang, run in groupby(pairs, lambda pair: pair[1])
    ]
    return [LanguageRun(run[0].start, run[-1].end, lang) for lang, run in runs]


def language_at(runs: Sequence[LanguageRun], place: int) -> str:
    """Return the language at a place: that of the run around it, or else after it.

    So a heading has the language of the text below it. Empty without any run.
    """
    at = bisect_right(runs, place, key=lambda run: run.end)
    return runs[min(at, len(runs) - 1)].lang if runs else ""
