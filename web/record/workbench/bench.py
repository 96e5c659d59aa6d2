"""A text as the workbench shows it: its sentences, what is coded, and what comes next."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from timeline.capture.languages import language_at
from timeline.desk.texts import NOTHING
from timeline.projections.queries.anchors import find_anchors
from timeline.projections.queries.selected_entries import entries_from
from web.record.drafts import is_collected
from web.record.forms.signing import own_handle
from web.record.handing import waiting_from
from web.record.source_text import article, sentences
from web.record.source_text.sentences import (
    MarkedSpans,
    Sentence,
    Span,
    overlap,
    section_at,
    sections,
)
from web.record.workbench.candidates import (
    Candidate,
    candidates,
    languages_in,
    suggesters_for,
    suggestions_in,
)
from web.shell.request import services

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from timeline.capture.languages import LanguageRun
    from timeline.capture.suggestion import Suggestion
    from timeline.desk.drafts import Draft
    from timeline.desk.embargoes import Embargo
    from timeline.desk.reviews import Review
    from timeline.desk.texts import Decision
    from timeline.projections.queries.anchors import Anchor
    from timeline.projections.queries.entries import Entry
    from web.record.source_text.article import SourceText
    from web.record.source_text.sentences import Recorded
    from web.record.workbench.suggesters import SuggesterState

WIDE = 100
"""The width of the strip, in percent."""


PART = "part"
"""The name in an address of the section, counted from 1."""

FIRST_WORDS = 70
"""How many characters of a section its link shows."""


class Segment(msgspec.Struct, frozen=True):
    """A segment of the strip, in percent: its kind, and the passage that it leads to."""

    x: float
    width: float
    kind: str
    value: str


class Section(msgspec.Struct, frozen=True):
    """A section of a very long text: its first words, and how many passages are on record."""

    span: Span
    words: str
    recorded: int


class Bench(msgspec.Struct, frozen=True, kw_only=True):
    """The text, the passage that is being ``coded``, and what surrounds it.

    A very long text is shown by ``sections``; this is the ``part``-th, counted from 1. ``lang`` is
    the main language, empty if unknown. ``suggestion`` is the one that the form starts from.
    ``before`` and ``after`` name the open candidates next to the passage, ``longer`` and
    ``shorter`` the passage with a sentence more or less; each may be empty. ``nothing`` are
    passages that hold no statement. ``following`` is the query of the address that comes next: an
    open candidate or a section. ``entries`` are on record from the source; the words of ``lost``
    ones are no longer in the text. ``begun`` counts the reader's own unrecorded drafts.
    ``beside`` has the state of each suggester.
    """

    source: SourceText
    sections: tuple[Section, ...]
    part: int
    lang: str
    paragraphs: list[list[Sentence]]
    candidates: tuple[Candidate, ...]
    recorded: tuple[Recorded, ...]
    entries: tuple[Entry, ...]
    lost: tuple[Anchor, ...]
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
    beside: list[SuggesterState]

    @property
    def value(self) -> str:
        """The passage as an address has it."""
        return value_of(self.coded) if self.coded else ""

    @property
    def home(self) -> str:
        """The address of the text without a passage, in this section."""
        return (
            f"{self.source.address}?{PART}={self.part}"
            if self.sections[1:]
            else self.source.address
        )

    @property
    def done(self) -> int:
        """How many candidates are done."""
        return sum(candidate.done for candidate in self.candidates)

    @property
    def is_nothing(self) -> bool:
        """Tell whether somebody decided that the passage holds no statement."""
        return any((decision.start, decision.end) == self.coded for decision in self.nothing)

    @property
    def strip(self) -> list[Segment]:
        """The strip of the section: the segments that are done, and those that are open."""
        apart = [
            passage[:2]
            for passage in self.recorded
            if not any(overlap(passage, c.span) for c in self.candidates)
        ]
        segments = [
            *(self._segment(candidate.span, _kind(candidate)) for candidate in self.candidates),
            *(self._segment(span, "done") for span in apart if overlap(span, self._shown)),
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
    """The progress of coding a text: its sentences, the settled passages, and the candidates.

    ``paragraphs`` and ``candidates`` are those of the ``at``-th of its ``sections``, from 0.
    ``settled`` passages are on record, ``pending``, or hold nothing. Pending ones wait on the desk,
    or are collected by the reader; ``begun`` are all drafts of the reader.
    """

    source: SourceText
    sections: list[Span]
    at: int
    paragraphs: list[list[Span]]
    decided: list[Decision]
    entries: list[Entry]
    placed: list[Anchor]
    recorded: list[Recorded]
    settled: list[tuple[int, ...]]
    pending: list[Span]
    begun: list[Draft]
    candidates: tuple[Candidate, ...]
    beside: list[SuggesterState]

    def after(self, passage: Span | None) -> dict[str, str]:
        """Return the query of what comes after a passage: the next open candidate.

        After the last one of a section comes the next section, or else the first open candidate.
        """
        at = _near(self.candidates, passage)[1]
        is_behind = passage is None or not at or int(at.partition("-")[0]) < passage[0]
        if is_behind and self.at + 1 < len(self.sections) and (passage or not at):
            return {PART: str(self.at + 2)}
        return {"at": at} if at else self.here

    @property
    def here(self) -> dict[str, str]:
        """The query of this section, empty if the text has only one."""
        return {PART: str(self.at + 1)} if self.sections[1:] else {}


def progress(conn: Connection, source: SourceText, place: int = 0, part: int = 0) -> Progress:
    """Return the progress of a text, in the section of a place or the ``part``-th one."""
    spans_ = sections(source.text)
    at = min(part, len(spans_)) - 1 if part else section_at(spans_, place)
    paragraphs = sentences.cut_into_sentences(source.text, spans_[at])
    decided = services().desk.texts.decided(source.document)
    entries = entries_from(conn, source.document) if source.filed else []
    valid_numbers = {NOTHING, *(entry.number for entry in entries)}
    decided = [
        decision
        for decision in decided
        if source.text[decision.start : decision.end] == decision.exact
        and decision.number in valid_numbers
    ]
    placed = find_anchors(source.text, entries)
    recorded = [(anchor.start, anchor.end, anchor.number) for anchor in placed if anchor.start >= 0]
    developments = [
        (decision.start, decision.end, decision.number)
        for decision in decided
        if decision.number != NOTHING
    ]
    recorded = sorted([*recorded, *developments])
    own_drafts = services().desk.drafts.from_text(own_handle(), source.document)
    collected = [draft for draft in own_drafts if is_collected(draft)]
    pending = _passages(source, [*waiting_from(source.document), *collected])
    settled = [*recorded, *((decision.start, decision.end) for decision in decided), *pending]
    spans = chain.from_iterable(paragraphs)
    beside = suggesters_for(source, spans_[at])
    return Progress(
        source=source,
        sections=spans_,
        at=at,
        paragraphs=paragraphs,
        decided=decided,
        entries=entries,
        placed=placed,
        recorded=recorded,
        settled=settled,
        pending=pending,
        begun=own_drafts,
        candidates=tuple(candidates(spans, suggestions_in(source, spans_[at], beside), settled)),
        beside=beside,
    )


def bench(done: Progress, asked: str) -> Bench:
    """Return the bench of a text with the passage ``asked`` for, such as ``120-240``.

    Without one, the passage is the first open candidate.
    """
    source, found = done.source, done.candidates
    spans = list(chain.from_iterable(done.paragraphs))
    coded = article.passage(source.text, asked) or _first_open(found)
    shown = done.sections[done.at]
    marked = MarkedSpans(
        [passage for passage in done.recorded if overlap(passage, shown)],
        _unsettled(done),
        [passage for passage in done.pending if overlap(passage, shown)],
    )
    near = _near(found, coded)
    runs = languages_in(source, shown)
    lang = source.imprint.get("source.lang", "") or _main_language(runs)
    return Bench(
        source=source,
        sections=tuple(_section(done, span) for span in done.sections),
        part=done.at + 1,
        lang=lang,
        paragraphs=[
            [_with_language(sentence, runs, lang) for sentence in paragraph]
            for paragraph in sentences.article(source.text, done.paragraphs, marked, coded)
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
        following="" if (address := done.after(coded)) == done.here else urlencode(address),
        beside=done.beside,
        longer=_longer(spans, coded),
        shorter=_shorter(spans, coded),
    )


def _main_language(runs: Sequence[LanguageRun]) -> str:
    """Return the main language of a section, empty if unknown."""
    lengths: Counter[str] = Counter()
    for run in runs:
        lengths[run.lang] += run.end - run.start
    return max(lengths, key=lengths.__getitem__, default="")


def _with_language(sentence: Sentence, runs: Sequence[LanguageRun], lang: str) -> Sentence:
    """Return a sentence, with its language if that is not the text's ``lang``."""
    own = language_at(runs, sentence.start)
    is_same = own == lang.partition("-")[0].lower()
    return sentence if is_same else msgspec.structs.replace(sentence, lang=own)


def _unsettled(done: Progress) -> list[Span]:
    """Return the spans of suggestions that are not settled yet."""
    spans = [
        (suggestion.start, suggestion.end)
        for candidate in done.candidates
        for suggestion in candidate.suggestions
    ]
    return [span for span in spans if not any(overlap(span, other) for other in done.settled)]


def _section(done: Progress, span: Span) -> Section:
    words = " ".join(done.source.text[span[0] : span[0] + FIRST_WORDS].split())
    return Section(span, words, sum(overlap(passage, span) for passage in done.recorded))


def _passages(source: SourceText, forms: Sequence[Review | Embargo | Draft]) -> list[Span]:
    """Return the passages of forms on the desk."""
    spans = (
        article.passage(source.text, "".join(form.fields.get("passage", []))) for form in forms
    )
    return [span for span in spans if span]


def value_of(span: Span) -> str:
    """Return a passage as an address has it."""
    return f"{span[0]}-{span[1]}"


def _kind(candidate: Candidate) -> str:
    return "done" if candidate.done else "open" if candidate.sure else "perhaps"


def _first_open(candidates_: tuple[Candidate, ...]) -> Span | None:
    return next((candidate.span for candidate in candidates_ if not candidate.done), None)


def _suggestion(candidates_: tuple[Candidate, ...], coded: Span | None) -> Suggestion | None:
    """Return the suggestion that overlaps most with the passage."""
    if coded is None:
        return None
    inside = [
        suggestion
        for candidate in candidates_
        for suggestion in candidate.suggestions
        if overlap((suggestion.start, suggestion.end), coded)
    ]
    shared = [
        min(suggestion.end, coded[1]) - max(suggestion.start, coded[0]) for suggestion in inside
    ]
    return inside[shared.index(max(shared))] if inside else None


def _near(candidates_: tuple[Candidate, ...], coded: Span | None) -> tuple[str, str]:
    """Return the open candidates before and after a passage; after the last comes the first."""
    if coded is None:
        return "", value_of(first) if (first := _first_open(candidates_)) else ""
    open_spans = [
        candidate.span
        for candidate in candidates_
        if not candidate.done and not overlap(candidate.span, coded)
    ]
    before = [other for other in open_spans if other[0] < coded[0]]
    after = [other for other in open_spans if other[0] > coded[0]] or before
    return value_of(before[-1]) if before else "", value_of(after[0]) if after else ""


def _longer(spans: list[Span], coded: Span | None) -> str:
    following = next((span for span in spans if coded and span[1] > coded[1]), None)
    return value_of((coded[0], following[1])) if coded and following else ""


def _shorter(spans: list[Span], coded: Span | None) -> str:
    overlapping = [span for span in spans if coded and overlap(span, coded)]
    return value_of((coded[0], overlapping[-2][1])) if coded and len(overlapping) > 1 else ""
