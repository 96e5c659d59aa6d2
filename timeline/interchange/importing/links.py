"""Import lines that link two entries, both on record or in the same file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timeline.application.batch import Outcome
from timeline.application.developments import Developments
from timeline.application.recording import StreamWriter
from timeline.application.statements import Statements
from timeline.domain.development import DevelopmentRecorded
from timeline.domain.entry import Linked
from timeline.domain.errors import NotFound, Refused, StandlineError
from timeline.domain.messages import Advice, InQuotes, Message
from timeline.domain.statement import StatementRecorded
from timeline.domain.text import whole_number
from timeline.interchange.native.fields import check_belongs
from timeline.interchange.native.rows_in import FIELD_MISSING, id_referred_to

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


class Links:
    """Imports such lines; a repeated line changes nothing."""

    def __init__(self, log: Recordable, register: Register, byline: Callable[[], Byline]) -> None:
        self._log = log
        self._byline = byline
        recording = StreamWriter(log)
        self._statements = Statements(recording, register)
        self._developments = Developments(recording, register)

    def take(self, row: dict[str, Any]) -> Outcome:
        """Record a link and return the outcome; a removed link is not recorded again."""
        try:
            check_belongs(row, "link")
            entry, relation, target = (_required(row, name) for name in _ENDS)
            return self._link(
                entry_named(self._log, entry, "key"),
                relation,
                entry_named(self._log, target, "target"),
                row.get("note", ""),
            )
        except StandlineError as error:
            return Outcome("refused", "", None, error=error)

    def _link(self, entry: str, relation: str, target: str, note: str) -> Outcome:
        history = self._log.stream_of(entry)
        links = {(event.kind, event.target) for event in history if isinstance(event, Linked)}
        if (relation, target) in links:
            return Outcome("known", entry, None)
        try:
            if isinstance(history[0], StatementRecorded):
                self._statements.link(self._byline(), entry, relation, target, note)
            else:
                self._developments.link(self._byline(), entry, relation, target, note)
        except Refused as error:
            field = "relation" if error.field == "link" else error.field
            raise Refused.again(error, field=field) from None
        return Outcome("fresh", entry, None, added=(Linked.__name__.lower(),))


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


def _required(row: dict[str, Any], name: str) -> str:
    if name not in row:
        raise Refused(FIELD_MISSING, field=name, fix=GIVE_BOTH_ENDS, name=name)
    return str(row[name])
