"""The sentence that is printed of a change, as the pattern of its kind proposes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.i18n.translate import speaking
from web.shell.publisher import publisher
from web.wording.changes import Turning, sentence
from web.wording.when import dates_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from timeline.projections.queries.entries import StatementEntry
    from timeline.projections.queries.waiting import Waiting
    from web.wording.names import Names


def proposed_sentence(waits: Waiting, said: Mapping[int, StatementEntry], names: Names) -> str:
    """Return the sentence that may be printed, in the newsroom's language, for an editor to mend.

    ``said`` has the statements at the ends that are on record.
    """
    change, lane = waits.change, waits.change.lanes[0]
    named = zip((*change.appeared, *change.gone), (*waits.appeared, *waits.gone), strict=True)
    turning = Turning(
        topic=waits.topic,
        actor=names.actor(lane),
        change=change,
        who=names.actor,
        said_at=dates_of(said),
        terms=dict(named),
        role=names.role(change.after_by, lane) if change.kind == "succession" else "",
    )
    with speaking(publisher().language):
        return f"{sentence(turning)}."
