"""Stances and changes as clauses in running text.

Names have no case, no article and no verb that would have to agree: languages that would need one
put a colon after the name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.domain.position import MIXED
from web.i18n.translate import gettext, lazy_gettext
from web.wording.scale_words import step_words

if TYPE_CHECKING:
    from timeline.domain.scales import Scale
    from timeline.projections.queries.directory import Actor, Topic


def name(speaker: Actor, behalf: Actor | None = None) -> str:
    """Name a speaker, with whom they speak for."""
    if behalf is None:
        return speaker.name
    return gettext("%(speaker)s (%(actor)s)", speaker=speaker.name, actor=behalf.name)


def sentence(who: str, says: str) -> str:
    """Say something of somebody: "Russia makes this conditional"."""
    return gettext("%(who)s %(says)s", who=who, says=says)


def on_question(topic: Topic, who: str, says: str) -> str:
    """Say something of somebody, with the question."""
    return gettext(
        "On the question “%(question)s”, %(who)s %(says)s",
        question=topic.question,
        who=who,
        says=says,
    )


def stands(scale: Scale, stance: int, *, is_last_known: bool = False) -> str:
    """Say where somebody stands, or last stood; follows a name."""
    words = step_words(scale.name, stance)
    return str(words.then if is_last_known else words.now)


_NO_POSITION = {
    "refuses": lazy_gettext("declined to answer"),
    "declined": lazy_gettext("declined to answer"),
    "silent": lazy_gettext("took no side"),
    "defers": lazy_gettext("left it to somebody else"),
    "forecast": lazy_gettext("said what will be, not what should"),
    "comments": lazy_gettext("spoke of what somebody else says"),
}


def said(
    topic: Topic,
    stance: int | str | None,
    reason: str | None = None,
    *,
    version: int | None = None,
) -> str:
    """Say what somebody said or how they voted; follows a name. ``reason`` is for no position.

    ``version`` is that of the scale, for a single statement.
    """
    if stance is None:
        return str(_NO_POSITION.get(reason or "", _NO_POSITION["silent"]))
    if stance == MIXED:
        if _is_vote(topic):
            return gettext("voted differently on one day")
        return gettext("gave differing answers on one day")
    return str(step_words(topic.scale.name, int(stance), version).then)


def state(topic: Topic, stance: int | str | None) -> str:
    """Name a stance in a form to follow "from" and "to"."""
    if stance is None:
        return gettext("having no position")
    if stance == MIXED:
        return gettext("differing votes") if _is_vote(topic) else gettext("differing answers")
    return str(step_words(topic.scale.name, int(stance)).state)


def _is_vote(topic: Topic) -> bool:
    return topic.scale.name == "vote"
