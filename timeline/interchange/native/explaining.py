"""Says more of a refusal than the rule that refused: most such rows have the wrong topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timeline.application.directory import Directory
from timeline.domain.errors import NotFound, Refused, StandlineError
from timeline.domain.scales import SCALES
from timeline.interchange.native.rows_in import slugged

if TYPE_CHECKING:
    from timeline.application.directory import Register
    from timeline.stores.log import EventLog

_ENOUGH = 10_000
FIRST = "import the line that brings it in before this one"
OPENING = "choose another topic, or give the row that opens it a topic_question or a scale"


class Explainer:
    """Explains stances that are words of another scale than their topic's."""

    def __init__(self, log: EventLog, register: Register) -> None:
        self._log = log
        self._register = register
        self._told: dict[tuple[str, str], StandlineError] = {}

    def explained(self, error: StandlineError, row: dict[str, Any]) -> StandlineError:
        """Return the error, in other words where the topic seems to be the mistake."""
        if isinstance(error, NotFound) and not error.fix:
            return Refused(error.message, field=error.field, fix=FIRST)
        stance, topic = row.get("stance", ""), row.get("topic", "")
        scales = [scale.name for scale in SCALES.values() if stance in scale.words]
        if error.field != "stance" or len(scales) != 1 or not topic:
            return error
        if len(self._told) > _ENOUGH:
            self._told.clear()
        slug = slugged(topic)[0]
        if (slug, stance) not in self._told:
            self._told[slug, stance] = self._explain(slug, stance, scales[0], row)
        return self._told[slug, stance]

    def _explain(self, slug: str, stance: str, scale: str, row: dict[str, Any]) -> StandlineError:
        try:
            actual, fix = Directory(self._log, self._register).topic(slug).scale, OPENING
        except NotFound as error:
            actual, fix = row.get("scale", "claim"), error.fix or OPENING
        of = f"{stance!r} is a word of the {scale} scale"
        msg = f"{of}, and topic {slug!r} is on the {actual} scale"
        return Refused(msg, field="stance", fix=fix)
