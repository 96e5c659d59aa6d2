"""Import lines about entries on record: links, blind readings of quotes, verdicts on changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timeline.application.batch import Outcome
from timeline.application.changes import Changes
from timeline.application.developments import Developments
from timeline.application.directory import Directory
from timeline.application.newsroom import byline
from timeline.application.prepare import is_said
from timeline.application.recording import StreamWriter
from timeline.application.statements import Statements
from timeline.domain.development import DevelopmentRecorded
from timeline.domain.entry import Linked
from timeline.domain.errors import NotFound, Refused, StandlineError
from timeline.domain.messages import Advice, InQuotes, Message
from timeline.domain.position.edition2 import RULE
from timeline.domain.scales import NO_POSITION, scale_named
from timeline.domain.statement import (
    Statement,
    StatementQuoteRead,
    StatementQuoteUnread,
    StatementRecorded,
)
from timeline.domain.text import whole_number
from timeline.domain.verdict import (
    DECLINED,
    SIGNED,
    ChangeDeclined,
    ChangeReopened,
    ChangeSigned,
    Ends,
)
from timeline.interchange.importing.topic_lines import unrecorded
from timeline.interchange.native.fields import NOT_TEXT, check_belongs
from timeline.interchange.native.rows_in import FIELD_MISSING, id_referred_to
from timeline.interchange.native.verdicts import (
    VERDICTS,
    StatedVerdict,
    read_verdicts,
    state_verdict,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from timeline.application.directory import Register
    from timeline.domain.event import Byline
    from timeline.stores.recordable import Recordable

NO_ENTRY_OF_KEY_OR_NUMBER = Message(
    "no_entry_of_key_or_number",
    "no entry on record has the key or the number %(given)s",
    fix="import the line that records it first, or give its number, such as #90",
)
GIVE_BOTH_ENDS = Advice("give key, relation and target")

_ENDS = ("key", "relation", "target")
NUMBER_MARK = "#"


def entry_named(log: Recordable, reference: str, field: str) -> str:
    """Return the id of an entry by its key or its number.

    Raises `NotFound` if there is none.
    """
    if not reference.startswith(NUMBER_MARK):
        entry = id_referred_to(reference)
        if _is_entry(log, entry):
            return entry
    number = whole_number(reference.removeprefix(NUMBER_MARK))
    if number is not None:
        event = log.event(number)
        if isinstance(event, StatementRecorded | DevelopmentRecorded):
            return event.originator_id
    raise NotFound(NO_ENTRY_OF_KEY_OR_NUMBER, field=field, given=InQuotes(reference))


def _is_entry(log: Recordable, entry: str) -> bool:
    _, first = log.first_events([entry]).get(entry, (0, None))
    return isinstance(first, StatementRecorded | DevelopmentRecorded)


GIVE_THE_READING = Advice("give topic, key, quote.text, reader and direction")
GIVE_THE_CHANGE = Advice("give topic, actor, before, after and verdicts")
READ_OTHERWISE = Message(
    "read_otherwise",
    "the quote of %(key)s has other words on record, or answers another topic",
    fix="leave the line out, and let the quote be read as it stands",
)
NO_STATEMENT_OF_KEY = Message(
    "no_statement_of_key", "%(key)s is no statement", fix="give the key of a statement"
)


class EntryLines:
    """Imports such lines; a repeated line changes nothing.

    A file reports decisions of others, so no second person has to agree.
    """

    def __init__(self, log: Recordable, register: Register, importer: Callable[[], Byline]) -> None:
        self._log = log
        self._register = register
        self._importer = importer
        recording = StreamWriter(log)
        self._statements = Statements(recording, register)
        self._developments = Developments(recording, register)
        self._changes = Changes(recording, register, lambda: False)

    def take(self, kind: str, row: dict[str, Any]) -> Outcome:
        """Record a link, a blind reading or verdicts on a change, and return the outcome."""
        try:
            check_belongs(row, kind)
            if kind == "link":
                return self._link_line(row)
            return self._reading(row) if kind == "reading" else self._verdicts(row)
        except StandlineError as error:
            return Outcome("refused", "", None, error=error)

    def _link_line(self, row: dict[str, Any]) -> Outcome:
        """Record a link; one that was removed is not recorded again."""
        entry, relation, target = (_required(row, name, GIVE_BOTH_ENDS) for name in _ENDS)
        return self._link(
            entry_named(self._log, entry, "key"),
            relation,
            entry_named(self._log, target, "target"),
            row.get("note", ""),
        )

    def _link(self, entry: str, relation: str, target: str, note: str) -> Outcome:
        history = self._log.stream_of(entry)
        links = {(event.kind, event.target) for event in history if isinstance(event, Linked)}
        if (relation, target) in links:
            return Outcome("known", entry, None)
        try:
            if isinstance(history[0], StatementRecorded):
                self._statements.link(self._importer(), entry, relation, target, note)
            else:
                self._developments.link(self._importer(), entry, relation, target, note)
        except Refused as error:
            field = "relation" if error.field == "link" else error.field
            raise Refused.again(error, field=field) from None
        return Outcome("fresh", entry, None, added=(Linked.__name__.lower(),))

    def _reading(self, row: dict[str, Any]) -> Outcome:
        names = ("topic", "key", "quote.text", "reader", "direction")
        topic, key, quote, reader, direction = (
            _required(row, name, GIVE_THE_READING) for name in names
        )
        entry = entry_named(self._log, key, "key")
        history = self._log.stream_of(entry)
        statement = Statement.replay(history)
        if statement is None or not isinstance(history[0], StatementRecorded):
            raise NotFound(NO_STATEMENT_OF_KEY, field="key", key=InQuotes(key))
        question = Directory(self._log, self._register).topic(topic)
        silent = direction == NO_POSITION
        value = None if silent else scale_named(question.scale).value(direction)
        carries = is_said(row.get("carries"), "carries")
        before = [event for event in history if isinstance(event, StatementQuoteRead)]
        before = [read for read in before if read.reader == reader]
        unread = [event for event in history if isinstance(event, StatementQuoteUnread)]
        is_back = any(
            event.originator_version > before[-1].originator_version
            for event in unread
            if before and event.reader == reader
        )
        now = statement.fields
        if (question.id, quote) != (now["topic"], now["quote"]):
            if before:
                return Outcome("known", entry, None)
            raise Refused(READ_OTHERWISE, field="key", key=InQuotes(key))
        if before and (is_back or reader in statement.quote_readers):
            last = before[-1].content
            if last is None or (last.direction, last.carries) == (value, carries):
                return Outcome("known", entry, None)
        try:
            self._statements.read_quote(
                self._importer(), entry, direction, carries=carries, reader=reader
            )
        except Refused as error:
            fields = {"by": "reader", "number": "key"}
            raise Refused.again(error, field=fields.get(error.field, error.field)) from None
        return Outcome("fresh", entry, None, added=(StatementQuoteRead.TOPIC,))

    def _verdicts(self, row: dict[str, Any]) -> Outcome:
        topic, actor = (_required(row, name, GIVE_THE_CHANGE) for name in ("topic", "actor"))
        ends = Ends(topic, actor, RULE, self._numbers(row, "before"), self._numbers(row, "after"))
        stated = read_verdicts(row.get(VERDICTS, []))
        stream = self._changes.stream(ends)
        old = [
            state_verdict(event)
            for event in self._log.stream_of(stream)
            if isinstance(event, ChangeSigned | ChangeDeclined | ChangeReopened)
        ]
        added = [
            self._say(ends, verdict) for verdict in unrecorded(stated, old, StatedVerdict.is_of)
        ]
        return Outcome("fresh" if added else "known", stream, None, added=tuple(added))

    def _say(self, ends: Ends, said: StatedVerdict) -> str:
        """Record a verdict in its author's name; return the type of the event."""
        importer = self._importer()
        by = byline(said.by or importer.by, importer.via, importer.at)
        try:
            if said.verdict == SIGNED:
                self._changes.sign(by, ends, said.sentence, said.caveat, said.also)
                return ChangeSigned.TOPIC
            if said.verdict == DECLINED:
                self._changes.decline(by, ends, said.cause, said.note)
                return ChangeDeclined.TOPIC
            self._changes.reopen(by, ends, said.reason)
        except Refused as error:
            of_line = error.field in ("topic", "actor", "before", "after")
            raise Refused.again(error, field=error.field if of_line else VERDICTS) from None
        return ChangeReopened.TOPIC

    def _numbers(self, row: dict[str, Any], end: str) -> tuple[int, ...]:
        """Return the numbers of the statements at one end of a line."""
        numbers = []
        for reference in row.get(end, ()):
            if not isinstance(reference, str):
                raise Refused(NOT_TEXT, field=end, value=InQuotes(reference))
            entry = entry_named(self._log, reference, end)
            number, _ = self._log.first_events([entry])[entry]
            numbers.append(number)
        return tuple(numbers)


def _required(row: dict[str, Any], name: str, fix: Advice) -> str:
    if not row.get(name):
        raise Refused(FIELD_MISSING, field=name, fix=fix, name=name)
    return str(row[name])
