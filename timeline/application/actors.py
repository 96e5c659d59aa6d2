"""Commands on actors: introduce, name, mandate and merge them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.application.noun import TranslatableNoun
from timeline.application.texts import text
from timeline.application.variables import actor_values
from timeline.domain.actor import MUTE, Actor, Mandate
from timeline.domain.errors import Refused
from timeline.domain.messages import Message
from timeline.domain.naming import keyed_id, slugify

if TYPE_CHECKING:
    from collections.abc import Mapping

    from timeline.application.recording import Recorded
    from timeline.domain.event import Byline
    from timeline.domain.standing import StatedStanding

ACTOR_MERGED_INTO_THIS_ONE = Message(
    "actor_merged_into_this_one",
    "%(name)s is merged into %(into)s already",
    fix="undo that merge first",
)
WORDS_MOVE_NOBODY_ELSE = Message(
    "words_move_nobody_else",
    "%(name)s is a collective or an unnamed source, and its words move nobody else",
    fix="correct the speaker of the statements instead",
)


class Actors(TranslatableNoun[Actor]):
    """Commands on actors; each is given by slug, id or any of its names."""

    KIND = Actor

    def stream(self, name: str) -> str:
        """Return the id of a actor given by slug, name or id; raises `NotFound`."""
        return self._directory().actor(name).id

    def introduce(
        self, byline: Byline, name: str, kind: str, *, slug: str | None = None
    ) -> Recorded:
        """Introduce an actor; its slug follows from its name unless one is given."""
        clean_name = text(name, "actor_name")
        return self._open(Actor.introduce(byline, slug or slugify(clean_name), kind, clean_name))

    def rename(self, byline: Byline, actor: str, name: str, reason: str) -> Recorded:
        """Give the actor another name; it is still found under the old one."""
        clean_name, why = text(name, "actor_name"), text(reason, "reason")
        return self._revise(byline, actor, lambda loaded: loaded.rename(byline, clean_name, why))

    def classify(self, byline: Byline, actor: str, kind: str, reason: str = "") -> Recorded:
        """Say what the actor is; another kind than the one on record needs a reason."""
        why = text(reason, "reason")
        return self._revise(byline, actor, lambda loaded: loaded.classify(byline, kind, why))

    def add_alias(self, byline: Byline, actor: str, alias: str) -> Recorded:
        """Note another spelling under which the actor is found."""
        spelling = text(alias, "alias")
        return self._revise(byline, actor, lambda loaded: loaded.add_alias(byline, spelling))

    def describe(
        self, byline: Byline, actor: str, attributes: Mapping[str, str], reason: str = ""
    ) -> Recorded:
        """Set the attributes that codebooks declare, by their ids; an empty value removes one."""
        values, why = actor_values(self._register, attributes), text(reason, "reason")
        return self._revise(byline, actor, lambda loaded: loaded.describe(byline, values, why))

    def mandate(
        self,
        byline: Byline,
        actor: str,
        on_behalf_of: str,
        role: str,
        *,
        since: str | None = None,
        until: str | None = None,
        standing: str = "",
    ) -> Recorded:
        """Give the actor a mandate: for whom they speak, in which role, and when (EDTF).

        ``standing`` says whether the actor decides or only speaks, empty if unknown.
        """
        directory = self._directory()
        stream = directory.actor(actor).id
        whom = directory.actor(on_behalf_of, field="on_behalf_of").id
        mandate = mandate_of(stream, whom, role, since=since, until=until, standing=standing)
        return self._recording.revise(
            Actor, stream, byline, lambda loaded: loaded.mandate(byline, mandate)
        )

    def end_mandate(self, byline: Byline, actor: str, mandate: str, until: str) -> Recorded:
        """Set the last day of a mandate, given by its id."""
        return self._revise(
            byline, actor, lambda loaded: loaded.end_mandate(byline, mandate, until)
        )

    def state_standing(
        self, byline: Byline, actor: str, mandate: str, stated: StatedStanding
    ) -> Recorded:
        """Say whether a mandate, given by its id, decides or speaks; the topic by slug, name or id.

        Without a topic it holds for all.
        """
        topic = self._directory().topic(stated.topic).id if stated.topic else None
        standing = msgspec.structs.replace(
            stated, topic=topic, reason=text(stated.reason, "reason")
        )
        return self._revise(
            byline, actor, lambda loaded: loaded.state_standing(byline, mandate, standing)
        )

    def merge(self, byline: Byline, actor: str, into: str, reason: str) -> Recorded:
        """Merge an actor into another that is the same; raises `Refused` if they cannot be."""
        directory = self._directory()
        absorbed, other = directory.actor(actor), directory.actor(into, field="into")
        why = text(reason, "reason")

        def decide(loaded: Actor) -> None:
            _check_alike(absorbed, other)
            if absorbed.id in {actor.id for actor in directory.chain(other)[1:]}:
                raise Refused(
                    ACTOR_MERGED_INTO_THIS_ONE, field="into", name=other.name, into=absorbed.name
                )
            loaded.merge_into(byline, other.id, why)

        return self._recording.revise(Actor, absorbed.id, byline, decide)

    def undo_merge(self, byline: Byline, actor: str, reason: str) -> Recorded:
        """Undo the merge of an actor."""
        why = text(reason, "reason")
        return self._revise(byline, actor, lambda loaded: loaded.undo_merge(byline, why))

    def redact(self, byline: Byline, actor: str, basis: str) -> Recorded:
        """Erase all names of the actor, as the law demands; ``basis`` names the law."""
        return self._recording.redact(Actor, self.stream(actor), byline, basis)


def mandate_of(
    actor: str,
    whom: str,
    role: str,
    *,
    since: str | None = None,
    until: str | None = None,
    standing: str = "",
) -> Mandate:
    """Return a mandate between two ids; the same role and first day give the same mandate."""
    clean_name = text(role, "role")
    key = keyed_id(actor, "|".join((whom, clean_name, since or "")))
    return Mandate(key, whom, clean_name, since or None, until or None, standing)


def _check_alike(absorbed: Actor, other: Actor) -> None:
    mute = next((actor for actor in (absorbed, other) if actor.kind in MUTE), None)
    if mute and absorbed.kind != other.kind:
        raise Refused(WORDS_MOVE_NOBODY_ELSE, field="into", name=mute.name)
