"""Which sentences of a text may hold a statement, and what a form may take from that."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from timeline.capture.language_readers import READERS
from timeline.capture.languages import LanguageRun, language_runs
from timeline.capture.naming import CHOICES
from timeline.capture.nearby import is_function, persons_before
from timeline.capture.suggesters import side_by_side, suggest
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
from web.record.source_text.cutting import Span, overlap
from web.record.workbench.beside_rules import beside_rules
from web.shell.request import reader_language

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy import Connection

    from timeline.projections.queries.directory import Actor, Topic
    from web.record.source_text.kept_text import KeptText
    from web.record.workbench.beside_rules import Beside

ATTRIBUTIONS = {
    "quote": "quoted",
    "reported": "reported",
    "demand": "reported",
    "denial": "reported",
    "ascribed": "ascribed",
}
"""How the words are given, by the form of a suggestion."""

ANNOUNCED = re.compile(r"announc|ankünd|kündig\w* .*an\b", re.IGNORECASE)
"""What gives a development away that is still to come."""

TURN = "turn"
"""The rule of a transcript: whose name stands above words, says them. Nobody measured it."""

SURE = 0.9
"""From this share of right suggestions on a candidate is told apart from those that may be one."""


ENDS = (".", "!", "?", "…")

NEAR = 3
"""Persons offered for a function that somebody is named by."""


class Candidate(msgspec.Struct, frozen=True):
    """A sentence that may hold a statement, and the suggestions in it.

    It is ``done`` when something of it is on record, or somebody decided that there is nothing.
    """

    span: Span
    suggestions: tuple[Suggestion, ...]
    done: bool

    @property
    def value(self) -> str:
        """How an address names it."""
        return f"{self.span[0]}-{self.span[1]}"

    @property
    def sure(self) -> bool:
        """Tell whether rules like that are nearly always right."""
        return max(suggestion.confidence for suggestion in self.suggestions) >= SURE


class Why(msgspec.Struct, frozen=True):
    """Why something may be a statement, in a sentence; which rule says so, and how often rightly.

    ``sure`` is the share of right ones in percent, ``speaker_sure`` that of speakers who are named
    in such a way; 0 where nobody measured it.

    ``condition`` are words that make it conditional; ``speaker`` is a name that the text has and
    no actor on record bears, ``meant`` are those whose names end with it; ``topics`` are those that
    it may be about. ``near`` are persons named just before somebody who has only a function,
    ``choices`` those of whom one may speak where nobody is filled in. ``sources`` say who suggests
    what, where it is not the rules alone.
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
    kept: KeptText, section: Span, beside: Iterable[Beside] = ()
) -> tuple[Suggestion, ...]:
    """Return what rules find in a section of a text, by place in the whole of it.

    That is nothing for a language that they do not read. What others suggest ``beside`` them of
    the section is put together with it.
    """
    article = _article(kept, section)
    by_rules = _found(article, section[0]) if article.lang in READERS else ()
    others = [_moved(suggestion, section[0]) for each in beside for suggestion in each.suggestions]
    return tuple(side_by_side([*by_rules, *others])) if others else by_rules


def asked_of(kept: KeptText, section: Span) -> list[Beside]:
    """Return what others than the rules say of a section, or that they are being asked."""
    return beside_rules(_article(kept, section))


def _article(kept: KeptText, section: Span) -> Article:
    published = kept.imprint.get("source.published_at", "")
    return Article(kept.text[slice(*section)], _language(kept), published)


def _moved(suggestion: Suggestion, begin: int) -> Suggestion:
    return msgspec.structs.replace(
        suggestion, start=suggestion.start + begin, end=suggestion.end + begin
    )


def languages_in(kept: KeptText, section: Span) -> tuple[LanguageRun, ...]:
    """Return in which language which stretch of a section is, by place in the whole text.

    It is nothing for a language that no rules read: it may not be told from another one.
    """
    written = kept.imprint.get("source.lang", "")
    lang = _language(kept) if written else plain_language_of(kept.text)
    return _runs(kept.text[slice(*section)], lang, section[0]) if lang in READERS else ()


def candidates(
    sentences: Iterable[Span], suggestions: tuple[Suggestion, ...], settled: list[tuple[int, ...]]
) -> Iterator[Candidate]:
    """Yield the sentences in which suggestions begin; ``settled`` spans are dealt with."""
    for span in sentences:
        here = tuple(
            suggestion for suggestion in suggestions if span[0] <= suggestion.start < span[1]
        )
        if here:
            yield Candidate(span, here, any(overlap(one, span) for one in settled))


def basis(kept: KeptText, span: Span, suggestion: Suggestion | None) -> Suggestion | None:
    """Return what a form starts from: a suggestion, or in a transcript what its speaker says.

    Whom a speaker addresses or quotes there is not whose words these are.
    """
    speaker = speaker_at(kept.text, span[0])
    if not speaker:
        return suggestion
    return Suggestion(
        start=span[0],
        end=span[1],
        exact=kept.text[slice(*span)],
        speaker=speaker,
        form="quote",
        cue=speaker,
        confidence=0,
        rule=TURN,
        version=1,
        said_at=kept.imprint.get("source.published_at", ""),
        condition=suggestion.condition if suggestion else "",
    )


def as_coded_before(text: str, suggestion: Suggestion, coded: Span, speaker: str) -> Suggestion:
    """Return a suggestion with the speaker whom a person found in the passage ``coded`` before it.

    They speak on where the sentence itself names nobody, and follows it; in another paragraph they
    are the first who is offered.
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
    """Tell whether the sentence of a suggestion, which begins there or later, names who speaks."""
    stop = text.find("\n", suggestion.end)
    found = sentences(text, begin, stop if stop >= 0 else len(text))
    name = (suggestion.speaker or "\n").rpartition(" ")[2]
    return any(name in text[slice(*one)] for one in found if one[0] <= suggestion.start < one[1])


def _sentences_between(text: str, coded: Span, start: int) -> bool:
    """Tell whether a whole sentence stands between a passage and a place behind it."""
    found = list(sentences(text, coded[1], start))
    is_whole = text[coded[0] : coded[1]].rstrip("”“»«\"'’‘")[-1:] in ENDS
    return len(found) > (0 if is_whole else 1)


def likely(conn: Connection, span: Span, suggestion: Suggestion | None) -> dict[str, str]:
    """Return what a form may start with: never a topic, and never a stance."""
    values = {"passage": f"{span[0]}-{span[1]}", "attribution": "reported", "precision": "day"}
    if suggestion is None:
        return values
    meant = _meant(conn, suggestion.speaker or "")
    speaker = meant[0] if len(meant) == 1 else None
    return values | {
        "attribution": ATTRIBUTIONS[suggestion.form],
        "actor": known_as(conn, speaker) if speaker else suggestion.speaker or "",
        "said_at": suggestion.said_at.removeprefix(UNTIL),
        "precision": precision_of(suggestion.said_at),
    }


def likely_source(conn: Connection, suggestion: Suggestion | None) -> dict[str, str]:
    """Return how certain a development is whose text names who tells of it, and who that is.

    Where it names nobody, nobody but a person can tell.
    """
    if suggestion is None or not suggestion.speaker:
        return {}
    is_to_come = ANNOUNCED.search(suggestion.cue)
    said = likely(conn, (suggestion.start, suggestion.end), suggestion)
    return {
        "status": "announced" if is_to_come else "claimed",
        "according_to": said["actor"],
    }


def why(
    conn: Connection, kept: KeptText, suggestion: Suggestion, stories: Collection[str] = ()
) -> Why:
    """Return why a passage may be a statement, with up to three topics, none of them chosen.

    They are of the ``stories`` (by id) of the text, where it is known to belong to any.
    """
    with reader_language():
        known = {topic.slug: topic for topic in directory.topics(conn) if not topic.closed}
    among = {slug for slug, topic in known.items() if topic.story in stories} if stories else None
    (found,) = with_topics(conn, kept.text, [suggestion], among=among)
    topics = tuple(known[slug] for slug in found.topics if slug in known)
    named = suggestion.speaker or ""
    is_known = not named or bool(directory.actors_named(conn, named))
    return Why(
        _sentence(suggestion),
        f"{suggestion.rule}@{suggestion.version}",
        0 if suggestion.model else round(suggestion.confidence * 100),
        round(suggestion.speaker_confidence * 100) if suggestion.speaker else 0,
        suggestion.condition,
        "" if is_known else named,
        () if is_known else tuple(_meant(conn, named)),
        () if is_known else _named_before(kept, suggestion),
        suggestion.speakers,
        topics,
        tuple(map(_source, (suggestion, *suggestion.others))) if _is_shared(suggestion) else (),
    )


def _is_shared(suggestion: Suggestion) -> bool:
    """Tell whether somebody else than the rules has a part in a suggestion."""
    return suggestion.by not in ("", RULES) or bool(suggestion.others)


def _source(suggestion: Suggestion) -> str:
    """Say who suggests the words, at which cost, and whose they are by that."""
    who = gettext("The rules") if suggestion.by in ("", RULES) else suggestion.by
    if suggestion.model:
        cost = translator().figure(suggestion.tokens)
        who = gettext("%(model)s (%(n)s tokens for this section)", model=suggestion.model, n=cost)
    speaker = suggestion.speaker or " / ".join(suggestion.speakers)
    if not speaker:
        return gettext("%(who)s: names nobody who speaks", who=who)
    return gettext("%(who)s: said by %(speaker)s", who=who, speaker=speaker)


def _named_before(kept: KeptText, suggestion: Suggestion) -> tuple[str, ...]:
    """Return whom "die Vorsitzende" may mean: the persons of that sentence and the one before."""
    text, at = kept.text, suggestion.start
    if not is_function(text, at, suggestion.speaker or ""):
        return ()
    return tuple(persons_before(text, _language_of(suggestion) or _language(kept), at)[:NEAR])


def other_language(kept: KeptText, suggestion: Suggestion | None) -> dict[str, str]:
    """Return the language of quoted words where it is another than that of the rest of a text."""
    lang = _language_of(suggestion) if suggestion else ""
    return {"quote.lang": lang} if lang and lang != _language(kept) else {}


def _language_of(suggestion: Suggestion) -> str:
    """Return the language whose rules found a suggestion, empty where it were no rules."""
    lang = suggestion.rule.partition(".")[0]
    return lang if lang in READERS else ""


def _language(kept: KeptText) -> str:
    """Return the language that a text is read in, as its source says or else as it looks."""
    written = kept.imprint.get("source.lang", "").partition("-")[0].lower()
    return written or language_of(kept.text)


def _meant(conn: Connection, named: str) -> list[Actor]:
    """Return who may be meant: who goes by the name, else the persons whose names end with it."""
    if not named:
        return []
    return directory.actors_named(conn, named) or directory.persons_named_last(conn, named)


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
def _found(article: Article, begin: int) -> tuple[Suggestion, ...]:
    return tuple(_moved(suggestion, begin) for suggestion in suggest(article))


@cached_words(32)
def _runs(text: str, lang: str, begin: int) -> tuple[LanguageRun, ...]:
    return tuple(
        LanguageRun(run.start + begin, run.end + begin, run.lang)
        for run in language_runs(text, lang)
    )
