"""Explain refused stances: most such rows have the wrong topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timeline.application.directory import Directory
from timeline.domain.errors import NotFound, Refused, StandlineError
from timeline.domain.messages import Advice, InQuotes, Message
from timeline.domain.naming import slug_of
from timeline.domain.scales import SCALES

if TYPE_CHECKING:
    from timeline.application.directory import Register
    from timeline.stores.recordable import Recordable

_ENOUGH = 10_000
FIRST = Advice("import the line that brings it in before this one")
STANCE_OF_ANOTHER_SCALE = Message(
    "stance_of_another_scale",
    "%(stance)s is a word of the %(scale)s scale, and topic %(topic)s is on the %(actual)s scale",
    fix="choose another topic, or give the row that opens it a topic_question or a scale",
)


class Explainer:
    """Explains stances that are words of another scale than their topic's."""

    def __init__(self, log: Recordable, register: Register) -> None:
        self._log = log
        self._register = register
        self._told: dict[tuple[str, str], StandlineError] = {}

    def explained(self, error: StandlineError, row: dict[str, Any]) -> StandlineError:
        """Return the error, reworded if the topic seems to be the mistake."""
        if isinstance(error, NotFound) and not error.fix:
            return Refused.again(error, field=error.field, fix=FIRST)
        stance, topic = row.get("stance", ""), row.get("topic", "")
        scales = [scale.name for scale in SCALES.values() if stance in scale.words]
        if error.field != "stance" or len(scales) != 1 or not topic:
            return error
        if len(self._told) > _ENOUGH:
            self._told.clear()
        slug = slug_of(topic)
        if (slug, stance) not in self._told:
            self._told[slug, stance] = self._explain(slug, stance, scales[0], row)
        return self._told[slug, stance]

    def _explain(self, slug: str, stance: str, scale: str, row: dict[str, Any]) -> StandlineError:
        fix, meant = None, ""
        try:
            actual = Directory(self._log, self._register).topic(slug).scale
        except NotFound as error:
            actual, fix = row.get("scale", "claim"), error.advice
            meant = str(error.values.get("meant", ""))
        return Refused(
            STANCE_OF_ANOTHER_SCALE,
            field="stance",
            fix=fix,
            stance=InQuotes(stance),
            scale=scale,
            topic=InQuotes(slug),
            actual=actual,
            meant=meant,
        )
