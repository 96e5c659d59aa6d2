"""The wordings of a topic's question that rows answer, and new wordings that rows bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from timeline.domain.errors import Refused
from timeline.domain.event import Byline
from timeline.domain.messages import InQuotes, Message
from timeline.domain.topic import TopicReworded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from timeline.domain.event import Event
    from timeline.domain.topic import Topic

TOPIC_WORDED_OTHERWISE = Message(
    "topic_worded_otherwise",
    "topic %(topic)s asks %(question)s and not %(given)s",
    fix="give the row a topic of its own, or let the map record other wordings",
)

AS_WORDED = "worded so in the imported file"
"""The reason of a rewording by an import."""

OtherWording = Literal["reword", "refuse", "new_topic"]
"""What an import does if a row has a topic's question in other words."""


class AnsweredWording(NamedTuple):
    """A topic, and the number of the wording that a row answers."""

    topic: Topic
    wording: int


class Rewordings:
    """The new wordings that rows bring, until they are on record."""

    def __init__(self) -> None:
        self._events: list[TopicReworded] = []

    def __len__(self) -> int:
        return len(self._events)

    def word(self, byline: Byline, topic: Topic, question: str, name: str) -> None:
        """Reword a topic, without the key of the row."""
        keyless = Byline(byline.at, byline.by, byline.via)
        topic.reword(keyless, question, AS_WORDED, same_meaning=True, name=name)
        self._events += [
            event for event in topic.collect_events() if isinstance(event, TopicReworded)
        ]

    def needed(self, answered: AnsweredWording) -> list[Event]:
        """Return the events that must be recorded before an entry can answer that wording."""
        return [event for event in self._of(answered.topic.id) if event.wording <= answered.wording]

    def after(self, history: Iterable[Event]) -> list[Event]:
        """Return the events of a topic, with its new wordings that are not on record yet."""
        events = list(history)
        if not events:
            return events
        new = self._of(events[0].originator_id)
        return events + [event for event in new if event.originator_version > len(events)]

    def drop(self, since: int = 0) -> set[str]:
        """Forget all wordings from index ``since`` on, and return the ids of their topics."""
        self._events, dropped = self._events[:since], self._events[since:]
        return {event.originator_id for event in dropped}

    def _of(self, topic: str) -> list[TopicReworded]:
        return [event for event in self._events if event.originator_id == topic]


def worded_otherwise(topic: Topic, question: str) -> Refused:
    """Return the refusal of a row that has a topic's question in other words."""
    return Refused(
        TOPIC_WORDED_OTHERWISE,
        field="topic_question",
        topic=InQuotes(topic.slug),
        question=InQuotes(topic.question),
        given=InQuotes(question),
    )
