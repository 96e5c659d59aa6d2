"""A change that waits, as the page shows it: both ends with their words, and what is between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import DAY
from timeline.domain.position.edition2.words import READINGS
from timeline.domain.verdict import SignedIn
from timeline.projections.queries import attached, entries
from timeline.projections.queries.quote_readings import quote_readings
from timeline.projections.queries.waiting import change_basis
from web.entries.presenter import Presenter
from web.entries.views import StatementView
from web.i18n.languages import LANGUAGES, language_named
from web.i18n.translate import speaking
from web.record.signing.words import KIND_WORDS, reasons_in_words
from web.shell.publisher import publisher
from web.wording import stances
from web.wording.changes import Turning, sentence
from web.wording.names import Names
from web.wording.stances import StanceView
from web.wording.when import dates_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.entries import StatementEntry
    from timeline.projections.queries.quote_readings import QuoteReading
    from timeline.projections.queries.waiting import ChangeBasis, UnsignedChange
    from web.record.forms.form_state import FormState


class ReadingView(msgspec.Struct, frozen=True):
    """How somebody read a quote blindly; ``stance`` is nothing where they saw none."""

    reader: str
    carries: bool
    stance: StanceView


class SaidView(msgspec.Struct, frozen=True):
    """A statement at an end, or between both, with the blind readings of its quote."""

    entry: StatementView
    readings: list[ReadingView]


class ChangeRow(msgspec.Struct, frozen=True, kw_only=True):
    """A change that waits.

    ``id`` names it, ``place`` is its place in the list, ``seen`` stands for both ends as they are
    shown. ``sides`` moved with ``who``. ``own`` are numbers at its ends that who looks recorded or
    corrected, where that needs a second person.
    """

    id: str
    place: str
    seen: int
    kind: str
    kind_words: str
    topic: str
    slug: str
    neutral: bool
    who: str
    sides: list[str]
    from_: StanceView
    to: StanceView | None
    days: int
    earlier: list[SaidView]
    later: list[SaidView]
    between: list[SaidView]
    returns_to: list[SaidView]
    back: list[SaidView]
    appeared: list[str]
    gone: list[str]
    reasons: list[str]
    sentence: str
    may_be_signed: bool
    own: list[int]

    @property
    def said(self) -> list[SaidView]:
        """All words that it shows."""
        ends = (*self.earlier, *self.later, *self.back)
        return [*ends, *self.between, *self.returns_to]

    @property
    def readings_wanted(self) -> int:
        """How many blind readings a quote needs."""
        return READINGS


def change_rows(
    conn: Connection, changes: Sequence[UnsignedChange], *, but_of: str | None
) -> list[ChangeRow]:
    """Return how changes look that wait.

    ``but_of`` is who may not decide on what they recorded or corrected; nobody, if it is ``None``.
    """
    said = entries.statements(conn, {number for change in changes for number in _numbers(change)})
    names = Names(conn, said.values())
    names.actors(
        {actor for change in changes for actor in (*change.change.lanes, change.change.before_by)}
    )
    presenter = Presenter(conn, names, [*said.values()])
    shown = _Shown(presenter, said, quote_readings(conn, said), names)
    own = own_work(conn, said, but_of) if but_of is not None else set()
    return [_row(change, change_basis(conn, change), shown, own) for change in changes]


def own_work(conn: Connection, said: Mapping[int, StatementEntry], handle: str) -> set[int]:
    """Return the numbers of statements that somebody recorded or corrected."""
    amendments = attached.amendments(conn, [*said])
    corrected = {
        amendment.number
        for amendment in amendments
        if amendment.field and amendment.recorded_by == handle
    }
    return corrected | {number for number, entry in said.items() if entry.recorded_by == handle}


class _Shown(msgspec.Struct, frozen=True):
    """What a page reads once for all its changes."""

    presenter: Presenter
    said: Mapping[int, StatementEntry]
    readings: Mapping[int, list[QuoteReading]]
    names: Names

    def views(self, numbers: Iterable[int]) -> list[SaidView]:
        """Return how statements look."""
        return [self._view(self.said[number]) for number in numbers if number in self.said]

    def _view(self, entry: StatementEntry) -> SaidView:
        scale = self.names.topic(entry.topic).scale
        read = [
            ReadingView(reading.reader, reading.carries, stances.view(scale, reading.direction))
            for reading in self.readings.get(entry.number, ())
        ]
        return SaidView(self.presenter.statement(entry), read)


def _numbers(one: UnsignedChange) -> tuple[int, ...]:
    change = one.change
    return (*change.before, *change.after, *change.between, *change.returns_to, *change.back)


def _row(waits: UnsignedChange, words: ChangeBasis, shown: _Shown, own: set[int]) -> ChangeRow:
    change, names = waits.change, shown.names
    topic = names.topic(waits.topic)
    ends = [shown.said[one] for one in (*change.before, *change.after) if one in shown.said]
    return ChangeRow(
        id=waits.id,
        place=place_name(waits),
        seen=max((entry.known_from for entry in ends), default=0),
        kind=change.kind,
        kind_words=str(KIND_WORDS[change.kind]),
        topic=topic.question,
        slug=topic.slug,
        neutral=not topic.scale.partisan,
        who=names.actor(change.lanes[0]).name,
        sides=[names.actor(side).name for side in change.lanes[1:]],
        from_=stances.view(topic.scale, change.from_),
        to=None if change.to is None else stances.view(topic.scale, change.to),
        days=_days_between(change.before, change.after, shown.said),
        earlier=shown.views(change.before),
        later=shown.views(change.after),
        between=shown.views(change.between),
        returns_to=shown.views(change.returns_to),
        back=shown.views(change.back),
        appeared=[words.terms[one] for one in change.appeared],
        gone=[words.terms[one] for one in change.gone],
        reasons=reasons_in_words(change, proposed=words.proposed),
        sentence=proposed_sentence(waits, words.terms, dates_of(shown.said), names),
        may_be_signed=not change.uncoded,
        own=[one for one in (*change.before, *change.after) if one in own],
    )


def place_name(waits: UnsignedChange) -> str:
    """Return how an address names the place of a change in the list, also once it is gone."""
    kind, decides, at, stream = waits.place
    return f"{kind}.{decides}.{-at}.{stream}"


def _days_between(
    before: Iterable[int], after: Iterable[int], said: Mapping[int, StatementEntry]
) -> int:
    ends = [[said[one].counts_from // DAY for one in end if one in said] for end in (before, after)]
    return max(ends[1]) - max(ends[0]) if all(ends) else 0


ALSO = tuple(f"{field}_{code}" for code in LANGUAGES for field in ("sentence", "caveat"))
"""The fields of a form that hold the sentence and the caveat in each language of the site."""


def other_languages() -> list[tuple[str, str]]:
    """Return code and name of the languages of the site beside that of the record."""
    own = publisher().language.partition("-")[0]
    return [(code, language_named(code)) for code in LANGUAGES if code != own]


def signed_also(sheet: FormState) -> list[SignedIn]:
    """Return the sentence in other languages than that of the record, as a form gives it."""
    found = [
        SignedIn(code, sheet.value(f"sentence_{code}"), sheet.value(f"caveat_{code}"))
        for code, _ in other_languages()
    ]
    return [one for one in found if one.sentence.strip() or one.caveat.strip()]


def proposed_sentence(
    waits: UnsignedChange, terms: Mapping[str, str], said_at: Mapping[int, str], names: Names
) -> str:
    """Return the sentence that may be printed, in the newsroom's language, for an editor to mend.

    ``terms`` are conditions in words by their ids, ``said_at`` the dates of statements by number.
    """
    change, lane = waits.change, waits.change.lanes[0]
    turning = Turning(
        topic=names.topic(waits.topic),
        actor=names.actor(lane),
        change=change,
        who=names.actor,
        said_at=said_at,
        terms=terms,
        role=names.role(change.after_by, lane) if change.kind == "succession" else "",
    )
    with speaking(publisher().language):
        return f"{sentence(turning)}."
