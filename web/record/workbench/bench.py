"""A text as the workbench shows it: its sentences, what of it is done, and the way through it."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from timeline.capture.languages import language_at
from timeline.desk.texts import NOTHING
from timeline.projections.queries import sourced
from timeline.projections.queries.anchors import anchored
from web.record.drafts import is_collected
from web.record.forms.signing import own_handle
from web.record.handing import waiting_from
from web.record.source_text import article, cutting
from web.record.source_text.cutting import (
    MarkedSpans,
    Sentence,
    Span,
    overlap,
    section_at,
    sections,
)
from web.record.workbench.candidates import (
    Candidate,
    asked_of,
    candidates,
    languages_in,
    suggestions_in,
)
from web.shell.request import services

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from timeline.capture.languages import LanguageRun
    from timeline.capture.suggestion import Suggestion
    from timeline.desk.drafts import Draft
    from timeline.desk.embargoes import Embargoed
    from timeline.desk.reviews import Handed
    from timeline.desk.texts import Decision
    from timeline.projections.queries.anchors import Anchored
    from timeline.projections.queries.entries import Entry
    from web.record.source_text.cutting import Recorded
    from web.record.source_text.kept_text import KeptText
    from web.record.workbench.beside_rules import Beside

WIDE = 100
"""The width of the strip, in percent."""


PART = "part"
"""How an address names a section, counted from 1."""

FIRST_WORDS = 70
"""Characters by which a section is told from others."""


class Segment(msgspec.Struct, frozen=True):
    """A stretch of the strip, in percent: what it is of, and the passage that it leads to."""

    x: float
    width: float
    kind: str
    value: str


class Section(msgspec.Struct, frozen=True):
    """A section of a very long text: its first words, and how much of it is on record."""

    span: Span
    words: str
    recorded: int


class Bench(msgspec.Struct, frozen=True, kw_only=True):
    """The text, the passage ``coded`` at the moment, and what is around it.

    Of a very long text it is the ``part``-th of its ``sections``, both counted from 1. ``lang`` is
    the language of most of it, empty where nobody knows it.

    ``suggestion`` is the one that the form starts from. ``before`` and ``after`` name the open
    candidates next to the passage, ``longer`` and ``shorter`` the passage with a sentence more or
    less; each is empty where there is none. ``nothing`` are those that hold no statement.
    ``following`` is the query of an address that leads on: to the next open candidate, or section.
    ``entries`` are on record from the source; the words of those ``lost`` stand in this text no
    more. ``begun`` counts what who looks at it began to code and has not recorded. ``beside`` says
    of others than the rules whether they were asked and have answered.
    """

    kept: KeptText
    sections: tuple[Section, ...]
    part: int
    lang: str
    paragraphs: list[list[Sentence]]
    candidates: tuple[Candidate, ...]
    recorded: tuple[Recorded, ...]
    entries: tuple[Entry, ...]
    lost: tuple[Anchored, ...]
    nothing: tuple[Decision, ...]
    begun: int
    coded: Span | None
    suggestion: Suggestion | None
    sentences: int
    before: str
    after: str
    following: str
    longer: str
    shorter: str
    beside: list[Beside]

    @property
    def value(self) -> str:
        """How an address names the passage."""
        return value_of(self.coded) if self.coded else ""

    @property
    def home(self) -> str:
        """Where the text is shown without a passage, in this section."""
        return f"{self.kept.address}?{PART}={self.part}" if self.sections[1:] else self.kept.address

    @property
    def done(self) -> int:
        """How many candidates are dealt with."""
        return sum(candidate.done for candidate in self.candidates)

    @property
    def is_nothing(self) -> bool:
        """Tell whether it was decided that the passage holds no statement."""
        return any((decision.start, decision.end) == self.coded for decision in self.nothing)

    @property
    def strip(self) -> list[Segment]:
        """The section from its beginning to its end as a strip: what of it is done and is not."""
        apart = [
            one[:2]
            for one in self.recorded
            if not any(overlap(one, c.span) for c in self.candidates)
        ]
        segments = [
            *(self._segment(candidate.span, _kind(candidate)) for candidate in self.candidates),
            *(self._segment(one, "done") for one in apart if overlap(one, self._shown)),
        ]
        now = [self._segment(self.coded, "now")] if self.coded else []
        return [*sorted(segments, key=lambda segment: segment.x), *now]

    def _segment(self, span: Span, kind: str) -> Segment:
        begin, end = self._shown
        share = WIDE / max(1, end - begin)
        width = round((span[1] - span[0]) * share, 3)
        return Segment(round((span[0] - begin) * share, 3), width, kind, value_of(span))

    @property
    def _shown(self) -> Span:
        return self.sections[self.part - 1].span


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a text is coded: its sentences, what of it is dealt with, and what may be coded.

    ``paragraphs`` and ``candidates`` are those of the ``at``-th of its ``sections``, from 0 on.
    ``settled`` are the passages that are on record, that are ``pending`` or hold nothing. Pending
    ones wait on the desk, or are collected by who looks at them; ``begun`` are all of their drafts.
    """

    kept: KeptText
    sections: list[Span]
    at: int
    paragraphs: list[list[Span]]
    decided: list[Decision]
    entries: list[Entry]
    placed: list[Anchored]
    recorded: list[Recorded]
    settled: list[tuple[int, ...]]
    pending: list[Span]
    begun: list[Draft]
    candidates: tuple[Candidate, ...]
    beside: list[Beside]

    def after(self, passage: Span | None) -> dict[str, str]:
        """Return in the terms of an address what comes behind a passage: the next open candidate.

        Behind the last one of a section comes the next section, or else the first open one.
        """
        at = _near(self.candidates, passage)[1]
        is_behind = passage is None or not at or int(at.partition("-")[0]) < passage[0]
        if is_behind and self.at + 1 < len(self.sections) and (passage or not at):
            return {PART: str(self.at + 2)}
        return {"at": at} if at else self.here

    @property
    def here(self) -> dict[str, str]:
        """The section in the terms of an address, nothing of a text that has one alone."""
        return {PART: str(self.at + 1)} if self.sections[1:] else {}


def progress(conn: Connection, kept: KeptText, place: int = 0, part: int = 0) -> Progress:
    """Return how far a text is coded, in the section of a place or the ``part``-th one."""
    found = sections(kept.text)
    at = min(part, len(found)) - 1 if part else section_at(found, place)
    paragraphs = cutting.cut_into_sentences(kept.text, found[at])
    decided = services().desk.texts.decided(kept.document)
    entries = sourced.entries_from(conn, kept.document) if kept.filed else []
    stands = {NOTHING, *(entry.number for entry in entries)}
    decided = [
        decision
        for decision in decided
        if kept.text[decision.start : decision.end] == decision.exact and decision.number in stands
    ]
    placed = anchored(kept.text, entries)
    recorded = [(anchor.start, anchor.end, anchor.number) for anchor in placed if anchor.start >= 0]
    happened = [
        (decision.start, decision.end, decision.number)
        for decision in decided
        if decision.number != NOTHING
    ]
    recorded = sorted([*recorded, *happened])
    begun = services().desk.drafts.from_text(own_handle(), kept.document)
    collected = [draft for draft in begun if is_collected(draft)]
    pending = _places(kept, [*waiting_from(kept.document), *collected])
    settled = [*recorded, *((decision.start, decision.end) for decision in decided), *pending]
    spans = chain.from_iterable(paragraphs)
    beside = asked_of(kept, found[at])
    return Progress(
        kept=kept,
        sections=found,
        at=at,
        paragraphs=paragraphs,
        decided=decided,
        entries=entries,
        placed=placed,
        recorded=recorded,
        settled=settled,
        pending=pending,
        begun=begun,
        candidates=tuple(candidates(spans, suggestions_in(kept, found[at], beside), settled)),
        beside=beside,
    )


def bench(done: Progress, asked: str) -> Bench:
    """Return a text with the passage that is asked for, as ``start-end``.

    Without one it is the first candidate that is open.
    """
    kept, found = done.kept, done.candidates
    spans = list(chain.from_iterable(done.paragraphs))
    coded = article.passage(kept.text, asked) or _first_open(found)
    shown = done.sections[done.at]
    marked = MarkedSpans(
        [one for one in done.recorded if overlap(one, shown)],
        _unsettled(done),
        [one for one in done.pending if overlap(one, shown)],
    )
    near = _near(found, coded)
    runs = languages_in(kept, shown)
    lang = kept.imprint.get("source.lang", "") or _most_of(runs)
    return Bench(
        kept=kept,
        sections=tuple(_section(done, span) for span in done.sections),
        part=done.at + 1,
        lang=lang,
        paragraphs=[
            [_in_its_language(sentence, runs, lang) for sentence in paragraph]
            for paragraph in cutting.article(kept.text, done.paragraphs, marked, coded)
        ],
        candidates=found,
        recorded=tuple(done.recorded),
        entries=tuple(done.entries),
        lost=tuple(anchor for anchor in done.placed if anchor.start < 0),
        nothing=tuple(decision for decision in done.decided if decision.number == NOTHING),
        begun=len(done.begun),
        coded=coded,
        suggestion=_suggestion(found, coded),
        sentences=sum(overlap(span, coded) for span in spans) if coded else 0,
        before=near[0],
        after=near[1],
        following="" if (there := done.after(coded)) == done.here else urlencode(there),
        beside=done.beside,
        longer=_longer(spans, coded),
        shorter=_shorter(spans, coded),
    )


def _most_of(runs: Sequence[LanguageRun]) -> str:
    """Return the language in which most of a section is, empty where it is not known."""
    lengths: Counter[str] = Counter()
    for run in runs:
        lengths[run.lang] += run.end - run.start
    return max(lengths, key=lengths.__getitem__, default="")


def _in_its_language(sentence: Sentence, runs: Sequence[LanguageRun], lang: str) -> Sentence:
    """Return a sentence that says so where it is in another language than the ``lang`` of all."""
    own = language_at(runs, sentence.start)
    is_same = own == lang.partition("-")[0].lower()
    return sentence if is_same else msgspec.structs.replace(sentence, lang=own)


def _unsettled(done: Progress) -> list[Span]:
    """Return the words that suggestions point at, where nothing is decided on them."""
    found = [
        (suggestion.start, suggestion.end)
        for each in done.candidates
        for suggestion in each.suggestions
    ]
    return [span for span in found if not any(overlap(span, other) for other in done.settled)]


def _section(done: Progress, span: Span) -> Section:
    words = " ".join(done.kept.text[span[0] : span[0] + FIRST_WORDS].split())
    return Section(span, words, sum(overlap(one, span) for one in done.recorded))


def _places(kept: KeptText, forms: Sequence[Handed | Embargoed | Draft]) -> list[Span]:
    """Return the passages of forms that lie on the desk."""
    spans = (article.passage(kept.text, "".join(form.fields.get("passage", []))) for form in forms)
    return [span for span in spans if span]


def value_of(span: Span) -> str:
    """Return how an address names a passage."""
    return f"{span[0]}-{span[1]}"


def _kind(candidate: Candidate) -> str:
    return "done" if candidate.done else "open" if candidate.sure else "perhaps"


def _first_open(found: tuple[Candidate, ...]) -> Span | None:
    return next((candidate.span for candidate in found if not candidate.done), None)


def _suggestion(found: tuple[Candidate, ...], coded: Span | None) -> Suggestion | None:
    """Return the suggestion that has most words of the passage, of those in it."""
    if coded is None:
        return None
    here = [
        suggestion
        for each in found
        for suggestion in each.suggestions
        if overlap((suggestion.start, suggestion.end), coded)
    ]
    shared = [
        min(suggestion.end, coded[1]) - max(suggestion.start, coded[0]) for suggestion in here
    ]
    return here[shared.index(max(shared))] if here else None


def _near(found: tuple[Candidate, ...], coded: Span | None) -> tuple[str, str]:
    """Return the open candidates before and after a passage; behind the last comes the first."""
    if coded is None:
        return "", value_of(first) if (first := _first_open(found)) else ""
    others = [
        candidate.span
        for candidate in found
        if not candidate.done and not overlap(candidate.span, coded)
    ]
    before = [other for other in others if other[0] < coded[0]]
    after = [other for other in others if other[0] > coded[0]] or before
    return value_of(before[-1]) if before else "", value_of(after[0]) if after else ""


def _longer(spans: list[Span], coded: Span | None) -> str:
    following = next((span for span in spans if coded and span[1] > coded[1]), None)
    return value_of((coded[0], following[1])) if coded and following else ""


def _shorter(spans: list[Span], coded: Span | None) -> str:
    here = [span for span in spans if coded and overlap(span, coded)]
    return value_of((coded[0], here[-2][1])) if coded and len(here) > 1 else ""
