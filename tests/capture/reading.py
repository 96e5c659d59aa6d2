"""What the rules find in invented sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.capture.rules import RuleSuggester
from timeline.capture.suggestion import Article

if TYPE_CHECKING:
    from timeline.capture.suggestion import Suggestion


def german(text: str, published: str = "2025-12-15") -> list[Suggestion]:
    return list(RuleSuggester().suggest(Article(text, "de", published)))


def english(text: str, published: str = "2025-12-15") -> list[Suggestion]:
    return list(RuleSuggester().suggest(Article(text, "en", published)))


def only(suggestions: list[Suggestion]) -> Suggestion:
    (suggestion,) = suggestions
    return suggestion


def told(suggestions: list[Suggestion]) -> list[tuple[str | None, str]]:
    return [(suggestion.speaker, suggestion.exact) for suggestion in suggestions]
