"""What statements that are corrected alike should hold instead, and what was said beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.projections.queries import entries
from web.record.fields.choices import actor_named, chosen_topic, topic_groups
from web.shell.request import read_connection
from web.wording.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from timeline.projections.queries.entries import StatementEntry


class Instead:
    """A topic (slug) and an actor (in any spelling) as typed, looked up once for a request.

    ``groups`` are the topics to choose from; ``actor`` is ``None`` where it is nobody's name.
    """

    def __init__(self, topic: str = "", actor: str = "") -> None:
        conn = read_connection()
        self.names, self.groups = Names(conn), topic_groups()
        self.actor = actor_named(conn, actor)
        self._topic = chosen_topic(self.groups, topic)

    def of(self, one: StatementEntry) -> list[tuple[str, str]]:
        """Return what a statement holds and would hold, where that is something else."""
        changed = []
        if self._topic and self._topic.id != one.topic:
            changed.append((self.names.topic(one.topic).label, self._topic.label))
        if self.actor and self.actor.id != one.speaker:
            changed.append((self.names.actor(one.speaker).name, self.actor.name))
        return changed

    def beside(self, ticked: Sequence[StatementEntry]) -> list[int]:
        """Return numbers of what was said in one breath with these, and would keep its speaker."""
        if self.actor is None:
            return []
        own = {one.number for one in ticked}
        return sorted(
            one.number
            for one in _said_with(ticked)
            if one.number not in own and not one.retracted and one.speaker != self.actor.id
        )


def _said_with(ticked: Iterable[StatementEntry]) -> Iterable[StatementEntry]:
    breaths = {(one.document, one.utterance): one for one in ticked if one.utterance is not None}
    for one in breaths.values():
        yield from entries.utterance(read_connection(), one)
