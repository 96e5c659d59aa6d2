"""The sentence that is printed of a change, as a pattern of its kind proposes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.i18n import dates
from web.i18n.translate import gettext, speaking
from web.shell.publisher import publisher
from web.wording import clauses

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from timeline.projections.queries.waiting import Waiting
    from web.wording.names import Names


def proposed_sentence(waits: Waiting, said_at: Mapping[int, str], names: Names) -> str:
    """Return the sentence that may be printed, in the newsroom's language, for an editor to mend.

    ``said_at`` has the dates of statements by number; empty where those of an end are not there.
    """
    ends = waits.change.before, waits.change.after
    then, now = ([said_at[one] for one in end if one in said_at][-1:] for end in ends)
    if not then or not now:
        return ""
    with speaking(publisher().language):
        return _by_pattern(waits, _dated(waits, then[0], now[0]), names)


def _dated(waits: Waiting, then: str, now: str) -> tuple[str, str]:
    """Return when both ends were said, with what a sentence has to say of them."""
    earlier, later = dates.said(then), dates.said(now)
    if waits.change.old:
        earlier = gettext("last found %(date)s", date=earlier)
        later = gettext("by %(date)s", date=later)
    if waits.change.joint:
        later = gettext("joint text, %(date)s", date=later)
    return earlier, later


def _by_pattern(waits: Waiting, dated: tuple[str, str], names: Names) -> str:
    change, topic = waits.change, waits.topic
    told = {
        "who": names.actor(change.after_by).name,
        "side": names.actor(change.lanes[0]).name,
        "other": names.actor(change.before_by).name,
        "before": clauses.state(topic, change.from_),
        "after": clauses.state(topic, change.to),
        "then": dated[0],
        "now": dated[1],
    }
    match change.kind:
        case "succession" if waits.appeared or waits.gone:
            told["who"] = gettext("%(side)s under %(who)s", **told)
            says = _terms(waits, told)
        case "succession":
            says = gettext(
                "%(side)s moved under %(who)s from %(before)s (%(other)s, %(then)s) to"
                " %(after)s (%(now)s)",
                **told,
            )
        case "withdrawn":
            says = gettext(
                "%(who)s took back (%(now)s) what they had said before (%(then)s)", **told
            )
        case "terms":
            says = _terms(waits, told)
        case "firmer":
            says = gettext(
                "%(who)s became firmer: from %(before)s (%(then)s) to %(after)s (%(now)s)", **told
            )
        case "softer":
            says = gettext(
                "%(who)s became more careful: from %(before)s (%(then)s) to %(after)s (%(now)s)",
                **told,
            )
        case _ if change.returns_to:
            says = gettext(
                "%(who)s returned from %(before)s (%(then)s) to %(after)s (%(now)s)", **told
            )
        case _:
            says = gettext(
                "%(who)s moved from %(before)s (%(then)s) to %(after)s (%(now)s)", **told
            )
    return gettext("On the question “%(question)s”, %(says)s.", question=topic.question, says=says)


def _terms(waits: Waiting, told: dict[str, str]) -> str:
    new, gone = (", ".join(_unmarked(some)) for some in (waits.appeared, waits.gone))
    if new and gone:
        return gettext(
            "%(who)s now sets another condition (%(now)s): %(new)s. Before (%(then)s): %(gone)s",
            new=new,
            gone=gone,
            **told,
        )
    if new:
        return gettext("%(who)s now sets a condition (%(now)s): %(new)s", new=new, **told)
    return gettext("%(who)s sets this condition no more (%(now)s): %(gone)s", gone=gone, **told)


def _unmarked(conditions: Sequence[str]) -> list[str]:
    return [one.rstrip(".") for one in conditions]
