"""Explain to people what became of a row: a refused stance, and corrected fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timeline.application.directory import Directory
from timeline.domain.development import Development
from timeline.domain.document import Document
from timeline.domain.errors import NotFound, Refused, StandlineError
from timeline.domain.fields import ON_RECORD
from timeline.domain.messages import Advice, InQuotes, Message
from timeline.domain.naming import slug_of, stable_id
from timeline.domain.scales import NO_POSITION, SCALES
from timeline.domain.statement import Statement
from timeline.domain.topic import Topic

if TYPE_CHECKING:
    from timeline.application.batch import Outcome
    from timeline.application.directory import Register
    from timeline.stores.recordable import Recordable

_ENOUGH = 10_000
SHORT = 60
"""Most characters of words in a description."""

FIRST = Advice("import the line that brings it in before this one")
STANCE_OF_ANOTHER_SCALE = Message(
    "stance_of_another_scale",
    "%(stance)s is a word of the %(scale)s scale, and topic %(topic)s is on the %(actual)s scale",
    fix="choose another topic, or give the row that opens it a topic_question or a scale",
)


class Explainer:
    """Explains refusals, and describes corrections by rows in slugs and words."""

    def __init__(self, log: Recordable, register: Register) -> None:
        self._log = log
        self._register = register
        self._directory = Directory(log, register)
        self._told: dict[tuple[str, str, bool], StandlineError] = {}

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
        # A later line of the file may open the topic, on any scale.
        is_open = bool(self._log.first_events([stable_id("topic", slug)]))
        key = slug, stance, is_open
        if key not in self._told:
            self._told[key] = self._explain(slug, stance, scales[0], row)
        return self._told[key]

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

    def corrections(self, outcome: Outcome, topic: str) -> str:
        """Return one line for a row; ``topic`` is the slug or name of its topic."""
        changes = "; ".join(
            f"{_name_of(field)} {self._word(field, old, topic)} → {self._word(field, new, topic)}"
            for field, old, new in outcome.recoded
        )
        return f"#{outcome.position}: {changes}"

    def source_of(self, entry: str) -> str:
        """Return the name of an entry's source, in quotation marks."""
        loaded = self._log.load(Statement, entry) or self._log.load(Development, entry)
        return self._source_name(loaded.fields["document"]) if loaded else "another"

    def _word(self, field: str, value: Any, topic: str) -> str:  # noqa: ANN401 - a field's value
        if field == "stance":
            scale = SCALES[self._directory.topic(topic).scale]
            return NO_POSITION if value is None else scale.word(value)
        if field == "wording":
            return repr(self._question(topic, value))
        if value in (None, "", ()):
            return "nothing"
        noun = ON_RECORD[field].noun if field in ON_RECORD else ""
        if noun == "document":
            return self._source_name(value)
        if noun:
            some = value if isinstance(value, tuple) else (value,)
            return ", ".join(self._slug(noun, id_) for id_ in some)
        words = str(value)
        return repr(words if len(words) <= SHORT else f"{words[:SHORT]}…")

    def _slug(self, noun: str, stream: str) -> str:
        """Return the slug of a topic or an actor, and the id of a statement."""
        if noun == "statement":
            return stream
        find = self._directory.topic if noun == "topic" else self._directory.actor
        return find(stream).slug

    def _source_name(self, document: str) -> str:
        loaded = self._log.load(Document, document)
        fields = loaded.fields if loaded else {}
        return repr(fields.get("url") or fields.get("title") or fields.get("outlet") or document)

    def _question(self, topic: str, number: int) -> str:
        known: Topic = self._directory.topic(topic)
        return known.wordings[number].question if number in known.wordings else f"wording {number}"


def _name_of(field: str) -> str:
    return ON_RECORD[field].name if field in ON_RECORD else field
