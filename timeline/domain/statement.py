"""A statement: someone said something on one topic, with one stance, according to a source."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from timeline.domain.actor import MUTE
from timeline.domain.aggregate import command, required_reason
from timeline.domain.dates import check_come, parse_date
from timeline.domain.entry import (
    RANKS,
    WORDS_ERASED,
    Corrected,
    Entry,
    EntryEvents,
    Linked,
    Reinstated,
    Retracted,
    Seconded,
    Unlinked,
    check_attribution,
    strongest,
)
from timeline.domain.errors import Refused
from timeline.domain.event import Byline, Content, Event, Note, Reason, Redacted, own_fields
from timeline.domain.fields import STATEMENT
from timeline.domain.messages import EdtfDate, Message
from timeline.domain.quote import (
    FEWEST_WORDS,
    PASSAGE_ALREADY,
    Passage,
    Quote,
    check_anchor,
    check_attributed,
    check_passage,
    check_quote,
    may_carry,
)
from timeline.domain.scales import FIRST_VERSION, VALUES, check_question, check_stance, scale_named
from timeline.domain.translation import Translated
from timeline.domain.variables import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

REPLY_EMPTY = Message(
    "reply_empty", "the reply has no text", fix="give the actor's own words, unedited"
)
REPLY_TOO_EARLY = Message(
    "reply_too_early",
    "a reply of %(date)s is older than the statement, which is of %(said)s",
    fix="give the day of the reply",
)
REPLY_ALREADY = Message(
    "reply_already", "this reply of that day is on record already", fix="there is nothing to do"
)
NO_SUCH_REPLY = Message(
    "no_such_reply", "the statement has no such reply", fix="look at the replies that it has"
)
NO_QUOTE_TO_READ = Message(
    "no_quote_to_read", "there is no quote to read", fix="choose a statement that has one"
)
READ_BY_RECORDER = Message(
    "read_by_recorder",
    "who recorded, corrected or coded a statement knows more of it than its quote",
    fix="let somebody else read it",
)
QUOTE_READ_ALREADY = Message(
    "quote_read_already", "they have read this quote", fix="go on to the next"
)
QUOTE_NOT_READ = Message(
    "quote_not_read", "%(reader)s has not read this quote", fix="there is nothing to take back"
)
QUOTE_TOO_SHORT = Message(
    "quote_too_short",
    "a quote of fewer than %(fewest)s words does not carry a stance alone",
    fix="say that it does not",
)
NO_SUCH_DIRECTION = Message(
    "no_such_direction", "there is no direction %(direction)s", fix="give −2 to +2, or none"
)
CANNOT_SPEAK_FOR_OTHERS = Message(
    "cannot_speak_for_others",
    "a collective or an unnamed source speaks for nobody else",
    fix="leave it empty",
)
SPEAKS_FOR_ITSELF = Message(
    "speaks_for_itself", "a speaker does not speak on behalf of itself", fix="leave it empty"
)
DROPS_ITS_OWN_CONDITION = Message(
    "drops_its_own_condition",
    "a statement cannot drop the condition that it names itself",
    fix="name an earlier statement whose condition it drops",
)
DISSENT_IS_A_VOTE = Message(
    "dissent_is_a_vote",
    "a dissent is a recorded vote against the body",
    fix="code the attribution as voted, or leave the dissent empty",
)
CONDITION_ON_OWN_TOPIC = Message(
    "condition_on_own_topic",
    "a stance cannot depend on the topic itself",
    fix="name the topic that it depends on",
)


class Words(Content, frozen=True):
    """All free text of a statement; all of it is optional.

    ``paraphrase`` is ours; ``translation`` is of the quote; ``hedge`` keeps the source's könnte
    or might; ``asked`` is the question that was declined; ``mandate_reason`` says why the speaker
    speaks for somebody else without a mandate on record; ``passage`` is the source's wording;
    ``variables`` are further values that the topic's codebook asks for, by id.
    """

    quote: Quote | None = None
    translation: str = ""
    paraphrase: str = ""
    condition: str = ""
    hedge: str = ""
    reported_via: str = ""
    asked: str = ""
    mandate_reason: str = ""
    passage: Passage | None = None
    variables: dict[str, str] = msgspec.field(default_factory=dict)


class StatementRecorded(Event, frozen=True, kw_only=True):
    """The first record of a statement.

    ``wording`` is the number of the topic's wording that it answers, from 1. ``scale_version`` is
    the first version of the scale that has the stance's word. ``condition_actor`` has to act for
    the condition to be met. ``condition_id`` identifies the condition by the statement that named
    it first, which may be this one; ``drops`` lists the conditions that its words drop. A
    ``dissent`` is a vote against the body in which it is cast.
    """

    TOPIC = "statement.recorded"
    VERSION = 2
    topic: str
    wording: int = 1
    speaker: str
    on_behalf_of: str | None = None
    stance: int | None = None
    no_position_reason: str | None = None
    condition_topic: str | None = None
    said_at: str
    document: str
    attribution: str
    utterance: str | None = None
    scale_version: int = FIRST_VERSION
    condition_actor: str | None = None
    condition_id: str | None = None
    drops: tuple[str, ...] = ()
    dissent: bool = False
    content: Words | None = None


WORDS_AT = {
    field.on_record: field.path
    for name in own_fields(Words)
    for field in STATEMENT
    if field.correctable and field.is_content and field.path.partition(".")[0] == name
}
"""Every field of free text under its name in corrections, with its place in `Words`."""

NO_QUOTE = Quote(exact="", wording="")
NO_PASSAGE = Passage(exact="")

_codes = attrgetter(*own_fields(StatementRecorded))
_texts = attrgetter(*WORDS_AT.values())


class StatementCorrected(Corrected, frozen=True):
    TOPIC = "statement.corrected"


class StatementRetracted(Retracted, frozen=True):
    TOPIC = "statement.retracted"


class StatementReinstated(Reinstated, frozen=True):
    TOPIC = "statement.reinstated"


class StatementSeconded(Seconded, frozen=True):
    TOPIC = "statement.seconded"


class StatementLinked(Linked, frozen=True):
    TOPIC = "statement.linked"


class StatementUnlinked(Unlinked, frozen=True):
    TOPIC = "statement.unlinked"


class StatementRedacted(Redacted, frozen=True):
    """``condition_id`` is kept here if only the erased words named the condition."""

    TOPIC = "statement.redacted"
    condition_id: str | None = None


class StatementTranslated(Translated, frozen=True):
    TOPIC = "statement.translated"


class PassageGiven(Content, frozen=True):
    """A passage that was added after the first record."""

    passage: Passage


class StatementPassageAdded(Event, frozen=True):
    """The passage that supports the statement, copied from its source after the first record."""

    TOPIC = "statement.passage_added"
    content: PassageGiven | None = None


class StatementCoded(Event, frozen=True):
    """A second coder's reading; it is kept beside the first and never moves a position.

    ``coder`` is the second coder's handle; empty means whoever recorded this event. If an editor
    decided between two readings, ``first_coder`` made the first one and ``decision`` is one of
    `DECISIONS`. ``scale_version`` is the first version of the scale that has the stance's word.
    ``topic`` is the question that they coded for; empty means the statement's topic at that time.
    ``has_condition`` says whether they read a condition; ``None`` if nobody asked.
    """

    TOPIC = "statement.coded"
    VERSION = 4
    stance: int | None = None
    no_position_reason: str | None = None
    coder: str = ""
    first_coder: str = ""
    decision: str = ""
    scale_version: int = FIRST_VERSION
    topic: str = ""
    has_condition: bool | None = None
    content: Note | None = None


class QuoteJudgment(Content, frozen=True):
    """Whether a quote alone answers the question, and how: −2 … +2, ``None`` for no direction."""

    carries: bool
    direction: int | None = None


class StatementQuoteRead(Event, frozen=True):
    """A blind reading of the quote: the reader saw only the question and the quote.

    ``reader`` is their handle. A correction of the quote or of the topic voids the reading. The
    ledger covers the judgment by a salted hash: its entries are public, and other readers must
    not learn the judgment before they read the quote.
    """

    TOPIC = "statement.quote_read"
    VERSION = 2
    reader: str
    content: QuoteJudgment | None = None


class StatementQuoteUnread(Event, frozen=True):
    """A reader withdrew a mistaken reading of the quote; they may read it again."""

    TOPIC = "statement.quote_unread"
    reader: str


KEPT, CORRECTED = "kept", "corrected"
DECISIONS = (KEPT, CORRECTED)
"""An editor's decision between two readings: the record is kept, or it was corrected."""


class StatementReplyRequested(Event, frozen=True):
    TOPIC = "statement.reply_requested"
    content: Note | None = None


class ReplyText(Content, frozen=True):
    text: str
    lang: str = ""


class StatementReplyReceived(Event, frozen=True):
    """The actor's own answer, unedited; ``replied_at`` is an EDTF date or a date-time."""

    TOPIC = "statement.reply_received"
    replied_at: str
    content: ReplyText | None = None


class StatementReplyRetracted(Event, frozen=True):
    """A reply that we recorded wrongly; ``reply`` counts them from 1 as they were received."""

    TOPIC = "statement.reply_retracted"
    reply: int
    content: Reason | None = None


class Statement(Entry):
    """Decides what may be recorded of one statement."""

    EVENTS: ClassVar[EntryEvents] = EntryEvents(
        StatementCorrected,
        StatementRetracted,
        StatementReinstated,
        StatementSeconded,
        StatementLinked,
        StatementUnlinked,
    )
    TRANSLATED = StatementTranslated
    REDACTED = StatementRedacted
    CODED: ClassVar = own_fields(StatementRecorded)
    WORDS: ClassVar = tuple(WORDS_AT)
    OWN_WORDS: ClassVar = tuple(
        name
        for name in WORDS_AT
        if any(field.is_ours for field in STATEMENT if field.on_record == name)
    )

    def __init__(self) -> None:
        super().__init__()
        self.quote_readers: set[str] = set()
        """The handles of everybody who has read the current quote under the current topic."""
        self.codings: list[tuple[str, int | None]] = []
        self.replies: list[tuple[str, str] | None] = []
        self.quote: Quote | None = None
        self.passage: Passage | None = None
        self._worded_condition: str | None = None

    @command
    def code(  # noqa: PLR0913 - the fields of one event
        self,
        byline: Byline,
        stance: int | None,
        no_position_reason: str | None,
        note: str = "",
        *,
        coder: str = "",
        first_coder: str = "",
        decision: str = "",
        scale_version: int = FIRST_VERSION,
        topic: str = "",
        has_condition: bool | None = None,
    ) -> None:
        """Record a second coder's reading; raises `Refused` if a stance and a reason clash."""
        check_stance(stance, no_position_reason)
        self._record(
            StatementCoded,
            byline,
            stance=stance,
            no_position_reason=no_position_reason,
            coder=coder,
            first_coder=first_coder,
            decision=decision,
            scale_version=scale_version,
            topic=topic,
            has_condition=has_condition,
            content=Note(note=note),
        )

    @command
    def read_quote(
        self, byline: Byline, reader: str, direction: int | None, *, carries: bool
    ) -> None:
        """Record a blind reading of the quote; each reader reads a quote once.

        Raises `Refused` if there is no quote; if the reader recorded, corrected or coded the
        statement, or has read this quote; and if a quote too short is said to carry the stance.
        """
        quote = self.fields["quote"]
        if not quote or self.redacted:
            raise Refused(NO_QUOTE_TO_READ, field="number")
        if reader in self.written_by or reader in dict(self.codings):
            raise Refused(READ_BY_RECORDER, field="by")
        if reader in self.quote_readers:
            raise Refused(QUOTE_READ_ALREADY, field="by")
        if carries and not may_carry(quote):
            raise Refused(QUOTE_TOO_SHORT, field="carries", fewest=FEWEST_WORDS)
        if direction is not None and direction not in VALUES:
            raise Refused(NO_SUCH_DIRECTION, field="direction", direction=direction)
        content = QuoteJudgment(carries=carries, direction=direction)
        self._record(StatementQuoteRead, byline, reader=reader, content=content)

    @command
    def unread_quote(self, byline: Byline) -> None:
        """Withdraw one's own reading of the quote; raises `Refused` if there is none."""
        if byline.by not in self.quote_readers:
            raise Refused(QUOTE_NOT_READ, field="number", reader=byline.by)
        self._record(StatementQuoteUnread, byline, reader=byline.by)

    @command
    def request_reply(self, byline: Byline, note: str = "") -> None:
        """Record that the actor was asked for a reply."""
        self._record(StatementReplyRequested, byline, content=Note(note=note))

    @command
    def receive_reply(self, byline: Byline, replied_at: str, text: str, lang: str = "") -> None:
        """Record the actor's own answer, unedited.

        Raises `Refused` if it is empty, older than the statement, dated in the future, or on
        record already.
        """
        if not text.strip():
            raise Refused(REPLY_EMPTY, field="text")
        replied = parse_date(replied_at, "replied_at")
        check_come(replied, byline.at, "replied_at")
        said = parse_date(self.fields["said_at"])
        if said.earliest is not None and replied.latest < said.earliest:
            raise Refused(
                REPLY_TOO_EARLY,
                field="replied_at",
                date=EdtfDate(replied_at),
                said=EdtfDate(said.text),
            )
        if (replied_at, text.strip()) in self.replies:
            raise Refused(REPLY_ALREADY, field="text")
        content = ReplyText(text=text, lang=lang)
        self._record(StatementReplyReceived, byline, replied_at=replied_at, content=content)

    @command
    def retract_reply(self, byline: Byline, reply: int, reason: str) -> None:
        """Retract a reply that we recorded wrongly; ``reply`` is its number, from 1.

        Raises `Refused` if there is no such reply, or if it is retracted already.
        """
        if not 1 <= reply <= len(self.replies) or self.replies[reply - 1] is None:
            raise Refused(NO_SUCH_REPLY, field="reply")
        content = Reason(reason=required_reason(reason))
        self._record(StatementReplyRetracted, byline, reply=reply, content=content)

    @command
    def add_passage(self, byline: Byline, passage: Passage) -> None:
        """Add the passage that supports the statement; adding the same one again changes nothing.

        Raises `Refused` if another passage is on record, or if the words were erased by law.
        """
        if self.redacted:
            raise Refused(WORDS_ERASED, field="passage.text")
        current = self.fields["passage"]
        if current and current != passage.exact:
            raise Refused(PASSAGE_ALREADY, field="passage.text")
        check_passage(passage.exact)
        check_anchor(passage)
        if not current:
            self._record(StatementPassageAdded, byline, content=PassageGiven(passage=passage))

    def _check_fields(self, fields: dict[str, Any], sources: Mapping[str, str]) -> None:
        check_stance(fields["stance"], fields["no_position_reason"])
        erased = self.redacted and fields["attribution"] == "second_hand"
        check_attribution(fields["attribution"], "erased" if erased else fields["reported_via"])
        check_quote(fields["quote"], fields["quote_wording"] or "unknown")
        check_attributed(fields["quote"], self._attributions(fields, sources))
        check_passage(fields["passage"])
        if not self.redacted:
            check_question(fields["no_position_reason"], fields["asked"])
        check_behalf(fields["speaker"], fields["on_behalf_of"])
        check_condition(fields["topic"], fields["condition_topic"])
        check_drops(self.id, fields["condition_id"], fields["drops"])
        check_dissent(fields["attribution"], dissent=bool(fields["dissent"]))

    @property
    def rank(self) -> int:
        """0 for first-hand words, 1 for second-hand ones, 2 for ascribed ones."""
        return RANKS[strongest([*self.sources.values()])]

    @classmethod
    def is_words(cls, name: str) -> bool:
        """Tell whether a field is free text; every variable is."""
        return super().is_words(name) or name.startswith(VARIABLES)

    def _attributions(self, fields: dict[str, Any], sources: Mapping[str, str]) -> list[str]:
        further = sources.keys() - {self.fields["document"]}
        return [fields["attribution"], *(sources[document] for document in further)]

    def _codes_in_words(self) -> dict[str, str]:
        return {"condition_id": self._worded_condition} if self._worded_condition else {}

    def _take(self, event: Event) -> None:
        super()._take(event)
        match event:
            case StatementRecorded(condition_id=None):
                self._worded_condition = condition_of(event)
            case StatementCorrected(field="condition_id"):
                self._worded_condition = None
            case StatementRedacted(condition_id=str(condition)):
                self.fields["condition_id"] = condition

    def _apply_reading(self, event: Event) -> None:
        match event:
            case StatementCorrected(field="quote" | "topic"):  # what a blind reader sees
                self.quote_readers.clear()
            case StatementQuoteRead():
                self.quote_readers.add(event.reader)
            case StatementQuoteUnread():
                self.quote_readers.discard(event.reader)

    def _apply(self, event: Event) -> None:
        super()._apply(event)
        self._apply_reading(event)
        match event:
            case StatementRecorded():
                words = event.content or Words()
                self.fields = recorded_fields(event)
                self.sources[event.document] = event.attribution
                self.quote, self.passage = words.quote, words.passage
            case StatementPassageAdded():
                self.passage = event.content.passage if event.content else None
                self.fields["passage"] = self.passage.exact if self.passage else ""
            case StatementCorrected(field="quote"):
                self.quote = None  # its place was that of the words as they were recorded
            case StatementCorrected(field="passage"):
                self.passage = None
            case StatementCoded():
                self.codings.append((event.coder or event.recorded_by, event.stance))
            case StatementReplyReceived():
                text = event.content.text.strip() if event.content else ""
                self.replies.append((event.replied_at, text))
            case StatementReplyRetracted():
                self.replies[event.reply - 1] = None


def recorded_fields(event: StatementRecorded) -> dict[str, Any]:
    """Return the correctable fields of a first record, by their names in corrections."""
    words = event.content or Words()
    words = msgspec.structs.replace(
        words, quote=words.quote or NO_QUOTE, passage=words.passage or NO_PASSAGE
    )
    coded = zip(Statement.CODED, _codes(event), strict=True)
    fields = dict(coded) | dict(zip(WORDS_AT, _texts(words), strict=True))
    fields |= {VARIABLES + name: value for name, value in words.variables.items()}
    # Corrections hold numbers, no booleans.
    return fields | {"dissent": int(event.dissent), "condition_id": condition_of(event)}


def condition_of(event: StatementRecorded) -> str | None:
    """Return the id of the condition that a first record names; early records did not store it."""
    is_named = event.condition_topic or event.condition_actor
    has_condition = is_named or (event.content and event.content.condition)
    return event.condition_id or (event.originator_id if has_condition else None)


def record_statement(event: StatementRecorded, scale: str, speaker_kind: str) -> StatementRecorded:
    """Check the first event of a statement and return it; raises `Refused` if a rule says no.

    ``scale`` is the topic's. A condition without an id gets that of this statement.
    """
    words = event.content or Words()
    check_stance(event.stance, event.no_position_reason)
    if event.stance is not None:
        scale_named(scale).word(event.stance)
    check_attribution(event.attribution, words.reported_via)
    check_question(event.no_position_reason, words.asked)
    if words.quote:
        check_quote(words.quote.exact, words.quote.wording)
        check_anchor(words.quote)
        check_attributed(words.quote.exact, [event.attribution])
    if words.passage:
        check_passage(words.passage.exact)
        check_anchor(words.passage)
    check_speaker(event.speaker, speaker_kind, event.on_behalf_of)
    check_condition(event.topic, event.condition_topic)
    check_drops(event.originator_id, event.condition_id, event.drops)
    check_dissent(event.attribution, dissent=event.dissent)
    return msgspec.structs.replace(event, condition_id=condition_of(event))


def check_speaker(speaker: str, kind: str, on_behalf_of: str | None) -> None:
    """Raise `Refused` if the speaker cannot speak on behalf of that actor."""
    if on_behalf_of is not None and kind in MUTE:
        raise Refused(CANNOT_SPEAK_FOR_OTHERS, field="on_behalf_of")
    check_behalf(speaker, on_behalf_of)


def check_behalf(speaker: str, on_behalf_of: str | None) -> None:
    """Raise `Refused` if somebody is said to speak on their own behalf."""
    if on_behalf_of == speaker:
        raise Refused(SPEAKS_FOR_ITSELF, field="on_behalf_of")


def check_condition(topic: str, condition_topic: str | None) -> None:
    """Raise `Refused` if a stance is said to depend on its own topic."""
    if condition_topic == topic:
        raise Refused(CONDITION_ON_OWN_TOPIC, field="condition.topic")


def check_drops(statement: str, condition_id: str | None, drops: tuple[str, ...]) -> None:
    """Raise `Refused` if a statement is said to drop the condition that it names."""
    if not {statement, condition_id}.isdisjoint(drops):
        raise Refused(DROPS_ITS_OWN_CONDITION, field="drops")


def check_dissent(attribution: str, *, dissent: bool) -> None:
    """Raise `Refused` for a dissent that is no vote."""
    if dissent and attribution != "voted":
        raise Refused(DISSENT_IS_A_VOTE, field="dissent")
