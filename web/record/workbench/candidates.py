"""The sentences of a text that may hold a statement, and the form's values from suggestions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from timeline.capture.language_readers import READERS
from timeline.capture.languages import LanguageRun, language_runs
from timeline.capture.naming import CHOICES
from timeline.capture.nearby import is_function, persons_before
from timeline.capture.suggesters import merge_suggestions, suggest
from timeline.capture.suggestion import Article, Suggestion
from timeline.capture.topics import with_topics
from timeline.domain.common_words import language_of, plain_language_of
from timeline.domain.sentences import sentences
from timeline.domain.turns import speaker_at
from timeline.domain.word_cache import cached_words
from timeline.projections.queries import directory
from timeline.rooms import RULES
from web.i18n.translate import gettext, translator
from web.record.fields.choices import known_as
from web.record.fields.dates import precision_of
from web.record.fields.initial_values import UNTIL
from web.record.source_text.sentences import Span, overlap
from web.record.workbench.suggesters import suggester_states
from web.shell.request import reader_language

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Actor, Topic
    from web.record.source_text.article import SourceText
    from web.record.workbench.suggesters import SuggesterState

ATTRIBUTIONS = {
    "quote": "quoted",
    "reported": "reported",
    "demand": "reported",
    "denial": "reported",
    "ascribed": "ascribed",
}
"""The attribution of a statement, by the form of the suggestion."""

ANNOUNCED = re.compile(r"announc|ankünd|kündig\w* .*an\b", re.IGNORECASE)
"""Words that show that a development is still to come."""

TURN = "turn"
"""The rule for transcripts: the name above the words is their speaker. It was never measured."""

SURE = 0.9
"""A candidate counts as sure from this share of right suggestions on."""


ENDS = (".", "!", "?", "…")

NEAR = 3
"""How many persons are offered for a mere function such as "the minister"."""


class Candidate(msgspec.Struct, frozen=True):
    """A sentence that may hold a statement, and the suggestions in it.

    It is ``done`` if a passage of it is settled.
    """

    span: Span
    suggestions: tuple[Suggestion, ...]
    done: bool

    @property
    def value(self) -> str:
        """Its span as an address has it."""
        return f"{self.span[0]}-{self.span[1]}"

    @property
    def sure(self) -> bool:
        """Tell whether rules like that are nearly always right."""
        return max(suggestion.confidence for suggestion in self.suggestions) >= SURE


class Explanation(msgspec.Struct, frozen=True):
    """Why a passage may be a statement, in a sentence, and the rule that says so.

    ``sure`` is the share of right suggestions of that rule in percent, ``speaker_sure`` that of
    right speakers; 0 if never measured. ``condition`` are words that make it conditional.
    ``speaker`` is a name in the text that no actor has, ``meant`` are actors whose names end with
    it. ``near`` are persons named just before a mere function, ``choices`` possible speakers if
    none is filled in. ``topics`` are possible topics. ``sources`` say who suggests what, if others
    than the rules do.
    """

    sentence: str
    rule: str
    sure: int
    speaker_sure: int
    condition: str
    speaker: str
    meant: tuple[Actor, ...]
    near: tuple[str, ...]
    choices: tuple[str, ...]
    topics: tuple[Topic, ...]
    sources: tuple[str, ...]


def suggestions_in(
    source: SourceText, section: Span, beside: Iterable[SuggesterState] = ()
) -> tuple[Suggestion, ...]:
    """Return the suggestions for a section, with offsets in the whole text.

    The rules suggest nothing in a language that they cannot read. Suggestions of others
    (``beside``) are merged with theirs.
    """
    article = _article(source, section)
    by_rules = _rule_suggestions(article, section[0]) if article.lang in READERS else ()
    others = [_shifted(found, section[0]) for state in beside for found in state.suggestions]
    return tuple(merge_suggestions([*by_rules, *others])) if others else by_rules


def suggesters_for(source: SourceText, section: Span) -> list[SuggesterState]:
    """Return the states of the suggesters for a section."""
    return suggester_states(_article(source, section))


def _article(source: SourceText, section: Span) -> Article:
    published = source.imprint.get("source.published_at", "")
    return Article(source.text[slice(*section)], _language(source), published)


def _shifted(suggestion: Suggestion, begin: int) -> Suggestion:
    return msgspec.structs.replace(
        suggestion, start=suggestion.start + begin, end=suggestion.end + begin
    )


def languages_in(source: SourceText, section: Span) -> tuple[LanguageRun, ...]:
    """Return the runs of one language in a section, with offsets in the whole text.

    Empty for a language that the rules cannot read: it may be taken for another one.
    """
    stated = source.imprint.get("source.lang", "")
    lang = _language(source) if stated else plain_language_of(source.text)
    return _runs(source.text[slice(*section)], lang, section[0]) if lang in READERS else ()


def candidates(
    sentences: Iterable[Span], suggestions: tuple[Suggestion, ...], settled: list[tuple[int, ...]]
) -> Iterator[Candidate]:
    """Yield the sentences in which suggestions begin; those that overlap ``settled`` are done."""
    for span in sentences:
        inside = tuple(
            suggestion for suggestion in suggestions if span[0] <= suggestion.start < span[1]
        )
        if inside:
            yield Candidate(span, inside, any(overlap(span_, span) for span_ in settled))


def basis(source: SourceText, span: Span, suggestion: Suggestion | None) -> Suggestion | None:
    """Return the suggestion for a form: in a transcript, one with the speaker of the turn.

    There, people whom the speaker addresses or quotes are not the speaker.
    """
    speaker = speaker_at(source.text, span[0])
    if not speaker:
        return suggestion
    return Suggestion(
        start=span[0],
        end=span[1],
        exact=source.text[slice(*span)],
        speaker=speaker,
        form="quote",
        cue=speaker,
        confidence=0,
        rule=TURN,
        version=1,
        said_at=source.imprint.get("source.published_at", ""),
        condition=suggestion.condition if suggestion else "",
    )


def as_coded_before(text: str, suggestion: Suggestion, coded: Span, speaker: str) -> Suggestion:
    """Return a suggestion with the speaker of the passage ``coded`` just before it.

    They are the speaker if the sentence follows that passage and names nobody; in another
    paragraph they are only the first choice.
    """
    between = text[coded[1] : suggestion.start]
    follows = coded[1] <= suggestion.start and not _sentences_between(text, coded, suggestion.start)
    if not (follows and speaker) or _names_its_speaker(text, suggestion, coded[1]):
        return suggestion
    if "\n" not in between:
        return msgspec.structs.replace(suggestion, speaker=speaker, speakers=())
    offered = dict.fromkeys([speaker, *filter(None, [suggestion.speaker]), *suggestion.speakers])
    return msgspec.structs.replace(suggestion, speaker=None, speakers=tuple(offered)[:CHOICES])


def _names_its_speaker(text: str, suggestion: Suggestion, begin: int) -> bool:
    """Tell whether the sentence of a suggestion, at ``begin`` or later, names its speaker."""
    stop = text.find("\n", suggestion.end)
    spans = sentences(text, begin, stop if stop >= 0 else len(text))
    name = (suggestion.speaker or "\n").rpartition(" ")[2]
    return any(
        name in text[slice(*sentence)]
        for sentence in spans
        if sentence[0] <= suggestion.start < sentence[1]
    )


def _sentences_between(text: str, coded: Span, start: int) -> bool:
    """Tell whether there is a whole sentence between a passage and a later place."""
    between = list(sentences(text, coded[1], start))
    is_whole = text[coded[0] : coded[1]].rstrip("”“»«\"'’‘")[-1:] in ENDS
    return len(between) > (0 if is_whole else 1)


def initial_values(conn: Connection, span: Span, suggestion: Suggestion | None) -> dict[str, str]:
    """Return the initial values of a form: never a topic, and never a stance."""
    values = {"passage": f"{span[0]}-{span[1]}", "attribution": "reported", "precision": "day"}
    if suggestion is None:
        return values
    actors = _possible_actors(conn, suggestion.speaker or "")
    speaker = actors[0] if len(actors) == 1 else None
    return values | {
        "attribution": ATTRIBUTIONS[suggestion.form],
        "actor": known_as(conn, speaker) if speaker else suggestion.speaker or "",
        "said_at": suggestion.said_at.removeprefix(UNTIL),
        "precision": precision_of(suggestion.said_at),
    }


def development_values(conn: Connection, suggestion: Suggestion | None) -> dict[str, str]:
    """Return the status of a development and its source, if the text names one.

    Otherwise only a person can decide.
    """
    if suggestion is None or not suggestion.speaker:
        return {}
    is_to_come = ANNOUNCED.search(suggestion.cue)
    values = initial_values(conn, (suggestion.start, suggestion.end), suggestion)
    return {"status": "announced" if is_to_come else "claimed", "according_to": values["actor"]}


def explain(
    conn: Connection, source: SourceText, suggestion: Suggestion, stories: Collection[str] = ()
) -> Explanation:
    """Explain why a passage may be a statement, with up to three possible topics.

    The topics are of the ``stories`` (ids) of the text, if those are known.
    """
    with reader_language():
        by_slug = {topic.slug: topic for topic in directory.topics(conn) if not topic.closed}
    allowed = (
        {slug for slug, topic in by_slug.items() if topic.story in stories} if stories else None
    )
    (placed,) = with_topics(conn, source.text, [suggestion], among=allowed)
    topics = tuple(by_slug[slug] for slug in placed.topics if slug in by_slug)
    name = suggestion.speaker or ""
    is_known = not name or bool(directory.actors_named(conn, name))
    return Explanation(
        _sentence(suggestion),
        f"{suggestion.rule}@{suggestion.version}",
        0 if suggestion.model else round(suggestion.confidence * 100),
        round(suggestion.speaker_confidence * 100) if suggestion.speaker else 0,
        suggestion.condition,
        "" if is_known else name,
        () if is_known else tuple(_possible_actors(conn, name)),
        () if is_known else _named_before(source, suggestion),
        suggestion.speakers,
        topics,
        tuple(map(_says_who, (suggestion, *suggestion.others))) if _is_shared(suggestion) else (),
    )


def _is_shared(suggestion: Suggestion) -> bool:
    """Tell whether others than the rules contributed to a suggestion."""
    return suggestion.by not in ("", RULES) or bool(suggestion.others)


def _says_who(suggestion: Suggestion) -> str:
    """Say who suggests the words, at which cost, and with which speaker."""
    who = gettext("The rules") if suggestion.by in ("", RULES) else suggestion.by
    if suggestion.model:
        cost = translator().figure(suggestion.tokens)
        who = gettext("%(model)s (%(n)s tokens for this section)", model=suggestion.model, n=cost)
    speaker = suggestion.speaker or " / ".join(suggestion.speakers)
    if not speaker:
        return gettext("%(who)s: names nobody who speaks", who=who)
    return gettext("%(who)s: said by %(speaker)s", who=who, speaker=speaker)


def _named_before(source: SourceText, suggestion: Suggestion) -> tuple[str, ...]:
    """Return the persons that "die Vorsitzende" may mean: in that sentence or the one before."""
    text, at = source.text, suggestion.start
    if not is_function(text, at, suggestion.speaker or ""):
        return ()
    return tuple(persons_before(text, _language_of(suggestion) or _language(source), at)[:NEAR])


def other_language(source: SourceText, suggestion: Suggestion | None) -> dict[str, str]:
    """Return the language of the quote if it is not that of the text."""
    lang = _language_of(suggestion) if suggestion else ""
    return {"quote.lang": lang} if lang and lang != _language(source) else {}


def _language_of(suggestion: Suggestion) -> str:
    """Return the language of the rules that found a suggestion, empty if no rules did."""
    lang = suggestion.rule.partition(".")[0]
    return lang if lang in READERS else ""


def _language(source: SourceText) -> str:
    """Return the language of a text: the stated one, else the detected one."""
    stated = source.imprint.get("source.lang", "").partition("-")[0].lower()
    return stated or language_of(source.text)


def _possible_actors(conn: Connection, name: str) -> list[Actor]:
    """Return the actors with a name, else the persons whose names end with it."""
    if not name:
        return []
    return directory.actors_named(conn, name) or directory.persons_named_last(conn, name)


def _sentence(suggestion: Suggestion) -> str:
    cue = suggestion.cue
    if not cue:
        return gettext("A passage that may be a statement")
    if suggestion.rule == TURN:
        return gettext("Words of %(name)s, whose name stands above them", name=cue)
    return {
        "quote": gettext("A quotation, by “%(cue)s”", cue=cue),
        "reported": gettext("Reported speech, by “%(cue)s”", cue=cue),
        "demand": gettext("A demand, by “%(cue)s”", cue=cue),
        "denial": gettext("A denial, by “%(cue)s”", cue=cue),
        "ascribed": gettext("A position ascribed, by “%(cue)s”", cue=cue),
    }[suggestion.form]


@cached_words(32)
def _rule_suggestions(article: Article, begin: int) -> tuple[Suggestion, ...]:
    return tuple(_shifted(suggestion, begin) for suggestion in suggest(article))


@cached_words(32)
def _runs(text: str, lang: str, begin: int) -> tuple[LanguageRun, ...]:
    return tuple(
        LanguageRun(run.start + begin, run.end + begin, run.lang)
        for run in language_runs(text, lang)
    )
