"""Everything that the page of an entry shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.dates import iso_us
from timeline.domain.statement import CORRECTED, KEPT
from timeline.interchange.native.readable import readable_event
from timeline.projections.queries import attached, directory, entries, log
from timeline.projections.queries.codebooks import codebooks, in_force
from timeline.projections.queries.entries import StatementEntry
from timeline.projections.queries.story_changes import group_by_words
from web.entries.presenter import Presenter
from web.entries.views import EntryView, StatementView
from web.i18n import dates
from web.i18n.translate import gettext
from web.lanes.proof import link_words
from web.lanes.statement_lane import LaneOfStatement, lane_of_statement
from web.shell.publisher import publisher
from web.shell.request import concerns
from web.statement.citing import Citation, cite
from web.statement.neighbours import Neighbour, WaitingPair, neighbours, waiting_beside
from web.wording import stances
from web.wording.amendments import Erasure, show_amendment
from web.wording.change_sentences import ChangeSentence, ChangeWriter
from web.wording.event_titles import brief_title
from web.wording.facts import sentence_facts, strongest
from web.wording.names import Names
from web.wording.quotations import in_translation
from web.wording.sentences import Sentence, of_statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from timeline.projections.queries.attached import Coding
    from timeline.projections.queries.documents import Document
    from timeline.projections.queries.entries import Entry
    from timeline.stores.log import EventLog


class Step(msgspec.Struct, frozen=True):
    """One event of the entry's own stream, in words."""

    position: int
    kind: str
    title: str
    text: str
    by: str
    when: str


class ConnectedEntry(msgspec.Struct, frozen=True):
    """An entry at the other end of a link; ``linked_from`` is the entry with the link."""

    words: str
    entry: EntryView
    note: str
    linked_from: int


class CodingView(msgspec.Struct, frozen=True):
    """A second coder's reading; ``decided`` is an editor's decision on it, and whose.

    ``question`` is set if they read it under another question.
    """

    coder: str
    stance: stances.StanceView
    question: directory.Topic | None
    has_condition: bool
    note: str
    decided: str


class StatementPage(msgspec.Struct, frozen=True, kw_only=True):
    """What the template of an entry reads; ``newer`` is set where a later version exists."""

    entry: EntryView
    number: int
    known_at: int | None
    newer: bool
    topics: list[directory.Topic]
    question: str
    wording: str
    codebook: int
    lane: LaneOfStatement | None
    steps: list[Step]
    connected: list[ConnectedEntry]
    siblings: list[StatementView]
    codings: list[CodingView]
    citation: Citation
    sentences: tuple[Sentence, ...]
    recorded: str
    recorded_by: str
    around: tuple[Neighbour, ...]
    waiting: list[WaitingPair]
    change_sentences: list[ChangeSentence]

    @property
    def erased(self) -> Erasure | None:
        """The last erasure of the words, if any."""
        last = next((step for step in reversed(self.steps) if step.kind == "redacted"), None)
        return Erasure(last.position, last.when, last.by, last.text) if last else None

    @property
    def reworded(self) -> str:
        """The address that compares its words with the previous ones, empty if there are none."""
        before = self.lane.before if self.lane else None
        return self.known_too(f"/s/{before.number}..{self.number}") if before else ""

    @property
    def reworded_later(self) -> str:
        """The address that compares its words with the next ones, empty if there are none."""
        after = self.lane.after if self.lane else None
        return self.known_too(f"/s/{self.number}..{after.number}") if after else ""

    def known_there(self, href: str) -> str:
        """Return the address of another entry, at the log position of this page."""
        return href if self.known_at is None else f"{href}@{self.known_at}"

    def known_too(self, href: str) -> str:
        """Return an address (without a query) at the log position of this page."""
        return href if self.known_at is None else f"{href}?known_at=@{self.known_at}"

    @property
    def said_before(self) -> str:
        """The day of the previous statement, in words."""
        before = self.lane.before if self.lane else None
        return dates.said(before.said_at) if before else ""

    @property
    def translated_before(self) -> str:
        """Whose translation the previous words are, if they are translated."""
        before = self.lane.before if self.lane else None
        return in_translation(before.words.quote) if before else ""

    @property
    def title(self) -> str:
        """The title of the page in a frame."""
        if isinstance(self.entry, StatementView):
            who, behalf = self.entry.speaker.name, self.entry.on_behalf_of
            if behalf:
                who = gettext("%(speaker)s (%(actor)s)", speaker=who, actor=behalf.name)
            return gettext("%(actor)s on %(topic)s", actor=who, topic=self.topics[0].label)
        return self.entry.title or gettext("Development")


def statement_page(
    conn: Connection, stored: EventLog, number: int, known_at: int | None, host: str, now: int
) -> StatementPage:
    """Read everything that the page shows; raises `NotFound` for an unknown number."""
    entry = entries.entry(conn, number, known_at)
    concerns(entry.stream)
    names = Names(conn)
    siblings = _siblings(conn, entry, known_at)
    links = attached.links(conn, [number], known_at)
    ends = {end for link in links for end in (link.number, link.target)} - {number}
    others: dict[int, Entry] = {}
    others |= entries.statements(conn, ends, known_at)
    others |= entries.developments(conn, ends - others.keys(), known_at)
    lane = lane_of_statement(conn, entry, names, known_at, now)
    near = (
        [entry_found for entry_found in (lane.before, lane.between, lane.after) if entry_found]
        if lane
        else []
    )
    presenter = Presenter(
        conn,
        names,
        [entry, *near, *siblings, *others.values()],
        lane.changes if lane else (),
        known_at=known_at,
    )
    shown = presenter.show(entry)
    topics = [names.topic(topic) for topic in _topics(entry)]
    questions = _questions(conn, entry)
    codings = attached.codings(conn, number, known_at)
    return StatementPage(
        entry=shown,
        number=number,
        known_at=known_at,
        newer=entry.known_until is not None,
        topics=topics,
        question=topics[0].question if topics else "",
        wording=_wording(entry, questions),
        codebook=_codebook(conn, entry, known_at),
        lane=lane,
        steps=_steps(conn, stored, entry, names, codings, known_at),
        connected=[
            ConnectedEntry(
                link_words(link.kind, outgoing=link.number == number),
                presenter.show(others[link.target if link.number == number else link.number]),
                link.note,
                link.number,
            )
            for link in links
            if (link.target if link.number == number else link.number) in others
        ],
        siblings=[presenter.statement(sibling) for sibling in siblings],
        codings=_codings(entry, names, codings),
        citation=cite(shown, topics, entry, _cited(conn, entry, names, known_at), host),
        sentences=_sentences(conn, entry, host, known_at),
        recorded=iso_us(entry.recorded_at),
        recorded_by=entry.recorded_by,
        waiting=waiting_beside(conn, entry, names, known_at),
        change_sentences=_changes_told(conn, lane, number, names, known_at),
        around=neighbours(lane, entry, presenter, questions)
        if lane and isinstance(entry, StatementEntry)
        else (),
    )


def _cited(conn: Connection, entry: Entry, names: Names, known_at: int | None) -> Document:
    """Return the source by which an entry is cited: the strongest one."""
    sources = attached.sources(conn, [entry.number], known_at)[entry.number]
    chosen = strongest(entry, sources) if isinstance(entry, StatementEntry) else sources[0]
    return names.document(chosen.document)


def _sentences(
    conn: Connection, entry: Entry, host: str, known_at: int | None
) -> tuple[Sentence, ...]:
    """Return sentences on a statement; none on a retracted one."""
    if not isinstance(entry, StatementEntry) or entry.retracted:
        return ()
    facts = sentence_facts(conn, [entry.number], host, known_at, own=publisher().language)
    return of_statement(entry.number, facts)


def _topics(entry: Entry) -> tuple[str, ...]:
    return (entry.topic,) if isinstance(entry, StatementEntry) else entry.topics


def _siblings(conn: Connection, entry: Entry, known_at: int | None) -> list[StatementEntry]:
    if not isinstance(entry, StatementEntry) or entry.utterance is None:
        return []
    utterance = entries.utterance(conn, entry, known_at)
    return [other for other in utterance if other.number != entry.number]


def _questions(conn: Connection, entry: Entry) -> dict[int, str]:
    """Return the wordings of a statement's topic by their number, oldest first."""
    if not isinstance(entry, StatementEntry):
        return {}
    return {wording.wording: wording.question for wording in directory.wordings(conn, entry.topic)}


def _codebook(conn: Connection, entry: Entry, known_at: int | None) -> int:
    """Return the version of the codebook with which the stance was coded, 0 for none."""
    if not isinstance(entry, StatementEntry):
        return 0
    amended = attached.amendments(conn, [entry.number], known_at=known_at)
    coded = [amendment.position for amendment in amended if amendment.field in ("stance", "topic")]
    return in_force(codebooks(conn, entry.topic, known_at), max([entry.number, *coded]))


def _changes_told(
    conn: Connection,
    lane: LaneOfStatement | None,
    number: int,
    names: Names,
    known_at: int | None,
) -> list[ChangeSentence]:
    """Return the changes that a statement made, in sentences; each once."""
    lane_changes = [
        group[0]
        for group in group_by_words(lane.changes if lane else ())
        if group[0].change.is_visible and number in group[0].change.after
    ]
    teller = ChangeWriter(conn, names, lane_changes, own=publisher().language, known_at=known_at)
    return [teller.tell(change) for change in lane_changes]


def _wording(entry: Entry, questions: dict[int, str]) -> str:
    """Return the wording that the statement answered, if the topic was reworded since."""
    if not isinstance(entry, StatementEntry) or entry.wording == max(questions, default=0):
        return ""
    return questions.get(entry.wording, "")


def _steps(
    conn: Connection,
    stored: EventLog,
    entry: Entry,
    names: Names,
    codings: Sequence[Coding],
    known_at: int | None,
) -> list[Step]:
    amended = {
        amendment.position: amendment for amendment in attached.amendments(conn, [entry.number])
    }
    coded = {coding.position: coding for coding in codings}
    scale = names.topic(entry.topic).scale if isinstance(entry, StatementEntry) else None
    steps = []
    for line in log.of_stream(conn, entry.stream):
        if known_at is not None and line.position > known_at:
            break
        title, text = brief_title(line.type), ""
        if line.position in coded:
            title, text = _read_again(coded[line.position], names, title)
        elif line.position in amended:
            shown = show_amendment(amended[line.position], scale, names, withheld=entry.withheld)
            text = ". ".join(filter(None, (shown.what, shown.reason)))
        elif line.type.endswith(("linked", "unlinked")):
            text = _linked(stored, conn, line.position, withheld=entry.withheld)
        elif line.type.endswith(".redacted"):
            text = getattr(stored.event(line.position), "basis", "")
        elif line.type.endswith("reply_requested"):
            text = _written(stored, line.position, "note", withheld=entry.withheld)
        steps.append(
            Step(
                line.position,
                line.type.partition(".")[2],
                title,
                text,
                line.recorded_by,
                dates.moment_us(line.recorded_at),
            )
        )
    return steps


def _read_again(coding: Coding, names: Names, title: str) -> tuple[str, str]:
    """Return the title of a second coder's reading in the history, and whose it is."""
    word = _stance(names.topic(coding.topic), coding).word
    text = gettext("Read by %(name)s as “%(stance)s”", name=coding.coder, stance=word)
    return (gettext("Decided between two readings") if coding.decision else title), text


def _written(stored: EventLog, position: int, what: str, *, withheld: bool) -> str:
    """Return the texts of an event, as far as readers may see them."""
    event = stored.event(position)
    words = readable_event(event, withheld=withheld).get("content", {}) if event else {}
    return str(words.get(what) or "")


def _linked(stored: EventLog, conn: Connection, position: int, *, withheld: bool) -> str:
    event = stored.event(position)
    kind, target = getattr(event, "kind", ""), getattr(event, "target", "")
    rows = log.of_stream(conn, target) if target else []
    number = f"#{rows[0].number}" if rows else ""
    text = f"{link_words(kind, outgoing=True)} {number}" if kind else ""
    return ". ".join(filter(None, (text, _written(stored, position, "reason", withheld=withheld))))


def _codings(entry: Entry, names: Names, codings: Sequence[Coding]) -> list[CodingView]:
    if not isinstance(entry, StatementEntry):
        return []
    return [_coding(entry, names.topic(coding.topic), coding) for coding in codings]


def _coding(entry: StatementEntry, topic: directory.Topic, coding: Coding) -> CodingView:
    return CodingView(
        coder=coding.coder,
        stance=_stance(topic, coding),
        question=None if topic.id == entry.topic else topic,
        has_condition=bool(coding.has_condition),
        note=coding.note,
        decided=_decided(coding),
    )


def _stance(topic: directory.Topic, coding: Coding) -> stances.StanceView:
    return stances.view(topic.scale, coding.stance, version=coding.scale_version)


def _decided(coding: Coding) -> str:
    """Return in words what an editor decided between this reading and the first."""
    if coding.decision == KEPT:
        return gettext("kept as recorded, by %(name)s", name=coding.recorded_by)
    if coding.decision == CORRECTED:
        return gettext("corrected, by %(name)s", name=coding.recorded_by)
    return ""
