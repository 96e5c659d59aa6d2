"""An editor's verdict on a change that the rule found: signed with a sentence, or declined.

Each change has a small stream of its own. A verdict is void once an end of the change was
corrected, retracted or withheld after it; whoever reads verdicts compares the log positions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.aggregate import Redactable, command, required_reason
from timeline.domain.errors import Refused, check_choice
from timeline.domain.event import Byline, Content, Event, Note, Reason, Redacted
from timeline.domain.messages import InQuotes, Message
from timeline.domain.naming import change_id
from timeline.domain.translation import check_language

if TYPE_CHECKING:
    from collections.abc import Sequence

SENTENCE_MISSING = Message(
    "sentence_missing", "the sentence that is signed is missing", fix="say what changed"
)
UNKNOWN_CAUSE = Message(
    "unknown_cause", "there is no cause %(cause)s", fix="use one of: %(choices)s"
)
ENDS_MISSING = Message(
    "ends_missing",
    "a change has two ends that differ",
    fix="give the numbers of the earlier and of the later words",
)
NOTHING_DECIDED = Message(
    "nothing_decided", "nobody has signed or declined this change", fix="there is nothing to reopen"
)
SIGNED_TWICE = Message(
    "signed_twice",
    "the sentence is given twice in the language %(language)s",
    fix="give one sentence a language",
)
OWN_WORK = Message(
    "own_work",
    "who recorded or corrected an end of a change does not sign or decline it here",
    fix="let a second person do it",
)

CAUSES = ("speaker", "same", "coding", "context", "question", "thin", "hearsay", "dates")
"""Why a change cannot be printed: two speakers; the same or a shade; a stance that does not follow
from the words; "changed" misstates what shifted; another question; words too thin; hearsay; the
dates."""


class Ends(msgspec.Struct, frozen=True):
    """A change as the rule finds it: on a topic, in an actor's lane, between two ends.

    ``edition`` is that of the rule; the ends are numbers of the statements that prove them.
    """

    topic: str
    lane: str
    edition: int
    before: tuple[int, ...]
    after: tuple[int, ...]

    @property
    def stream(self) -> str:
        """The id of this change's stream."""
        return change_id(self.topic, self.lane, self.edition, self.before, self.after)


class SignedIn(msgspec.Struct, frozen=True, omit_defaults=True):
    """The sentence and its caveat in another language, ``lang`` (a tag such as ``de``)."""

    lang: str
    sentence: str
    caveat: str = ""


class SignedWords(Content, frozen=True):
    """The printed sentence and its caveat; ``also`` in other languages."""

    sentence: str
    caveat: str = ""
    also: tuple[SignedIn, ...] = ()


class _OfAChange(Event, frozen=True):
    """``topic`` and ``lane`` are ids, ``before`` and ``after`` the numbers of statements."""

    topic: str
    lane: str
    edition: int
    before: tuple[int, ...]
    after: tuple[int, ...]


class ChangeSigned(_OfAChange, frozen=True):
    TOPIC = "change.signed"
    content: SignedWords | None = None


class ChangeDeclined(_OfAChange, frozen=True):
    """``cause`` is one of `CAUSES`."""

    TOPIC = "change.declined"
    cause: str
    content: Note | None = None


class ChangeReopened(Event, frozen=True):
    """The last verdict is withdrawn: the change waits again."""

    TOPIC = "change.reopened"
    content: Reason | None = None


class ChangeRedacted(Redacted, frozen=True):
    TOPIC = "change.redacted"


SIGNED, DECLINED = "signed", "declined"


class Verdict(Redactable):
    """Decides on verdicts on one change; the last verdict counts."""

    REDACTED = ChangeRedacted

    def __init__(self) -> None:
        super().__init__()
        self.verdict = ""
        """`SIGNED` or `DECLINED`; empty while the change waits."""

    @command
    def sign(
        self,
        byline: Byline,
        ends: Ends,
        sentence: str,
        caveat: str = "",
        also: Sequence[SignedIn] = (),
    ) -> None:
        """Sign a change with a sentence, ``also`` in other languages.

        Raises `Refused` without a sentence in the record's language and in each other named one.
        """
        self._begin(ends)
        if not sentence.strip():
            raise Refused(SENTENCE_MISSING, field="sentence")
        content = SignedWords(
            sentence=sentence.strip(), caveat=caveat.strip(), also=_in_languages(also)
        )
        self._record(ChangeSigned, byline, **msgspec.structs.asdict(ends), content=content)

    @command
    def decline(self, byline: Byline, ends: Ends, cause: str, note: str = "") -> None:
        """Decline a change with a cause; raises `Refused` for an unknown cause."""
        self._begin(ends)
        check_choice(UNKNOWN_CAUSE, CAUSES, field="cause", cause=cause)
        content = Note(note=note.strip())
        fields = msgspec.structs.asdict(ends)
        self._record(ChangeDeclined, byline, **fields, cause=cause, content=content)

    @command
    def reopen(self, byline: Byline, reason: str) -> None:
        """Withdraw the last verdict; raises `Refused` if there is none."""
        if not self.verdict:
            raise Refused(NOTHING_DECIDED)
        content = Reason(reason=required_reason(reason))
        self._record(ChangeReopened, byline, content=content)

    def _begin(self, ends: Ends) -> None:
        if not (ends.before and ends.after) or set(ends.before) & set(ends.after):
            raise Refused(ENDS_MISSING, field="before")
        self.id = ends.stream

    def _apply(self, event: Event) -> None:
        match event:
            case ChangeSigned():
                self.verdict = SIGNED
            case ChangeDeclined():
                self.verdict = DECLINED
            case ChangeReopened():
                self.verdict = ""


def _in_languages(also: Sequence[SignedIn]) -> tuple[SignedIn, ...]:
    signed: dict[str, SignedIn] = {}
    for words in also:
        check_language(words.lang)
        if words.lang in signed:
            raise Refused(SIGNED_TWICE, field="also", language=InQuotes(words.lang))
        if not words.sentence.strip():
            raise Refused(SENTENCE_MISSING, field="also")
        signed[words.lang] = SignedIn(words.lang, words.sentence.strip(), words.caveat.strip())
    return tuple(signed.values())


def ends_of(event: ChangeSigned | ChangeDeclined) -> Ends:
    """Return the change that an event is about."""
    return Ends(event.topic, event.lane, event.edition, event.before, event.after)
