"""The sentence that is printed of a change, as the pattern of its kind proposes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.i18n.translate import speaking
from web.shell.publisher import publisher
from web.wording.changes import Turning, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from timeline.projections.queries.waiting import Waiting
    from web.wording.names import Names


def proposed_sentence(
    waits: Waiting, terms: Mapping[str, str], said_at: Mapping[int, str], names: Names
) -> str:
    """Return the sentence that may be printed, in the newsroom's language, for an editor to mend.

    ``terms`` are conditions in words by their ids, ``said_at`` the dates of statements by number.
    """
    change, lane = waits.change, waits.change.lanes[0]
    turning = Turning(
        topic=names.topic(waits.topic),
        actor=names.actor(lane),
        change=change,
        who=names.actor,
        said_at=said_at,
        terms=terms,
        role=names.role(change.after_by, lane) if change.kind == "succession" else "",
    )
    with speaking(publisher().language):
        return f"{sentence(turning)}."
