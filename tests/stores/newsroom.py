"""What the newsroom of these tests records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.actor import Actor, ActorIntroduced, ActorName
from timeline.domain.event import Byline

if TYPE_CHECKING:
    from timeline.stores.log import EventLog

NOON = 1_765_800_000_000_000
SECOND = 1_000_000
ANN = Byline(NOON, "ann", "form")


def introduced(number: int, at: int = NOON, name: str = "") -> ActorIntroduced:
    """Return the first event of stream ``actor-<number>``."""
    return ActorIntroduced(
        originator_id=f"actor-{number:08}",
        originator_version=1,
        recorded_at=at,
        recorded_by="ann",
        via="form",
        slug=f"actor-{number}",
        kind="person",
        content=ActorName(name=name or f"Actor {number}"),
    )


def record_actor(log: EventLog, slug: str, name: str) -> tuple[str, int]:
    """Introduce an actor and return its id and position."""
    actor = Actor.introduce(ANN, slug, "person", name)
    (position,) = log.append(actor.collect_events())
    return actor.id, position


def redact(log: EventLog, actor_id: str, position: int) -> None:
    """Put the redaction of a position of an actor on record."""
    actor = log.load(Actor, actor_id)
    assert actor is not None
    actor.redact(ANN, (position,), "Art. 17 GDPR")
    log.append(actor.collect_events())
