"""Entries as pages show them: names, texts and dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.instants import MICROSECONDS, day_of
from web.wording.amendments import AmendmentView
from web.wording.grammar import noun
from web.wording.stances import StanceView

if TYPE_CHECKING:
    from timeline.domain.calendar_span import Precision
    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.entries import StatementEntry
    from web.entries.variables import ValueView

LATE = 7
"""Days after which an entry is marked as found late."""


def found_late(entry: StatementEntry, topic: Topic) -> bool:
    """Tell whether an entry was found late, on a topic that was followed already."""
    said = entry.counts_from
    followed = topic.opened_at // MICROSECONDS <= said
    return followed and day_of(entry.recorded_at // MICROSECONDS) - day_of(said) > LATE


class ActorView(msgspec.Struct, frozen=True):
    """An actor: the name, and the address of their page."""

    slug: str
    name: str
    kind: str
    role: str = ""

    @classmethod
    def of(cls, actor: Actor, role: str = "") -> ActorView:
        """Return the view of an actor."""
        return cls(actor.slug, actor.name, actor.kind, role)

    @property
    def for_whom(self) -> str:
        """The name behind "for", with its article where a language gives it one."""
        return noun(self).for_whom

    @property
    def href(self) -> str:
        """The actor's page."""
        return f"/a/{self.slug}"


class SourceView(msgspec.Struct, frozen=True):
    """A source; ``href`` is empty if it has no address.

    ``name`` is the outlet or, without one, the title; then ``title`` is empty. ``language`` is
    ``lang`` in words; ``sha256`` is that of our copy, if there is one. ``is_own`` if the speaker
    wrote it. ``document`` is its id, ``kind`` the kind of outlet, if known.
    """

    name: str
    href: str
    published: str
    attribution: str
    title: str = ""
    author: str = ""
    language: str = ""
    lang: str = ""
    sha256: str = ""
    is_own: bool = False
    document: str = ""
    kind: str = ""

    @property
    def label(self) -> str:
        """Its name and the day on which it was published."""
        return ", ".join(filter(None, (self.name, self.published)))


class PassageView(msgspec.Struct, frozen=True):
    """The passage of the source on which a statement is based.

    ``quoted`` are the words that the source quotes, between ``before`` and ``after``; ``prefix``
    and ``suffix`` are the text around the passage.
    """

    source: str
    before: str
    quoted: str
    after: str
    prefix: str
    suffix: str
    lang: str
    language: str
    direction: str

    @property
    def text(self) -> str:
        """The passage as a whole."""
        return f"{self.before}{self.quoted}{self.after}"

    @property
    def is_more_than_quote(self) -> bool:
        """Whether it is more than the quote itself."""
        return bool(self.before or self.after or self.prefix or self.suffix)


class ChangeView(msgspec.Struct, frozen=True):
    """The change of a lane that a statement proves; ``other_speaker`` if all speakers differ."""

    lane: ActorView
    kind: str
    before: StanceView | None
    after: StanceView | None
    other_speaker: bool = False


class ReplyView(msgspec.Struct, frozen=True):
    """The actor's own reply to an entry; ``text`` is empty if it is withheld."""

    when: str
    text: str
    lang: str
    direction: str


class StatementView(msgspec.Struct, frozen=True, kw_only=True):
    """A statement; its texts are empty if they are withheld.

    ``in_translation`` says that a quote is translated. ``summary_first`` if the quote alone does
    not answer the question: then our summary comes before it, or in place of it. ``translated``
    are the fields that are in the reader's language. ``quoted_from`` is who said a second-hand
    quote, which is not the speaker.
    """

    number: int
    known_from: int
    topic: str
    scale: str
    day: int
    precision: Precision
    speaker: ActorView
    on_behalf_of: ActorView | None
    stance: StanceView
    reason: str
    quote: str
    quote_lang: str
    quote_dir: str
    in_translation: str
    summary_first: bool
    passage: PassageView | None
    translation: str
    paraphrase: str
    condition: str
    condition_topic: str
    condition_href: str
    condition_actor: str
    condition_of: int | None
    drops: tuple[int, ...]
    dissent: bool
    hedge: str
    variables: tuple[ValueView, ...]
    asked: str
    said: str
    said_machine: str
    known: str
    known_machine: str
    found_late: bool
    sources: tuple[SourceView, ...]
    attribution: str
    joint: bool
    ascribed: bool
    voted: bool
    quoted_from: str
    is_report: bool
    retracted: bool
    withheld: bool
    corrected: int
    amendments: tuple[AmendmentView, ...]
    changes: tuple[ChangeView, ...]
    replies: tuple[ReplyView, ...] = ()
    translated: tuple[str, ...] = ()
    is_new: bool = False
    is_statement: bool = True

    @property
    def href(self) -> str:
        """The statement's page."""
        return f"/s/{self.number}"


class DevelopmentView(msgspec.Struct, frozen=True, kw_only=True):
    """A development; ``translated`` names the fields that are in the reader's language.

    ``happened_at`` is its EDTF date, ``when`` the same in words.
    """

    number: int
    known_from: int
    day: int
    precision: Precision
    title: str
    summary: str
    happened_at: str
    when: str
    when_machine: str
    status: str
    according_to: ActorView | None
    known: str
    known_machine: str
    sources: tuple[SourceView, ...]
    retracted: bool
    withheld: bool
    corrected: int
    amendments: tuple[AmendmentView, ...]
    translated: tuple[str, ...] = ()
    is_new: bool = False
    is_statement: bool = False

    @property
    def href(self) -> str:
        """The development's page."""
        return f"/s/{self.number}"


EntryView = StatementView | DevelopmentView
