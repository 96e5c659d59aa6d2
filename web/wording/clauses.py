"""What stances come to in running text: as a whole clause, and as a state to move from and to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.position import MIXED
from timeline.projections.queries.directory import Actor
from web.i18n.translate import gettext, npgettext, pgettext
from web.wording.noun_articles import called, contracted, number
from web.wording.scale_words import step_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from timeline.projections.queries.directory import Topic

    Telling = tuple[Callable[[int, str], str], Callable[[str], str]]


class Who(msgspec.Struct, frozen=True):
    """Whose words are told, and for whom; ``rank`` above 0: others tell of somebody."""

    speaker: Actor
    behalf: Actor | None = None
    rank: int = 0

    def doing(self, telling: Telling) -> str:
        """Name them with the verb of the clause, where in a language it agrees with the name.

        Where nobody can tell whether a name is of one or of many, no verb depends on it.
        """
        who = self._for_whom(called(self.speaker))
        how_many = number(self.speaker.name, self.speaker.kind)
        agreeing, plain = telling
        return agreeing(how_many, who) if how_many else plain(who)

    def saying(self) -> str:
        """Name them with the verb for what they say, or for what others tell of them."""
        if not self.rank:
            return self.doing(_SAYING)
        who = self._for_whom(with_somebody(self.speaker))
        return pgettext("others tell of somebody", "%(who)s", who=who)

    def _for_whom(self, who: str) -> str:
        if self.behalf is None:
            return who
        whom = called(self.behalf, "accusative")
        return gettext("%(speaker)s, for %(actor)s,", speaker=who, actor=whom)


def by_somebody(actor: Actor) -> str:
    """Name whose words there are."""
    who = called(actor, "dative")
    return contracted(pgettext("somebody's own words", "%(who)s", who=who))


def with_somebody(actor: Actor) -> str:
    """Name with whom something happened."""
    who = called(actor, "dative")
    return contracted(pgettext("it happened with somebody", "%(who)s", who=who))


_SAYING: Telling = (
    lambda num, who: npgettext("says", "%(who)s", "%(who)s", num, who=who),
    lambda who: pgettext("says, one or many", "%(who)s", who=who),
)
_GIVING: Telling = (
    lambda num, who: npgettext("gives", "%(who)s", "%(who)s", num, who=who),
    lambda who: pgettext("gives, one or many", "%(who)s", who=who),
)
_VOTING: Telling = (
    lambda num, who: npgettext("votes", "%(who)s", "%(who)s", num, who=who),
    lambda who: pgettext("votes, one or many", "%(who)s", who=who),
)


def clause(topic: Topic, stance: int | str | None, who: Who, reason: str | None = None) -> str:
    """Say in a whole clause what a stance comes to, in the past tense."""
    told = {"question": topic.question}
    is_vote = topic.scale.name == "vote"
    if stance is None:
        return _silent(told | {"who": who.doing(_GIVING)}, reason)
    if stance == MIXED:
        return _mixed(told | {"who": who.doing(_VOTING if is_vote else _GIVING)}, is_vote=is_vote)
    told["who"] = who.doing(_VOTING) if is_vote else who.saying()
    return str(step_words(topic.scale.name, int(stance)).clause) % told


def _mixed(told: dict[str, str], *, is_vote: bool) -> str:
    if is_vote:
        return gettext(
            "On the question “%(question)s”, %(who)s voted differently on one day", **told
        )
    return gettext(
        "On the question “%(question)s”, %(who)s gave differing answers on one day", **told
    )


def _silent(told: dict[str, str], reason: str | None) -> str:
    if reason == "declined":
        return gettext("On the question “%(question)s”, %(who)s declined to answer", **told)
    return gettext("On the question “%(question)s”, %(who)s took no side", **told)


def state(topic: Topic, stance: int | str | None) -> str:
    """Name a stance so that one can move from it and to it."""
    if stance is None:
        return gettext("having no position")
    if stance == MIXED:
        is_vote = topic.scale.name == "vote"
        return gettext("differing votes") if is_vote else gettext("differing answers")
    return str(step_words(topic.scale.name, int(stance)).state)
