"""A text as the workbench shows it: its sentences, what of it is done, and the way through it."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import msgspec

from timeline.capture.anchors import anchored
from timeline.desk.texts import NOTHING
from timeline.projections.queries import sourced
from web.record.drafts import is_collected
from web.record.forms.signing import own_handle
from web.record.handing import waiting_from
from web.record.source_text import article, cutting
from web.record.source_text.cutting import Marked, Sentence, Span, meet
from web.record.workbench.candidates import Candidate, candidates, suggestions_in
from web.shell.request import services

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from timeline.capture.anchors import Anchored
    from timeline.capture.suggestion import Suggestion
    from timeline.desk.drafts import Draft
    from timeline.desk.embargoes import Embargoed
    from timeline.desk.reviews import Handed
    from timeline.desk.texts import Decision
    from timeline.projections.queries.entries import Entry
    from web.record.source_text.cutting import Recorded
    from web.record.workbench.kept_text import KeptText

WIDE = 100
"""The width of the strip, in percent."""


class Segment(msgspec.Struct, frozen=True):
    """A stretch of the strip, in percent: what it is of, and the passage that it leads to."""

    x: float
    width: float
    kind: str
    value: str


class Bench(msgspec.Struct, frozen=True, kw_only=True):
    """The text, the passage ``coded`` at the moment, and what is around it.

    ``suggestion`` is the one that the form starts from. ``before`` and ``after`` name the open
    candidates next to the passage, ``longer`` and ``shorter`` the passage with a sentence more or
    less; each is empty where there is none. ``nothing`` are those that hold no statement.
    ``entries`` are on record from the source; the words of those ``lost`` stand in this text no
    more. ``begun`` counts what who looks at it began to code and has not recorded.
    """

    kept: KeptText
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
    longer: str
    shorter: str

    @property
    def value(self) -> str:
        """How an address names the passage."""
        return value_of(self.coded) if self.coded else ""

    @property
    def done(self) -> int:
        """How many candidates are dealt with."""
        return sum(one.done for one in self.candidates)

    @property
    def is_nothing(self) -> bool:
        """Tell whether it was decided that the passage holds no statement."""
        return any((one.start, one.end) == self.coded for one in self.nothing)

    @property
    def strip(self) -> list[Segment]:
        """The text from its beginning to its end as a strip: what is done of it and what is not."""
        apart = [
            one[:2] for one in self.recorded if not any(meet(one, c.span) for c in self.candidates)
        ]
        found = [
            *(self._segment(one.span, _kind(one)) for one in self.candidates),
            *(self._segment(one, "done") for one in apart),
        ]
        now = [self._segment(self.coded, "now")] if self.coded else []
        return [*sorted(found, key=lambda one: one.x), *now]

    def _segment(self, span: Span, kind: str) -> Segment:
        share = WIDE / max(1, min(len(self.kept.text), cutting.MOST))
        width = round((span[1] - span[0]) * share, 3)
        return Segment(round(span[0] * share, 3), width, kind, value_of(span))


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a text is coded: its sentences, what of it is dealt with, and what may be coded.

    ``settled`` are the passages that are on record, that are ``pending`` or hold nothing. Pending
    ones wait on the desk, or are collected by who looks at them; ``begun`` are all of their drafts.
    """

    kept: KeptText
    paragraphs: list[list[Span]]
    decided: list[Decision]
    entries: list[Entry]
    placed: list[Anchored]
    recorded: list[Recorded]
    settled: list[tuple[int, ...]]
    pending: list[Span]
    begun: list[Draft]
    candidates: tuple[Candidate, ...]

    def after(self, passage: Span | None) -> str:
        """Return the open candidate behind a passage; behind the last comes the first."""
        return _near(self.candidates, passage)[1]


def progress(conn: Connection, kept: KeptText) -> Progress:
    """Return how far a text is coded."""
    paragraphs = cutting.cut(kept.text)
    decided = services().desk.texts.decided(kept.document)
    decided = [one for one in decided if kept.text[one.start : one.end] == one.exact]
    entries = sourced.entries_from(conn, kept.document) if kept.filed else []
    placed = anchored(kept.text, entries)
    recorded = [(one.start, one.end, one.number) for one in placed if one.start >= 0]
    happened = [(one.start, one.end, one.number) for one in decided if one.number != NOTHING]
    recorded = sorted([*recorded, *happened])
    begun = services().desk.drafts.from_text(own_handle(), kept.document)
    collected = [one for one in begun if is_collected(one)]
    pending = _places(kept, [*waiting_from(kept.document), *collected])
    settled = [*recorded, *((one.start, one.end) for one in decided), *pending]
    spans = chain.from_iterable(paragraphs)
    return Progress(
        kept=kept,
        paragraphs=paragraphs,
        decided=decided,
        entries=entries,
        placed=placed,
        recorded=recorded,
        settled=settled,
        pending=pending,
        begun=begun,
        candidates=tuple(candidates(spans, suggestions_in(kept), settled)),
    )


def bench(done: Progress, asked: str) -> Bench:
    """Return a text with the passage that is asked for, as ``start-end``.

    Without one it is the first candidate that is open.
    """
    kept, found = done.kept, done.candidates
    spans = list(chain.from_iterable(done.paragraphs))
    coded = article.passage(kept.text, asked) or _first_open(found)
    marked = Marked(done.recorded, _unsettled(done), done.pending)
    near = _near(found, coded)
    return Bench(
        kept=kept,
        paragraphs=cutting.article(kept.text, done.paragraphs, marked, coded),
        candidates=found,
        recorded=tuple(done.recorded),
        entries=tuple(done.entries),
        lost=tuple(one for one in done.placed if one.start < 0),
        nothing=tuple(one for one in done.decided if one.number == NOTHING),
        begun=len(done.begun),
        coded=coded,
        suggestion=_suggestion(found, coded),
        sentences=sum(meet(one, coded) for one in spans) if coded else 0,
        before=near[0],
        after=near[1],
        longer=_longer(spans, coded),
        shorter=_shorter(spans, coded),
    )


def _unsettled(done: Progress) -> list[Span]:
    """Return the words that suggestions point at, where nothing is decided on them."""
    found = [(one.start, one.end) for one in suggestions_in(done.kept)]
    return [span for span in found if not any(meet(span, other) for other in done.settled)]


def _places(kept: KeptText, forms: Sequence[Handed | Embargoed | Draft]) -> list[Span]:
    """Return the passages of forms that lie on the desk."""
    spans = (article.passage(kept.text, "".join(one.fields.get("passage", []))) for one in forms)
    return [span for span in spans if span]


def value_of(span: Span) -> str:
    """Return how an address names a passage."""
    return f"{span[0]}-{span[1]}"


def _kind(candidate: Candidate) -> str:
    return "done" if candidate.done else "open" if candidate.sure else "perhaps"


def _first_open(found: tuple[Candidate, ...]) -> Span | None:
    return next((one.span for one in found if not one.done), None)


def _suggestion(found: tuple[Candidate, ...], coded: Span | None) -> Suggestion | None:
    """Return the suggestion that has most words of the passage, of those in it."""
    if coded is None:
        return None
    here = [one for each in found for one in each.suggestions if meet((one.start, one.end), coded)]
    shared = [min(one.end, coded[1]) - max(one.start, coded[0]) for one in here]
    return here[shared.index(max(shared))] if here else None


def _near(found: tuple[Candidate, ...], coded: Span | None) -> tuple[str, str]:
    """Return the open candidates before and after a passage; behind the last comes the first."""
    if coded is None:
        return "", value_of(first) if (first := _first_open(found)) else ""
    others = [one.span for one in found if not one.done and not meet(one.span, coded)]
    before = [one for one in others if one[0] < coded[0]]
    after = [one for one in others if one[0] > coded[0]] or before
    return value_of(before[-1]) if before else "", value_of(after[0]) if after else ""


def _longer(spans: list[Span], coded: Span | None) -> str:
    following = next((one for one in spans if coded and one[1] > coded[1]), None)
    return value_of((coded[0], following[1])) if coded and following else ""


def _shorter(spans: list[Span], coded: Span | None) -> str:
    here = [one for one in spans if coded and meet(one, coded)]
    return value_of((coded[0], here[-2][1])) if coded and len(here) > 1 else ""
