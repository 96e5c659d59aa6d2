"""A waiting change as the page shows it: the statements at both ends and those between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.complete import check_complete
from timeline.domain.instants import DAY
from timeline.domain.position.edition2.words import READINGS
from timeline.domain.verdict import CAUSES, SignedIn
from timeline.projections.queries import attached, entries
from timeline.projections.queries.quote_readings import quote_readings
from timeline.projections.queries.waiting import KINDS, change_basis
from web.entries.presenter import Presenter
from web.i18n.languages import LANGUAGES, language_named
from web.i18n.translate import gettext, lazy_gettext, speaking
from web.shell.publisher import publisher
from web.wording import stances
from web.wording.changes import WordedChange, naming_conditions, sentence
from web.wording.names import Names
from web.wording.when import dates_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.domain.position import Change
    from timeline.projections.queries.entries import StatementEntry
    from timeline.projections.queries.quote_readings import QuoteReading
    from timeline.projections.queries.waiting import ChangeBasis, UnsignedChange
    from web.entries.views import StatementView
    from web.record.forms.form_state import FormState
    from web.wording.stances import StanceView

KIND_WORDS = {
    "reversal": lazy_gettext("Reversal"),
    "succession": lazy_gettext("New decider"),
    "withdrawn": lazy_gettext("Words taken back"),
    "terms": lazy_gettext("Other conditions"),
    "settles": lazy_gettext("Takes a side"),
    "opens": lazy_gettext("Leaves a side"),
    "firmer": lazy_gettext("Shade: firmer"),
    "softer": lazy_gettext("Shade: softer"),
}
check_complete("KIND_WORDS", KIND_WORDS, KINDS)

REASON_WORDS = {
    "not_a_reversal": lazy_gettext("It is no reversal, so an editor judges it."),
    "not_one_person": lazy_gettext("It is not one person who says both."),
    "quote_does_not_carry": lazy_gettext(
        "At one end no quote carries alone by two blind readings that agree."
    ),
    "date_uncertain": lazy_gettext("A date is not certain to within seven days."),
    "new_office": lazy_gettext("The speaker held another office before."),
    "words_between": lazy_gettext("Other words of theirs lie between."),
    "old": lazy_gettext("The earlier words are older than the limit of this topic."),
    "returns": lazy_gettext("They had said the later thing before."),
    "there_and_back": lazy_gettext("They were back within two weeks."),
    "joint": lazy_gettext("The later words are a joint text."),
    "uncoded": lazy_gettext(
        "A direction was never coded: correct it first, nobody can sign it before."
    ),
}
"""Why a change waits, as `timeline.domain.position.edition2.printing` finds it."""

CAUSE_WORDS = {
    "speaker": lazy_gettext("Two people differ"),
    "same": lazy_gettext("The same, or a shade"),
    "coding": lazy_gettext("Stance does not follow from the words"),
    "context": lazy_gettext("“Changed” misstates it"),
    "question": lazy_gettext("Another question"),
    "thin": lazy_gettext("Words too thin"),
    "hearsay": lazy_gettext("Not their own words"),
    "dates": lazy_gettext("The dates"),
}
check_complete("CAUSE_WORDS", CAUSE_WORDS, CAUSES)


def reasons_in_words(change: Change, *, proposed: bool) -> list[str]:
    """Return why a change waits, and what else weakens it.

    ``proposed`` means that the decider is only guessed from the words of their role.
    """
    reasons = [str(REASON_WORDS[reason]) for reason in change.because if reason in REASON_WORDS]
    if change.other_wording:
        reasons.append(gettext("The question was worded otherwise at the earlier end."))
    if proposed:
        reasons.append(
            gettext("That they decide for a side is only proposed by the words of their role.")
        )
    return reasons


def causes() -> list[tuple[str, str]]:
    """Return why a change may be declined, each cause with its words."""
    return [(cause, str(words)) for cause, words in CAUSE_WORDS.items()]


class ReadingView(msgspec.Struct, frozen=True):
    """How somebody read a quote blindly."""

    reader: str
    carries: bool
    stance: StanceView


class StatementWithReadings(msgspec.Struct, frozen=True):
    """A statement at an end of a change, or between its ends, with the readings of its quote."""

    entry: StatementView
    readings: list[ReadingView]


class ChangeRow(msgspec.Struct, frozen=True, kw_only=True):
    """A change that waits.

    ``place`` is its place in the list, ``seen`` the version of both ends as they are shown.
    ``sides`` are the sides that moved with ``who``. ``own`` are the statements at its ends that the
    reader recorded or corrected, if a second person has to decide on those.
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
    earlier: list[StatementWithReadings]
    later: list[StatementWithReadings]
    between: list[StatementWithReadings]
    returns_to: list[StatementWithReadings]
    back: list[StatementWithReadings]
    appeared: list[str]
    gone: list[str]
    reasons: list[str]
    sentence: str
    may_be_signed: bool
    own: list[int]

    @property
    def said(self) -> list[StatementWithReadings]:
        """All statements that it shows."""
        ends = (*self.earlier, *self.later, *self.back)
        return [*ends, *self.between, *self.returns_to]

    @property
    def readings_wanted(self) -> int:
        """How many blind readings a quote needs."""
        return READINGS


def change_rows(
    conn: Connection, changes: Sequence[UnsignedChange], *, excluded: str | None
) -> list[ChangeRow]:
    """Return the rows of waiting changes.

    ``excluded`` may not decide on what they recorded or corrected; nobody, if ``None``.
    """
    by_number = entries.statements(
        conn, {number for change in changes for number in _numbers(change)}
    )
    names = Names(conn, by_number.values())
    names.actors(
        {actor for change in changes for actor in (*change.change.lanes, change.change.before_by)}
    )
    presenter = Presenter(conn, names, [*by_number.values()])
    page = _PageData(presenter, by_number, quote_readings(conn, by_number), names)
    own = own_work(conn, by_number, excluded) if excluded is not None else set()
    return [_row(change, change_basis(conn, change), page, own) for change in changes]


def own_work(conn: Connection, by_number: Mapping[int, StatementEntry], handle: str) -> set[int]:
    """Return the numbers of statements that somebody recorded or corrected."""
    amendments = attached.amendments(conn, [*by_number])
    corrected = {
        amendment.number
        for amendment in amendments
        if amendment.field and amendment.recorded_by == handle
    }
    return corrected | {
        number for number, entry in by_number.items() if entry.recorded_by == handle
    }


class _PageData(msgspec.Struct, frozen=True):
    """What a page reads once for all its changes; ``by_number`` has the statements."""

    presenter: Presenter
    by_number: Mapping[int, StatementEntry]
    readings: Mapping[int, list[QuoteReading]]
    names: Names

    def views(self, numbers: Iterable[int]) -> list[StatementWithReadings]:
        """Return the views of statements; unknown numbers are left out."""
        return [
            self._view(self.by_number[number]) for number in numbers if number in self.by_number
        ]

    def _view(self, entry: StatementEntry) -> StatementWithReadings:
        scale = self.names.topic(entry.topic).scale
        readings = [
            ReadingView(reading.reader, reading.carries, stances.view(scale, reading.direction))
            for reading in self.readings.get(entry.number, ())
        ]
        return StatementWithReadings(self.presenter.statement(entry), readings)


def _numbers(waiting: UnsignedChange) -> tuple[int, ...]:
    change = waiting.change
    return (*change.before, *change.after, *change.between, *change.returns_to, *change.back)


def _row(waiting: UnsignedChange, words: ChangeBasis, page: _PageData, own: set[int]) -> ChangeRow:
    change, names = waiting.change, page.names
    topic = names.topic(waiting.topic)
    ends = [page.by_number[n] for n in (*change.before, *change.after) if n in page.by_number]
    return ChangeRow(
        id=waiting.id,
        place=place_name(waiting),
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
        days=_days_between(change.before, change.after, page.by_number),
        earlier=page.views(change.before),
        later=page.views(change.after),
        between=page.views(change.between),
        returns_to=page.views(change.returns_to),
        back=page.views(change.back),
        appeared=[words.terms[term] for term in change.appeared],
        gone=[words.terms[term] for term in change.gone],
        reasons=reasons_in_words(change, proposed=words.proposed),
        sentence=proposed_sentence(
            waiting, words.terms, dates_of(page.by_number), names, naming_conditions(page.by_number)
        ),
        may_be_signed=not change.uncoded,
        own=[number for number in (*change.before, *change.after) if number in own],
    )


def place_name(waiting: UnsignedChange) -> str:
    """Return the place of a change in the list as an address has it, valid even once it is gone."""
    kind, decides, at, stream = waiting.place
    return f"{kind}.{decides}.{-at}.{stream}"


def _days_between(
    before: Iterable[int], after: Iterable[int], by_number: Mapping[int, StatementEntry]
) -> int:
    ends = [
        [by_number[number].counts_from // DAY for number in end if number in by_number]
        for end in (before, after)
    ]
    return max(ends[1]) - max(ends[0]) if all(ends) else 0


ALSO = tuple(f"{field}_{code}" for code in LANGUAGES for field in ("sentence", "caveat"))
"""The fields of a form that hold the sentence and the caveat in each language of the site."""


def other_languages() -> list[tuple[str, str]]:
    """Return code and name of the languages of the site beside that of the record."""
    own = publisher().language.partition("-")[0]
    return [(code, language_named(code)) for code in LANGUAGES if code != own]


def signed_also(sheet: FormState) -> list[SignedIn]:
    """Return the sentence in the other languages of the site, as a form gives it."""
    texts = [
        SignedIn(code, sheet.value(f"sentence_{code}"), sheet.value(f"caveat_{code}"))
        for code, _ in other_languages()
    ]
    return [text for text in texts if text.sentence.strip() or text.caveat.strip()]


def proposed_sentence(
    waiting: UnsignedChange,
    terms: Mapping[str, str],
    said_at: Mapping[int, str],
    names: Names,
    conditional: Collection[int],
) -> str:
    """Return the sentence proposed for print, in the newsroom's language, for an editor to edit.

    ``terms`` are conditions in words by their ids, ``said_at`` the dates of statements by number;
    those that are ``conditional`` name a condition.
    """
    change, lane = waiting.change, waiting.change.lanes[0]
    turning = WordedChange(
        topic=names.topic(waiting.topic),
        actor=names.actor(lane),
        change=change,
        who=names.actor,
        said_at=said_at,
        conditional=conditional,
        terms=terms,
        role=names.role(change.after_by, lane) if change.kind == "succession" else "",
    )
    with speaking(publisher().language):
        return f"{sentence(turning)}."
