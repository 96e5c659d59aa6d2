"""What stances come to in running text: as a whole clause, and as a state to move from and to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext, pgettext

from timeline.domain.position import MIXED
from web.articles import contracted, named

if TYPE_CHECKING:
    from collections.abc import Callable

    from timeline.projections.queries.directory import Actor, Topic
    from web.articles import Case


def in_words(speaker: Actor, behalf: Actor | None = None, *, rank: int = 0) -> str:
    """Name whose words are told, and for whom; ``rank`` above 0: others tell of somebody.

    Not every language says both alike.
    """
    case: Case = "accusative" if rank else "dative"
    who = named(speaker.name, speaker.kind, case)
    if behalf:
        whom = named(behalf.name, behalf.kind, "accusative")
        who = gettext("%(speaker)s, for %(actor)s,", speaker=who, actor=whom)
    if rank:
        return pgettext("words of others about somebody", "%(who)s", who=who)
    return contracted(pgettext("somebody's own words", "%(who)s", who=who))


def with_somebody(actor: Actor) -> str:
    """Name with whom something happened."""
    who = named(actor.name, actor.kind, "dative")
    return contracted(pgettext("it happened with somebody", "%(who)s", who=who))


def clause(topic: Topic, stance: int | str | None, who: str, reason: str | None = None) -> str:
    """Say in a whole clause what a stance comes to, in the past tense; ``who`` of `in_words`."""
    told = {"question": topic.question, "who": who}
    if stance == MIXED and topic.scale.name == "vote":
        return gettext(
            "On the question “%(question)s”, %(who)s voted differently on one day", **told
        )
    if stance == MIXED:
        return gettext(
            "On the question “%(question)s”, %(who)s gave differing answers on one day", **told
        )
    if stance is None:
        return _silent(told, reason)
    return _CORES[topic.scale.name](told)[int(stance) + 2]


def _silent(told: dict[str, str], reason: str | None) -> str:
    if reason == "declined":
        return gettext("On the question “%(question)s”, %(who)s declined to answer", **told)
    return gettext("On the question “%(question)s”, %(who)s took no side", **told)


def _position_cores(told: dict[str, str]) -> tuple[str, ...]:
    return (
        gettext("On the question “%(question)s”, %(who)s opposed this", **told),
        gettext("On the question “%(question)s”, %(who)s doubted this", **told),
        gettext("On the question “%(question)s”, %(who)s made this conditional", **told),
        gettext("On the question “%(question)s”, %(who)s accepted this", **told),
        gettext("On the question “%(question)s”, %(who)s supported this", **told),
    )


def _vote_cores(told: dict[str, str]) -> tuple[str, ...]:
    return (
        gettext("On the question “%(question)s”, %(who)s voted against", **told),
        "",
        gettext("On the question “%(question)s”, %(who)s abstained", **told),
        "",
        gettext("On the question “%(question)s”, %(who)s voted in favour", **told),
    )


def _expectation_cores(told: dict[str, str]) -> tuple[str, ...]:
    return (
        gettext("On the question “%(question)s”, %(who)s ruled this out", **told),
        gettext("On the question “%(question)s”, %(who)s thought this unlikely", **told),
        gettext("On the question “%(question)s”, %(who)s left this open", **told),
        gettext("On the question “%(question)s”, %(who)s thought this likely", **told),
        gettext("On the question “%(question)s”, %(who)s expected this", **told),
    )


def _claim_cores(told: dict[str, str]) -> tuple[str, ...]:
    return (
        gettext("On the question “%(question)s”, %(who)s denied this", **told),
        gettext("On the question “%(question)s”, %(who)s questioned this", **told),
        gettext("On the question “%(question)s”, %(who)s left this open", **told),
        gettext("On the question “%(question)s”, %(who)s suggested this", **told),
        gettext("On the question “%(question)s”, %(who)s asserted this", **told),
    )


_CORES = {
    "position": _position_cores,
    "vote": _vote_cores,
    "expectation": _expectation_cores,
    "claim": _claim_cores,
}


def state(topic: Topic, stance: int | str | None) -> str:
    """Name a stance so that one can move from it and to it."""
    if stance is None:
        return gettext("having no position")
    if stance == MIXED:
        is_vote = topic.scale.name == "vote"
        return gettext("differing votes") if is_vote else gettext("differing answers")
    return _STATES[topic.scale.name]()[int(stance) + 2]


_STATES: dict[str, Callable[[], tuple[str, ...]]] = {
    "position": lambda: (
        gettext("opposing this"),
        gettext("doubting this"),
        gettext("making this conditional"),
        gettext("accepting this"),
        gettext("supporting this"),
    ),
    "vote": lambda: (
        gettext("voting against"),
        "",
        gettext("abstaining"),
        "",
        gettext("voting in favour"),
    ),
    "expectation": lambda: (
        gettext("ruling this out"),
        gettext("thinking this unlikely"),
        gettext("leaving this open"),
        gettext("thinking this likely"),
        gettext("expecting this"),
    ),
    "claim": lambda: (
        gettext("denying this"),
        gettext("questioning this"),
        gettext("leaving this open"),
        gettext("suggesting this"),
        gettext("asserting this"),
    ),
}
