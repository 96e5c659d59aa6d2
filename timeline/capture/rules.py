"""The suggester by rules, for German and English, without a model."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.capture.conditions import condition
from timeline.capture.dates import said_at
from timeline.capture.finding import Part, People
from timeline.capture.language_readers import READERS
from timeline.capture.languages import languages_of
from timeline.capture.naming import SURE, choices, shares, way_of_naming
from timeline.capture.reading.tokens import read_sentences, without_headings
from timeline.capture.suggestion import Article, Suggestion
from timeline.capture.tables import table
from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.capture.finding import FoundPassage, Reader, Speaker
    from timeline.capture.reading.tokens import Sentence

LANGUAGE_NOT_READ = Message(
    "language_not_read",
    "no rules read the language %(lang)s",
    fix="use one of: %(choices)s",
)


class Rule(msgspec.Struct, frozen=True):
    """A rule in its table."""

    version: int
    confidence: float


class RuleSuggester:
    """Suggests what rules find, in the order of the text."""

    name = "rules"

    def suggest(self, article: Article) -> Iterator[Suggestion]:
        """Yield the statements that rules find; raises `Refused` for a language without rules.

        Sentences in another language with rules are read by the rules of that language.
        """
        if article.lang not in READERS:
            choices = ", ".join(READERS)
            lang = InQuotes(article.lang)
            raise Refused(LANGUAGE_NOT_READ, field="lang", lang=lang, choices=choices)
        suggestions = [
            suggestion
            for lang, reader in _readers(article).items()
            for suggestion in _suggestions(msgspec.structs.replace(article, lang=lang), reader)
        ]
        yield from sorted(suggestions, key=lambda suggestion: suggestion.start)


def _readers(article: Article) -> dict[str, Reader]:
    """Return a reader for each language of a text; they share the known people."""
    text, people = article.text, People()
    sentences = list(without_headings(text, read_sentences(text)))
    languages = languages_of(sentences, article.lang)
    return {
        lang: READERS[lang](
            text, Part(sentences, [language == lang for language in languages]), people
        )
        for lang in dict.fromkeys([article.lang, *languages])
    }


def _suggestions(article: Article, reader: Reader) -> Iterator[Suggestion]:
    """Yield what a reader finds; the article's language must be that of the reader.

    What goes on in the paragraph is as surely somebody's as the words before it.
    """
    share = 0.0
    before: tuple[int, Speaker | None] = (-1, None)
    for sentence, passage in reader.passages():
        who = passage.speaker
        is_carried = passage.rule.startswith("carried") and passage.goes_on
        goes_on = is_carried and before == (sentence.paragraph, who)
        before = sentence.paragraph, who
        if not goes_on:
            share = (
                shares(article.lang)[way_of_naming(article, sentence, passage, who)] if who else 0.0
            )
        yield _suggestion(article, sentence, passage, share)


def _suggestion(
    article: Article, sentence: Sentence, passage: FoundPassage, share: float
) -> Suggestion:
    text, rule = article.text, rules(article.lang)[passage.rule]
    exact = text[passage.start : passage.end]
    who = passage.speaker
    name = who.name if who else None
    around = f"{text[sentence.start : passage.start]} … {text[passage.end : sentence.end]}"
    return Suggestion(
        start=passage.start,
        end=passage.end,
        exact=exact,
        speaker=name if share >= SURE else None,
        form=passage.form,
        cue=passage.cue,
        confidence=rule.confidence,
        rule=f"{article.lang}.{passage.rule}",
        version=rule.version,
        said_at=said_at(around, article.lang, article.published),
        condition=condition(exact, article.lang),
        speaker_confidence=share,
        speakers=() if share >= SURE else choices(article, name, passage.start),
    )


@cache
def rules(lang: str) -> dict[str, Rule]:
    """Return the rules of a language by name."""
    read: dict[str, Any] = table(__package__, "rules.toml")[lang]
    return msgspec.convert(read, dict[str, Rule])
