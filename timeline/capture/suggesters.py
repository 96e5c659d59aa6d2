"""Who suggests: the rules, and whom other packages bring; and how much a text seems to hold."""

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
from timeline.rooms import RULES, SUGGESTERS, registered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from timeline.capture.suggestion import Suggester, Suggestion


UNKNOWN_SUGGESTER = Message(
    "unknown_suggester", "there is no suggester %(name)s", fix="use one of: %(choices)s"
)


def suggester_names() -> list[str]:
    """Return the names of all suggesters, those of other packages too."""
    return [*registered(SUGGESTERS)]


def suggester(name: str = RULES) -> Suggester:
    """Return a suggester; raises `Refused` for one that nobody knows."""
    if name in registered(SUGGESTERS):
        made: Suggester = registered(SUGGESTERS)[name].load()()
        return made
    choices = ", ".join(suggester_names())
    raise Refused(UNKNOWN_SUGGESTER, field="suggester", name=InQuotes(name), choices=choices)


def suggest(article: Article, names: Iterable[str] = (RULES,)) -> list[Suggestion]:
    """Return what suggesters find, by place.

    Of what two of them find of the same words the surer is kept, and the other beside it.
    """
    suggestions = [
        msgspec.structs.replace(suggestion, by=name)
        for name in dict.fromkeys(names)
        for suggestion in suggester(name).suggest(article)
    ]
    return side_by_side(suggestions)


def side_by_side(suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    """Return suggestions by place, of the same words the surer one, with the others beside it."""
    kept: list[Suggestion] = []
    others: dict[int, list[Suggestion]] = {}
    for suggestion in sorted(suggestions, key=lambda each: -each.confidence):
        over = [
            at
            for at, each in enumerate(kept)
            if suggestion.start < each.end and each.start < suggestion.end
        ]
        if not over:
            kept.append(suggestion)
        elif suggestion.by != kept[over[0]].by:
            others.setdefault(over[0], []).append(suggestion)
    told = [
        msgspec.structs.replace(one, others=tuple(others.get(at, ())))
        for at, one in enumerate(kept)
    ]
    return sorted(told, key=lambda each: each.start)


MOST = 100_000
"""Characters of a text from its beginning that are read."""


def passages_suggested(text: str, lang: str, published: str) -> int | None:
    """Return how many sentences may hold a statement; nothing where no rule reads the language."""
    written = lang.partition("-")[0].lower() or language_of(text)
    if written not in READERS or not text:
        return None
    starts = [suggestion.start for suggestion in suggest(Article(text[:MOST], written, published))]
    return sum(any(begin <= at < end for at in starts) for begin, end in _sentences(text))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    for paragraph in PARAGRAPH.finditer(text, 0, MOST):
        yield from sentences(text, *paragraph.span())
