"""Import the parts of a topic's line: wordings, codebooks, coverage, natures and ledes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from timeline.application.texts import text
from timeline.application.wordings import AS_WORDED, worded_otherwise
from timeline.domain.errors import Refused
from timeline.domain.messages import InQuotes, Message
from timeline.domain.naming import slug_of
from timeline.domain.scales import scale_named
from timeline.domain.topic import Topic
from timeline.interchange.native.codebooks import AS_CODED, CODEBOOKS, read_codebooks
from timeline.interchange.native.coverage import COVERAGE, read_coverage
from timeline.interchange.native.fields import parse_stated
from timeline.interchange.native.topic_parts import LEDES, NATURES, read_ledes, read_natures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from timeline.domain.codebook import Codebook
    from timeline.domain.event import Byline

T = TypeVar("T")


def unrecorded(
    stated: Iterable[T], recorded: Sequence[T], same: Callable[[T, T], bool]
) -> Iterator[T]:
    """Yield the items that are not on record after the items before them.

    So an item that returns is recorded again, and a file imported twice yields nothing new.
    """
    after = 0
    for item in stated:
        place = next((at for at in range(after, len(recorded)) if same(item, recorded[at])), None)
        if place is None:
            yield item
        after = len(recorded) if place is None else place + 1


CODEBOOK_OTHERWISE = Message(
    "codebook_otherwise",
    "topic %(topic)s is coded by another codebook",
    fix="leave the codebook out, or import without --no-create",
)

COVERAGE_OTHERWISE = Message(
    "coverage_otherwise",
    "topic %(topic)s has other coverage",
    fix="leave the coverage out, or import without --no-create",
)

NATURE_OTHERWISE = Message(
    "nature_otherwise",
    "topic %(topic)s asks for something else",
    fix="leave natures out, or import without --no-create",
)

LEDE_OTHERWISE = Message(
    "lede_otherwise",
    "the newsroom says something else first of topic %(topic)s",
    fix="leave ledes out, or import without --no-create",
)

WORDINGS = "wordings"
AS_CLASSIFIED = "as stated in the imported file"


class StatedWording(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """One wording of a question in a line; ``reason`` says why it was reworded."""

    question: str
    name: str = ""
    reason: str = ""


def opened_topic(byline: Byline, row: dict[str, Any], slug: str, story: str | None) -> Topic:
    """Return the topic that a line opens, with all its wordings; raises `Refused`."""
    stated = _wordings(row)
    first = stated[0] if stated else StatedWording(question=_name(row) or _words(slug))
    topic = Topic.open(
        byline,
        slug,
        first.question,
        row.get("scale") or ("position" if stated else "claim"),
        name=first.name or text(_name(row), "topic_name"),
        story=story,
    )
    for wording in stated[1:]:
        _word(topic, byline, wording)
    for codebook in read_codebooks(row.get(CODEBOOKS, []), scale_named(topic.scale)):
        _write(topic, byline, codebook)
    for watch in read_coverage(row.get(COVERAGE, [])):
        topic.watch(byline, watch)
    classify_anew(topic, byline, row, allowed=True)
    lead_anew(topic, byline, row, allowed=True)
    return topic


def word_anew(topic: Topic, byline: Byline, row: dict[str, Any], *, allowed: bool) -> None:
    """Record new wordings of a topic on record; raises `Refused` if none are allowed."""
    for wording in _wordings(row):
        if topic.wordings and topic.wording_of(wording.question) is None:
            if not allowed:
                raise worded_otherwise(topic, wording.question)
            _word(topic, byline, wording)


def write_anew(topic: Topic, byline: Byline, row: dict[str, Any], *, allowed: bool) -> None:
    """Record new versions of a codebook; raises `Refused` if none are allowed."""
    for codebook in read_codebooks(row.get(CODEBOOKS, []), scale_named(topic.scale)):
        if topic.version_of(codebook) is None:
            if not allowed:
                raise Refused(CODEBOOK_OTHERWISE, field=CODEBOOKS, topic=InQuotes(topic.slug))
            _write(topic, byline, codebook)


def watch_anew(topic: Topic, byline: Byline, row: dict[str, Any], *, allowed: bool) -> None:
    """Record new watches, their ends, and how somebody watched.

    Raises `Refused` if none are allowed. An older file does not reopen an ended watch and does not
    remove a known ``how``.
    """
    for stated in read_coverage(row.get(COVERAGE, [])):
        numbers = [number for number, old in topic.watches.items() if old.is_of(stated)]
        watch = topic.watches[numbers[0]].merged_with(stated) if numbers else stated
        if watch in topic.watches.values():
            continue
        if not allowed:
            raise Refused(COVERAGE_OTHERWISE, field=COVERAGE, topic=InQuotes(topic.slug))
        topic.watch(byline, watch, numbers[0] if numbers else 0)


def classify_anew(topic: Topic, byline: Byline, row: dict[str, Any], *, allowed: bool) -> None:
    """Record the natures of a topic that a line has beyond the record.

    Raises `Refused` if none are allowed.
    """
    said, recorded = read_natures(row.get(NATURES, [])), [*topic.natures]
    for nature, reason in unrecorded(said, recorded, lambda old, new: old[0] == new[0]):
        if not allowed:
            raise Refused(NATURE_OTHERWISE, field=NATURES, topic=InQuotes(topic.slug))
        topic.classify(byline, nature, reason or (AS_CLASSIFIED if topic.natures else ""))


def lead_anew(topic: Topic, byline: Byline, row: dict[str, Any], *, allowed: bool) -> None:
    """Record the ledes of a topic that a line has beyond the record.

    It may pin a change that a later line signs; until then pages do not show that change. Raises
    `Refused` if none are allowed.
    """
    said, recorded = read_ledes(row.get(LEDES, [])), [*topic.ledes]
    for lede in unrecorded(said, recorded, lambda old, new: old == new):
        if not allowed:
            raise Refused(LEDE_OTHERWISE, field=LEDES, topic=InQuotes(topic.slug))
        topic.set_lede(byline, lede)


def contradicted_field(topic: Topic, row: dict[str, Any], story: str | None) -> str:
    """Return the first field in which a line contradicts a topic on record; empty if none does."""
    if row.get("scale", topic.scale) != topic.scale:
        return "scale"
    if story is not None and story != topic.story:
        return "story"
    question = row.get("topic_question")
    worded = topic.wordings.get((topic.wording_of(question) or 0) if question else topic.wording)
    stated = text(row.get("topic_name"), "topic_name")
    return "topic_name" if worded and stated and stated != worded.name else ""


def _wordings(row: dict[str, Any]) -> list[StatedWording]:
    """Return the wordings of a line, oldest first; none if it has no question."""
    stated = parse_stated(row.get(WORDINGS, []), list[StatedWording], WORDINGS)
    question = row.get("topic_question")
    if question and (not stated or stated[-1].question != question):
        stated.append(StatedWording(question=question, name=_name(row)))
    return [_clean(wording) for wording in stated]


def _clean(stated: StatedWording) -> StatedWording:
    return StatedWording(
        question=text(stated.question, "topic_question"),
        name=text(stated.name, "topic_name"),
        reason=text(stated.reason, "reason"),
    )


def _word(topic: Topic, byline: Byline, stated: StatedWording) -> None:
    reason = stated.reason or AS_WORDED
    topic.reword(byline, stated.question, reason, same_meaning=True, name=stated.name)


def _write(topic: Topic, byline: Byline, codebook: Codebook) -> None:
    reason = codebook.reason or (AS_CODED if topic.codebook_version else "")
    topic.write_codebook(byline, msgspec.structs.replace(codebook, reason=reason))


def _name(row: dict[str, Any]) -> str:
    topic = row.get("topic", "")
    return str(row.get("topic_name") or ("" if topic == slug_of(topic) else topic))


def _words(slug: str) -> str:
    return slug.replace("-", " ").capitalize()
