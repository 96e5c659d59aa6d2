"""Turn entries on record into the views of pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.dates import parse_date
from timeline.domain.instants import day_of
from timeline.projections.queries import attached
from timeline.projections.queries.entries import (
    DevelopmentEntry,
    StatementEntry,
    statements,
)
from timeline.projections.tables import kinds
from web.entries.sources import attribution_of, passage_of, shown_sources
from web.entries.variables import shown_values, variables_now
from web.entries.views import (
    ActorView,
    ChangeView,
    DevelopmentView,
    EntryView,
    ReplyView,
    StatementView,
    found_late,
)
from web.i18n import dates
from web.i18n.languages import direction, quoted
from web.i18n.translate import gettext
from web.wording import stances
from web.wording.amendments import AmendmentView, joined, named_statements, show_amendment
from web.wording.kinds import reason_word
from web.wording.quotations import in_translation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from timeline.domain.scales import Scale
    from timeline.projections.queries.attached import Amendment, Reply
    from timeline.projections.queries.entries import Entry
    from timeline.projections.queries.positions import LaneChange
    from web.entries.variables import ValueView, VariableView
    from web.wording.names import Names


class Presenter:
    """Turns entries into views; each kind of record is read once for all entries.

    ``said`` are statements that were read already.
    """

    def __init__(
        self,
        conn: Connection,
        names: Names,
        entries: Sequence[Entry],
        changes: Iterable[LaneChange] = (),
        known_at: int | None = None,
        new_after: int | None = None,
        said: Mapping[int, StatementEntry] | None = None,
    ) -> None:
        numbers = [entry.number for entry in entries]
        names.learn(entries)
        self._conn, self._names = conn, names
        self._asked: dict[str, list[VariableView]] = {}
        self._new_after = new_after
        self._sources = attached.sources(conn, numbers, known_at)
        names.documents({s.document for source in self._sources.values() for s in source})
        amendments = attached.amendments(conn, numbers, known_at=known_at)
        names.numbers(named_statements(amendments) | _conditions(entries))
        self._amendments = _by_number(amendments)
        self._replies = attached.replies(conn, numbers, known_at)
        self._changes: dict[int, list[LaneChange]] = {}
        for change in changes:
            for number in change.change.after:
                self._changes.setdefault(number, []).append(change)
        shown = [change for number in numbers for change in self._changes.get(number, ())]
        numbers_before = {number for change in shown for number in change.change.before}
        known = said or {}
        self._held = (
            known if numbers_before <= known.keys() else statements(conn, numbers_before, known_at)
        )
        own = {entry.number: entry for entry in entries if isinstance(entry, StatementEntry)}
        self._proofs = {**self._held, **own} if shown else self._held

    def show(self, entry: Entry) -> EntryView:
        """Return the view of an entry."""
        if isinstance(entry, StatementEntry):
            return self.statement(entry)
        return self.development(entry)

    def statement(self, entry: StatementEntry) -> StatementView:
        """Return the view of a statement."""
        names, words, terms = self._names, entry.words, entry.terms
        topic = names.topic(entry.topic)
        behalf = names.lane(entry.on_behalf_of) if entry.on_behalf_of else None
        speaker = names.actor(entry.speaker)
        condition = names.known_topic(entry.condition_topic)
        quote = words.quote if words.quote and not entry.withheld else None
        sources = shown_sources(entry, self._sources.get(entry.number, ()), names)
        return StatementView(
            number=entry.number,
            known_from=entry.known_from,
            topic=topic.slug,
            scale=topic.scale.name,
            day=day_of(entry.counts_from),
            precision=parse_date(entry.said_at).precision,
            speaker=ActorView.of(speaker, names.role(entry.speaker, entry.on_behalf_of)),
            on_behalf_of=ActorView.of(behalf) if behalf else None,
            stance=stances.of(topic.scale, entry),
            reason=_no_position(entry.no_position_reason),
            quote=quoted(quote.exact, quote.lang) if quote else "",
            quote_lang=quote.lang if quote else "",
            quote_dir=direction(quote.lang) if quote else "ltr",
            in_translation=in_translation(quote),
            summary_first=bool(quote and words.paraphrase and not entry.quote_carries),
            passage=passage_of(entry, names.document(entry.document)),
            translation="" if entry.withheld else words.translation,
            paraphrase="" if entry.withheld else words.paraphrase,
            condition="" if entry.withheld else words.condition,
            condition_topic=condition.label if condition else "",
            condition_href=f"/t/{condition.slug}" if condition else "",
            condition_actor=names.actor(terms.actor).name if terms.actor else "",
            condition_of=self._entry_number(terms.condition, entry.stream),
            drops=tuple(filter(None, map(self._entry_number, terms.drops))),
            dissent=entry.dissent,
            hedge="" if entry.withheld else words.hedge,
            variables=() if entry.withheld else self._values(entry),
            asked="" if entry.withheld else words.asked,
            said=dates.said(entry.said_at),
            said_machine=dates.machine(entry.counts_from),
            known=dates.moment_us(entry.recorded_at),
            known_machine=dates.machine_us(entry.recorded_at),
            found_late=found_late(entry, topic),
            sources=sources,
            attribution=attribution_of(entry, sources),
            joint=entry.attribution == "joint",
            ascribed=entry.attribution == "ascribed",
            voted=entry.attribution == "voted",
            quoted_from=words.reported_via if entry.attribution == "second_hand" else "",
            is_report=entry.attribution in ("reported", "second_hand", "ascribed"),
            retracted=entry.retracted,
            withheld=entry.withheld,
            corrected=entry.corrected,
            amendments=self._shown_amendments(entry.number, topic.scale, withheld=entry.withheld),
            changes=self._shown_changes(entry, topic.scale),
            replies=tuple(map(_reply, self._replies.get(entry.number, ()))),
            translated=entry.translated,
            is_new=self._is_new(entry.number),
        )

    def _values(self, entry: StatementEntry) -> tuple[ValueView, ...]:
        values = entry.words.variables
        if values and entry.topic not in self._asked:
            self._asked[entry.topic] = variables_now(self._conn, entry.topic)
        return shown_values(values, self._asked[entry.topic]) if values else ()

    def _entry_number(self, stream: str | None, own: str = "") -> int | None:
        """Return the number of another statement, if it is on record."""
        return self._names.number(stream) if stream and stream != own else None

    def development(self, entry: DevelopmentEntry) -> DevelopmentView:
        """Return the view of a development."""
        says = self._names.actor(entry.according_to) if entry.according_to else None
        return DevelopmentView(
            number=entry.number,
            known_from=entry.known_from,
            day=day_of(entry.counts_from),
            precision=parse_date(entry.happened_at).precision,
            title=entry.title if not entry.withheld else "",
            summary=entry.summary if not entry.withheld else "",
            happened_at=entry.happened_at,
            when=dates.said(entry.happened_at),
            when_machine=dates.machine(entry.counts_from),
            status=_status(entry.status),
            according_to=ActorView.of(says) if says else None,
            known=dates.moment_us(entry.recorded_at),
            known_machine=dates.machine_us(entry.recorded_at),
            sources=shown_sources(entry, self._sources.get(entry.number, ()), self._names),
            retracted=entry.retracted,
            withheld=entry.withheld,
            corrected=entry.corrected,
            amendments=self._shown_amendments(entry.number, None, withheld=entry.withheld),
            translated=entry.translated,
            is_new=self._is_new(entry.number),
        )

    def _is_new(self, number: int) -> bool:
        return self._new_after is not None and number > self._new_after

    def _shown_amendments(
        self, number: int, scale: Scale | None, *, withheld: bool
    ) -> tuple[AmendmentView, ...]:
        return joined(
            show_amendment(amendment, scale, self._names, withheld=withheld)
            for amendment in self._amendments.get(number, ())
            if amendment.kind != kinds.REPLY_RETRACTED
        )

    def _shown_changes(self, entry: StatementEntry, scale: Scale) -> tuple[ChangeView, ...]:
        return tuple(
            ChangeView(
                lane=ActorView.of(self._names.actor(change.lane)),
                kind=change.change.kind,
                before=None
                if change.change.from_ is None
                else stances.proved(scale, change.change.from_, change.change.before, self._held),
                after=None
                if change.change.to is None
                else stances.noted(
                    stances.view(scale, change.change.to), change.change, self._proofs
                ),
                other_speaker=change.change.other_speaker,
            )
            for change in self._changes.get(entry.number, ())
            if change.change.is_visible and change.topic == entry.topic
        )


def _conditions(entries: Iterable[Entry]) -> set[str]:
    """Return the ids of the statements whose conditions these changes set or drop."""
    terms = (entry.terms for entry in entries if isinstance(entry, StatementEntry))
    return {stream for term in terms for stream in (term.condition, *term.drops) if stream}


def _by_number(amendments: list[Amendment]) -> dict[int, list[Amendment]]:
    by_number: dict[int, list[Amendment]] = {}
    for amendment in amendments:
        by_number.setdefault(amendment.number, []).append(amendment)
    return by_number


def _reply(reply: Reply) -> ReplyView:
    return ReplyView(dates.said(reply.replied_at), reply.text, reply.lang, direction(reply.lang))


def _no_position(reason: str | None) -> str:
    if reason is None:
        return ""
    return reason_word(reason)


def _status(status: str) -> str:
    words = {
        "claimed": gettext("claimed"),
        "confirmed": gettext("confirmed"),
        "disputed": gettext("disputed"),
        "announced": gettext("announced"),
    }
    return words[status]
