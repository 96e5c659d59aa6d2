"""A topic: one neutral question on one scale, whose wording may change but not its meaning."""

from __future__ import annotations

import msgspec

from timeline.domain.aggregate import Redactable, check_slug, command, required_reason
from timeline.domain.codebook import Codebook, check_codebook
from timeline.domain.coverage import NO_SUCH_WATCH, Watch, Watched, check_watch
from timeline.domain.errors import Refused
from timeline.domain.event import Byline, Content, Event, OptionalReason, Reason, Redacted
from timeline.domain.lede import Lede, LedeWords, clean_lede
from timeline.domain.messages import InQuotes, Message
from timeline.domain.naming import stable_id
from timeline.domain.nature import SIGNED, Nature, check_nature, usual_nature
from timeline.domain.scales import scale_named
from timeline.domain.translation import Translatable, Translated
from timeline.domain.variables import check_unchanged

NO_SUCH_TOPIC = Message("no_such_topic", "there is no topic %(name)s")
SUCCEEDS_ITSELF = Message(
    "succeeds_itself",
    "a topic cannot succeed itself",
    fix="give the new meaning an address (slug) of its own",
)
NEW_MEANING = Message(
    "new_meaning", "a new meaning needs a new topic", fix="open a topic that succeeds this one"
)
TOPIC_OF_ANOTHER_STORY = Message(
    "topic_of_another_story",
    "%(topic)s belongs to another story by now",
    fix="leave it out, or move it by its own form",
)
TOPIC_CLOSED_ALREADY = Message(
    "topic_closed_already", "the topic is closed already", fix="reopen it first"
)
TOPIC_NOT_CLOSED = Message(
    "topic_not_closed", "the topic is not closed", fix="there is nothing to reopen"
)
TOPIC_CLOSED = Message(
    "topic_closed", "topic %(topic)s is closed", fix="reopen it, or choose another topic"
)
TOPIC_QUESTION_EMPTY = Message(
    "topic_question_empty", "the question is empty", fix="word it as one neutral question"
)


class Wording(Content, frozen=True):
    """The question, and a short name for breadcrumbs and table cells."""

    question: str
    name: str = ""
    reason: str = ""


class TopicOpened(Event, frozen=True):
    TOPIC = "topic.opened"
    slug: str
    scale: str
    story: str | None = None
    succeeds: str | None = None
    content: Wording | None = None


class TopicReworded(Event, frozen=True):
    """``wording`` is its number; the wording at opening is number 1."""

    TOPIC = "topic.reworded"
    wording: int
    content: Wording | None = None


class TopicTranslated(Translated, frozen=True):
    TOPIC = "topic.translated"


class TopicFiledUnder(Event, frozen=True):
    TOPIC = "topic.filed_under"
    story: str | None = None


class TopicCodebookWritten(Event, frozen=True):
    """The rules for coding statements from now on; ``codebook`` is their version, from 1."""

    TOPIC = "topic.codebook_written"
    codebook: int
    content: Codebook | None = None


class TopicWatched(Event, frozen=True):
    """Somebody watched for statements; ``watch`` is its number, from 1; a known number replaces it.

    ``since`` and ``until`` are EDTF dates. ``actor`` is the id of the actor who was watched.
    ``how`` is one of `timeline.domain.coverage.HOWS`, or empty if unknown.
    """

    TOPIC = "topic.watched"
    VERSION = 2
    watch: int
    since: str
    until: str | None = None
    actor: str | None = None
    how: str = ""
    content: Watched | None = None


class TopicClassified(Event, frozen=True):
    """What the topic asks for, whether its decision recurs, and when statements are outdated.

    ``asks`` is one of `timeline.domain.nature.ASKS`. Without ``limit_months`` nothing is outdated.
    ``prints``, one of `timeline.domain.nature.PRINTS`, says which changes are printed.
    """

    TOPIC = "topic.classified"
    VERSION = 2
    asks: str
    recurring: bool = False
    limit_months: int | None = None
    prints: str = SIGNED
    content: OptionalReason | None = None


class TopicLedeSet(Event, frozen=True):
    """The newsroom's lede, which replaces the one before.

    ``pinned`` are changes in the order shown, each by the id of the statement at its later end.
    """

    TOPIC = "topic.lede_set"
    pinned: tuple[str, ...] = ()
    content: LedeWords | None = None


class TopicWatchWithdrawn(Event, frozen=True):
    """The coverage of this number was recorded wrongly: nobody watched so."""

    TOPIC = "topic.watch_withdrawn"
    watch: int
    content: Reason | None = None


class TopicClosed(Event, frozen=True):
    TOPIC = "topic.closed"
    content: Reason | None = None


class TopicReopened(Event, frozen=True):
    TOPIC = "topic.reopened"
    content: Reason | None = None


class TopicRedacted(Redacted, frozen=True):
    TOPIC = "topic.redacted"


class Topic(Translatable, Redactable):
    """Decides what may be recorded of one topic; it never holds the statements on it."""

    TRANSLATED = TopicTranslated
    REDACTED = TopicRedacted

    def __init__(self) -> None:
        super().__init__()
        self.slug = ""
        self.scale = ""
        self.question = ""
        self.name = ""
        self.wording = 1
        self.wordings: dict[int, Wording] = {}
        """By number; erased ones are missing."""
        self.codebook_version = 0
        self.codebooks: dict[int, Codebook] = {}
        """By version; erased ones are missing."""
        self.watch_numbers = 0
        self.watches: dict[int, Watch] = {}
        """By number; withdrawn ones are missing."""
        self.natures: list[tuple[Nature, str]] = []
        """Each recorded nature with its reason, oldest first."""
        self.ledes: list[Lede] = []
        """All ledes, oldest first; the last one counts."""
        self.story: str | None = None
        self.closed = False

    @classmethod
    def open(
        cls,
        byline: Byline,
        slug: str,
        question: str,
        scale: str,
        *,
        name: str = "",
        story: str | None = None,
        succeeds: str | None = None,
    ) -> Topic:
        """Open a topic; raises `Refused` for an unknown scale or an empty question."""
        check_slug(slug)
        scale_named(scale)
        topic = cls()
        topic.id = stable_id("topic", slug)
        if succeeds == topic.id:
            raise Refused(SUCCEEDS_ITSELF, field="succeeds")
        topic._record(
            TopicOpened,
            byline,
            slug=slug,
            scale=scale,
            story=story,
            succeeds=succeeds,
            content=Wording(question=_question(question), name=name),
        )
        return topic

    @command
    def reword(
        self, byline: Byline, question: str, reason: str, *, same_meaning: bool, name: str = ""
    ) -> None:
        """Reword the question.

        Earlier statements keep the wording that they answered. Raises `Refused` if the meaning
        changes: a new meaning needs a new topic that succeeds this one.
        """
        if not same_meaning:
            raise Refused(NEW_MEANING, field="question")
        content = Wording(
            question=_question(question), name=name or self.name, reason=required_reason(reason)
        )
        if (content.question, content.name) != (self.question, self.name):
            self._record(TopicReworded, byline, wording=self.wording + 1, content=content)

    @command
    def write_codebook(self, byline: Byline, codebook: Codebook) -> None:
        """Set the rules for coding statements; the same rules again change nothing.

        Earlier versions stay on record. Raises `Refused` if the codebook is empty or does not fit
        the scale, and if a later version lacks a reason or changes the kind of a variable.
        """
        check_codebook(codebook, scale_named(self.scale))
        if self.version_of(codebook) == self.codebook_version:
            return
        if self.codebook_version:
            required_reason(codebook.reason)
        for before in self.codebooks.values():
            check_unchanged(before.variables, codebook.variables)
        version = self.codebook_version + 1
        self._record(TopicCodebookWritten, byline, codebook=version, content=codebook)

    @command
    def watch(self, byline: Byline, watch: Watch, number: int = 0) -> None:
        """Record where somebody watched, and when; the same again changes nothing.

        A ``number`` replaces an earlier entry. Raises `Refused` for impossible dates and for an
        unknown number.
        """
        if number and number not in self.watches:
            raise Refused(NO_SUCH_WATCH, field="watch", number=number)
        check_watch(watch, byline.at)
        if watch in self.watches.values():
            return
        self._record(
            TopicWatched,
            byline,
            watch=number or self.watch_numbers + 1,
            since=watch.since,
            until=watch.until,
            actor=watch.actor,
            how=watch.how,
            content=watch.content,
        )

    @command
    def withdraw_watch(self, byline: Byline, number: int, reason: str) -> None:
        """Withdraw an entry of the coverage; raises `Refused` for an unknown number."""
        if number not in self.watches:
            raise Refused(NO_SUCH_WATCH, field="watch", number=number)
        content = Reason(reason=required_reason(reason))
        self._record(TopicWatchWithdrawn, byline, watch=number, content=content)

    @command
    def classify(self, byline: Byline, nature: Nature, reason: str = "") -> None:
        """Set what the topic asks for; the same again changes nothing.

        The default of the scale is recorded too: it confirms what was only assumed.

        Raises `Refused` for an unknown nature, and for a change without a reason.
        """
        check_nature(nature)
        if self.natures and nature == self.nature:
            return
        why = required_reason(reason) if self.natures else reason.strip()
        self._record(
            TopicClassified,
            byline,
            **msgspec.structs.asdict(nature),
            content=OptionalReason(reason=why),
        )

    @command
    def set_lede(self, byline: Byline, lede: Lede) -> None:
        """Set the lede; the same again changes nothing.

        Raises `Refused` if it pins more changes than a page shows.
        """
        said = clean_lede(lede)
        if said != self.lede:
            content = LedeWords(sentence=said.sentence)
            self._record(TopicLedeSet, byline, pinned=said.pinned, content=content)

    @property
    def lede(self) -> Lede:
        """The current lede; empty if there is none."""
        return self.ledes[-1] if self.ledes else Lede()

    @property
    def nature(self) -> Nature:
        """What it asks for: as last recorded, else the default of its scale."""
        return self.natures[-1][0] if self.natures else usual_nature(self.scale)

    @command
    def file_under(self, byline: Byline, story: str | None) -> None:
        """Move the topic to a story, or out of any."""
        if story != self.story:
            self._record(TopicFiledUnder, byline, story=story)

    @command
    def close(self, byline: Byline, reason: str) -> None:
        """Close the topic to new statements; raises `Refused` if it is closed."""
        if self.closed:
            raise Refused(TOPIC_CLOSED_ALREADY)
        self._record(TopicClosed, byline, content=Reason(reason=required_reason(reason)))

    @command
    def reopen(self, byline: Byline, reason: str) -> None:
        """Open a closed topic again; raises `Refused` if it is open."""
        if not self.closed:
            raise Refused(TOPIC_NOT_CLOSED)
        self._record(TopicReopened, byline, content=Reason(reason=required_reason(reason)))

    @property
    def names(self) -> set[str]:
        """Every question and short name so far; without a name the words of its slug."""
        worded, words = self.wordings.values(), self.slug.replace("-", " ")
        return {name for wording in worded for name in (wording.question, wording.name or words)}

    def wording_of(self, question: str) -> int | None:
        """Return the number of the latest wording with this question, if any."""
        words = question.split()
        same = [
            number for number, wording in self.wordings.items() if wording.question.split() == words
        ]
        return max(same, default=None)

    @property
    def codebook(self) -> Codebook | None:
        """The current rules; ``None`` if there are none or they were erased."""
        return self.codebooks.get(self.codebook_version)

    def version_of(self, codebook: Codebook) -> int | None:
        """Return the latest version with the same content, if any; the reason may differ."""
        same = [
            version
            for version, recorded in self.codebooks.items()
            if msgspec.structs.replace(codebook, reason=recorded.reason) == recorded
        ]
        return max(same, default=None)

    def texts(self) -> dict[str, str]:
        """Return question, short name, and the texts of ledes, codebooks and coverage."""
        texts = {"topic_question": self.question, "topic_name": self.name}
        texts |= {f"lede:{lede.sentence}": lede.sentence for lede in self.ledes if lede.sentence}
        for codebook in self.codebooks.values():
            texts |= {f"codebook:{text}": text for text in codebook.texts}
        for watch in self.watches.values():
            texts |= {f"coverage:{text}": text for text in (*watch.outlets, watch.note) if text}
        return texts

    def check_open(self) -> None:
        """Raise `Refused` if the topic takes no further statements."""
        if self.closed:
            raise Refused(TOPIC_CLOSED, field="topic", topic=InQuotes(self.slug))

    def _apply(self, event: Event) -> None:
        super()._apply(event)
        match event:
            case TopicOpened():
                self.slug, self.scale, self.story = event.slug, event.scale, event.story
                self._word(1, event.content)
            case TopicReworded():
                self.wording = event.wording
                self._word(event.wording, event.content)
            case TopicCodebookWritten():
                self.codebook_version = event.codebook
                if event.content:
                    self.codebooks[event.codebook] = event.content
            case TopicWatched() | TopicWatchWithdrawn():
                self._note_watch(event)
            case TopicClassified():
                self.natures.append((nature_of(event), _reason(event.content)))
            case TopicLedeSet():
                self.ledes.append(lede_of(event))
            case TopicFiledUnder():
                self.story = event.story
            case TopicClosed() | TopicReopened():
                self.closed = isinstance(event, TopicClosed)

    def _note_watch(self, event: TopicWatched | TopicWatchWithdrawn) -> None:
        if isinstance(event, TopicWatchWithdrawn):
            self.watches.pop(event.watch, None)
            return
        self.watch_numbers = max(self.watch_numbers, event.watch)
        self.watches[event.watch] = watch_of(event)

    def _word(self, number: int, content: Wording | None) -> None:
        if content:
            self.question, self.name = content.question, content.name
            self.wordings[number] = content


def nature_of(event: TopicClassified) -> Nature:
    """Return the nature that an event records."""
    return Nature(event.asks, event.recurring, event.limit_months, event.prints)


def lede_of(event: TopicLedeSet) -> Lede:
    """Return the lede that an event records; without a sentence if it was erased."""
    return Lede(event.content.sentence if event.content else "", event.pinned)


def _reason(content: OptionalReason | None) -> str:
    return content.reason if content else ""


def watch_of(event: TopicWatched) -> Watch:
    """Return the watch that an event records; without outlets if they were erased."""
    words = event.content or Watched(outlets=())
    return Watch(
        since=event.since,
        until=event.until,
        actor=event.actor,
        how=event.how,
        outlets=words.outlets,
        note=words.note,
    )


def _question(question: str) -> str:
    if not question.strip():
        raise Refused(TOPIC_QUESTION_EMPTY, field="topic_question")
    return question.strip()
