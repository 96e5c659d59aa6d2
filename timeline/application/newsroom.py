"""The newsroom: all commands on the record, one attribute for each noun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.application.actors import Actors
from timeline.application.changes import Changes
from timeline.application.developments import Developments
from timeline.application.documents import Documents
from timeline.application.joint_recording import JointRecording
from timeline.application.recording import StreamWriter
from timeline.application.statements import Statements
from timeline.application.stories import Stories
from timeline.application.texts import text
from timeline.application.topics import Topics
from timeline.domain.clock import STREAM as CLOCK
from timeline.domain.clock import Clock
from timeline.domain.development import DevelopmentRecorded
from timeline.domain.errors import Refused
from timeline.domain.event import Byline
from timeline.domain.messages import Message
from timeline.domain.signing import STREAM as LEDGER
from timeline.domain.signing import Ledger
from timeline.rooms import noun_parts

if TYPE_CHECKING:
    from collections.abc import Callable

    from timeline.application.directory import Register
    from timeline.stores.recordable import Recordable

RECORDER_UNNAMED = Message(
    "recorder_unnamed", "it is not said who records this", fix="give a public handle"
)


class Newsroom:
    """Runs commands: each loads one small stream, decides and appends.

    ``clock`` returns microseconds UTC; it is read only to make a byline, and every command takes
    the byline that it is recorded under. ``asks_four_eyes`` tells whether a second person has to
    decide on what the first one recorded.
    """

    def __init__(
        self,
        log: Recordable,
        clock: Callable[[], int],
        register: Register,
        asks_four_eyes: Callable[[], bool] = bool,
    ) -> None:
        recording = StreamWriter(log)
        self._log = log
        self._clock = clock
        self.stories = Stories(recording, register)
        self.topics = Topics(recording, register)
        self.actors = Actors(recording, register)
        self.documents = Documents(recording, register)
        self.statements = Statements(recording, register)
        self.developments = Developments(recording, register)
        self.changes = Changes(recording, register, asks_four_eyes)
        self.together = JointRecording(recording, register, self.changes)
        self.of_rooms = {
            name: module.COMMANDS(recording, register)
            for name, module in noun_parts("commands").items()
        }

    def entries(self, number: int) -> Statements | Developments:
        """Return the commands for an entry, by its kind.

        Each of them refuses a number that is no entry's.
        """
        first = self._log.event(number)
        return self.developments if isinstance(first, DevelopmentRecorded) else self.statements

    def numbered(self, number: int) -> Statements | Developments | Changes:
        """Return the commands for a number: of a verdict on a change, or else of an entry."""
        return self.changes if self.changes.is_verdict(number) else self.entries(number)

    def byline(
        self, by: str, via: str = "form", key: str | None = None, seen: int | None = None
    ) -> Byline:
        """Return the byline of a person now: handle, way, and idempotency key.

        ``seen`` is the version that they saw of what they change.

        Raises `Refused` for a handle that is empty or not clean text.
        """
        return byline(by, via, self._clock(), key, seen)

    def confirm_clock(self, byline: Byline) -> int:
        """Record that the clock is right, however far it is from the log's; return the position."""
        clock = Clock.replay(self._log.stream_of(CLOCK)) or Clock()
        _, reached = self._log.last()
        clock.confirm(byline, reached)
        return self._log.append(clock.collect_events())[0]

    def rotate_key(self, byline: Byline, note: str) -> int:
        """Record that another key signs from now on; return the position."""
        ledger = Ledger.replay(self._log.stream_of(LEDGER)) or Ledger()
        ledger.rotate(byline, note)
        return self._log.append(ledger.collect_events())[0]


def byline(by: str, via: str, at: int, key: str | None = None, seen: int | None = None) -> Byline:
    """Return the byline of a person at an instant in microseconds UTC.

    Raises `Refused` for a handle that is empty or not clean text.
    """
    handle = text(by, "by")
    if not handle:
        raise Refused(RECORDER_UNNAMED, field="by")
    return Byline(at, handle, text(via, "via"), text(key, "key") or None, seen)
