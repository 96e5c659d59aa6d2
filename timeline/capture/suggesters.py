"""The suggesters: our rules, and those of other packages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.capture.language_readers import READERS
from timeline.capture.suggestion import Article
from timeline.domain.common_words import language_of
from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.domain.quotations import PARAGRAPH
from timeline.domain.sentences import sentences
from timeline.rooms import RULES, SUGGESTERS, entry_points_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from timeline.capture.suggestion import Suggester, Suggestion


UNKNOWN_SUGGESTER = Message(
    "unknown_suggester", "there is no suggester %(name)s", fix="use one of: %(choices)s"
)


def suggester_names() -> list[str]:
    """Return the names of all suggesters, those of other packages included."""
    return [*entry_points_of(SUGGESTERS)]


def suggester(name: str = RULES) -> Suggester:
    """Return a suggester; raises `Refused` for an unknown name."""
    if name in entry_points_of(SUGGESTERS):
        made: Suggester = entry_points_of(SUGGESTERS)[name].load()()
        return made
    choices = ", ".join(suggester_names())
    raise Refused(UNKNOWN_SUGGESTER, field="suggester", name=InQuotes(name), choices=choices)


def suggest(article: Article, names: Iterable[str] = (RULES,)) -> list[Suggestion]:
    """Return the suggestions of suggesters, by place.

    If several suggest the same words, the surest suggestion has the others in ``others``.
    """
    suggestions = [
        msgspec.structs.replace(suggestion, by=name)
        for name in dict.fromkeys(names)
        for suggestion in suggester(name).suggest(article)
    ]
    return merge_suggestions(suggestions)


def merge_suggestions(suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    """Return suggestions by place; of overlapping ones the surest, with the others in it."""
    surest: list[Suggestion] = []
    others: dict[int, list[Suggestion]] = {}
    for suggestion in sorted(suggestions, key=lambda suggestion: -suggestion.confidence):
        over = [
            at
            for at, other in enumerate(surest)
            if suggestion.start < other.end and other.start < suggestion.end
        ]
        if not over:
            surest.append(suggestion)
        elif suggestion.by != surest[over[0]].by:
            others.setdefault(over[0], []).append(suggestion)
    merged = [
        msgspec.structs.replace(suggestion, others=tuple(others.get(at, ())))
        for at, suggestion in enumerate(surest)
    ]
    return sorted(merged, key=lambda suggestion: suggestion.start)


MOST = 100_000
"""Most characters of a text that are read, from its beginning."""


def count_suggestions(text: str, lang: str, published: str) -> int | None:
    """Count the sentences that may have a statement; ``None`` for a language without rules."""
    written = lang.partition("-")[0].lower() or language_of(text)
    if written not in READERS or not text:
        return None
    starts = [suggestion.start for suggestion in suggest(Article(text[:MOST], written, published))]
    return sum(any(begin <= at < end for at in starts) for begin, end in _sentences(text))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    for paragraph in PARAGRAPH.finditer(text, 0, MOST):
        yield from sentences(text, *paragraph.span())
