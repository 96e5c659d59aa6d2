"""The sentence patterns of each kind of change, with qualifications.

The question and the day are shown beside it. No pattern judges: it reports what was said, and then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec

from timeline.domain.complete import check_complete
from timeline.domain.instants import DAY
from timeline.domain.position import MIXED
from timeline.projections.tables.kinds import CHANGED
from web.i18n import dates
from web.i18n.translate import gettext, lazy_gettext, ngettext
from web.wording import clauses, stances, verbs
from web.wording.grammar import Noun, behind_comma, capitalised, listed, noun
from web.wording.when import on_date

DERIVED = lazy_gettext("Derived by the rule; no editor signed it.")

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from timeline.domain.position import Change
    from timeline.projections.queries.directory import Actor, Topic
    from timeline.projections.queries.entries import StatementEntry

    Who: TypeAlias = Callable[[str], Actor]
    Pattern: TypeAlias = Callable[["WordedChange"], str]


class WordedChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change with what its sentence names: ``actor`` is the actor of its lane.

    ``who`` finds actors by id, ``said_at`` has the EDTF dates of statements by number, ``terms``
    the words of conditions by their ids; ``role`` is that of a new decider, where one is on record.
    ``order_open`` says that the later words may have been said first, as both are dated.
    ``conditional`` are the statements that name a condition, by number.
    """

    topic: Topic
    actor: Actor
    change: Change
    who: Who
    said_at: Mapping[int, str]
    order_open: bool = False
    conditional: Collection[int] = ()
    terms: Mapping[str, str] = {}
    role: str = ""

    @property
    def noun(self) -> Noun:
        """Who moved; a speaker with the side that they speak for."""
        change = self.change
        if not change.after_by:
            return noun(self.actor)
        speaker = noun(self.who(change.after_by))
        sides = [noun(self.who(lane)).for_whom for lane in change.lanes if lane != change.after_by]
        if not sides:
            return speaker
        named = gettext("%(who)s, for %(sides)s,", who=speaker.subject, sides=listed(sides))
        return Noun(named, named, speaker.number)

    @property
    def before(self) -> str:
        """The earlier position, in a form to follow "from"."""
        return self._inside(clauses.state(self.topic, self.change.from_))

    @property
    def after(self) -> str:
        """The later position, in a form to follow "to"."""
        return clauses.state(self.topic, self.change.to)

    @property
    def scale(self) -> str:
        """The name of the scale."""
        return self.topic.scale.name

    @property
    def was_conditional(self) -> bool:
        """Whether the earlier words name a condition."""
        return any(number in self.conditional for number in self.change.before)

    @property
    def is_conditional(self) -> bool:
        """Whether the later words name a condition."""
        return any(number in self.conditional for number in self.change.after)

    def did(self, number: int) -> str:
        """Return what somebody did before, in a form to go on after."""
        return self._inside(verbs.did(self.scale, int(self.change.from_ or 0), number))

    def _inside(self, earlier: str) -> str:
        if not self.was_conditional:
            return earlier
        return gettext("%(says)s, with a condition,", says=earlier)


def sentence(turning: WordedChange) -> str:
    """Return a change in a sentence, without its full stop."""
    change, pattern = turning.change, pattern_of(turning)
    if change.old and (now := _latest(turning.said_at, change.after)):
        pattern = gettext(
            "%(on_date)s at the latest, %(says)s", on_date=on_date(now), says=behind_comma(pattern)
        )
    return capitalised("".join((pattern, *_qualified(turning))))


def pattern_of(turning: WordedChange) -> str:
    """Return a change as a clause without qualifications."""
    change = turning.change
    # Lanes of votes that are derived anew have the kinds of edition 1.
    kind = "vote" if turning.scale == "vote" else change.kind
    pattern = PATTERNS.get(kind, _other_change) if _is_plain(change) else _other_change
    if change.back_on is not None:
        return _back(turning)
    said = pattern(turning)
    return (
        said
        if pattern in _NAMES_CONDITIONS or not turning.is_conditional
        else _with_condition(said)
    )


def _with_condition(says: str) -> str:
    return gettext("%(says)s, with a condition", says=says)


def stated(topic: Topic, actor: Actor, change: Change, after: Sequence[StatementEntry]) -> str:
    """Report first positions, and differing answers of one day."""
    if change.to != MIXED:
        stance = stances.word(topic.scale, change.to)
        return gettext("%(who)s: first words on record, %(stance)s.", who=actor.name, stance=stance)
    answers = dict.fromkeys(stances.word(topic.scale, entry.stance) for entry in after)
    values = {"who": actor.name, "answers": ", ".join(answers)}
    if topic.scale.name == "vote":
        return gettext("%(who)s voted differently on one day: %(answers)s.", **values)
    return gettext("%(who)s gave differing answers on one day: %(answers)s.", **values)


def _is_plain(change: Change) -> bool:
    return MIXED not in (change.from_, change.to) and change.from_ is not None


def _reversal(point: WordedChange) -> str:
    who, values = point.noun, {"before": point.before, "after": point.after}
    if point.change.returns_to:
        return ngettext(
            "%(who)s returned from %(before)s to %(after)s",
            "%(who)s returned from %(before)s to %(after)s",
            who.number,
            who=who.subject,
            **values,
        )
    return ngettext(
        "%(who)s turned from %(before)s to %(after)s",
        "%(who)s turned from %(before)s to %(after)s",
        who.number,
        who=who.subject,
        **values,
    )


def _back(point: WordedChange) -> str:
    """Report a change that was reversed within days."""
    who, change = point.noun, point.change
    return ngettext(
        "%(who)s turned from %(before)s to %(after)s on %(day)s and back on %(back)s",
        "%(who)s turned from %(before)s to %(after)s on %(day)s and back on %(back)s",
        who.number,
        who=who.subject,
        before=point.before,
        after=point.after,
        day=dates.day(change.day * DAY),
        back=dates.day((change.back_on or 0) * DAY),
    )


def _vote(point: WordedChange) -> str:
    who = point.noun
    return ngettext(
        "%(who)s switched from %(before)s to %(after)s",
        "%(who)s switched from %(before)s to %(after)s",
        who.number,
        who=who.subject,
        before=point.before,
        after=point.after,
    )


def _through_the_middle(point: WordedChange) -> str:
    """Report a change to or from the middle."""
    who, change = point.noun, point.change
    return ngettext(
        "%(who)s %(before)s and %(then)s",
        "%(who)s %(before)s and %(then)s",
        who.number,
        who=who.subject,
        before=point.did(who.number),
        then=verbs.then(point.scale, int(change.to or 0), who.number),
    )


def _terms(point: WordedChange) -> str:
    who, change = point.noun, point.change
    values = {
        "who": who.subject,
        "stood": _on_one_side(point, who.number),
        "new": _conditions(point, change.appeared),
        "gone": _conditions(point, change.gone),
    }
    if change.appeared and change.gone:
        return ngettext(
            "%(who)s %(stood)s; the condition was now %(new)s instead of %(gone)s",
            "%(who)s %(stood)s; the condition was now %(new)s instead of %(gone)s",
            who.number,
            **values,
        )
    if change.appeared and point.was_conditional:
        return ngettext(
            "%(who)s %(stood)s but now set a new condition: %(new)s",
            "%(who)s %(stood)s but now set a new condition: %(new)s",
            who.number,
            **values,
        )
    if change.appeared:
        return ngettext(
            "%(who)s %(stood)s but now set a condition: %(new)s",
            "%(who)s %(stood)s but now set a condition: %(new)s",
            who.number,
            **values,
        )
    return ngettext(
        "%(who)s %(stood)s and no longer set this condition: %(gone)s",
        "%(who)s %(stood)s and no longer set this condition: %(gone)s",
        who.number,
        **values,
    )


def _on_one_side(point: WordedChange, number: int) -> str:
    """Say that somebody stayed where they were, or by how much they moved within their side."""
    change = point.change
    if change.from_ == change.to:
        return gettext("still %(did)s", did=verbs.did(point.scale, int(change.to or 0), number))
    return ngettext(
        "moved from %(before)s to %(after)s",
        "moved from %(before)s to %(after)s",
        number,
        before=clauses.state(point.topic, change.from_),
        after=point.after,
    )


def _conditions(point: WordedChange, named: tuple[str, ...]) -> str:
    conditions = [point.terms.get(condition, "").strip().rstrip(".") for condition in named]
    texts = [gettext("“%(words)s”", words=words) for words in conditions if words]
    return listed(dict.fromkeys(texts)) if texts else gettext("a condition in other words")


def _succession(point: WordedChange) -> str:
    change, side = point.change, noun(point.actor)
    now, before = noun(point.who(change.after_by)), noun(point.who(change.before_by))
    then = verbs.did(point.scale, int(change.to or 0), side.number)
    did = verbs.did(point.scale, int(change.from_ or 0), before.number)
    values = {
        "side": behind_comma(side.subject),
        "then": _with_condition(then) if point.is_conditional else then,
        "who": now.subject,
        "role": point.role,
        "other": before.subject,
        "did": _with_condition(did) if point.was_conditional else did,
    }
    if point.role:
        return ngettext(
            "under %(who)s (%(role)s), %(side)s %(then)s; before, %(other)s %(did)s",
            "under %(who)s (%(role)s), %(side)s %(then)s; before, %(other)s %(did)s",
            side.number,
            **values,
        )
    return ngettext(
        "under %(who)s, %(side)s %(then)s; before, %(other)s %(did)s",
        "under %(who)s, %(side)s %(then)s; before, %(other)s %(did)s",
        side.number,
        **values,
    )


def _withdrawn(point: WordedChange) -> str:
    who, change = point.noun, point.change
    before = _latest(point.said_at, change.before)
    values = {"who": who.subject, "on_date": on_date(before) if before else ""}
    if change.to is None:
        return ngettext(
            "%(who)s took back the words said %(on_date)s and took no other position",
            "%(who)s took back the words said %(on_date)s and took no other position",
            who.number,
            **values,
        )
    return ngettext(
        "%(who)s took back the words said %(on_date)s and again %(stood)s",
        "%(who)s took back the words said %(on_date)s and again %(stood)s",
        who.number,
        stood=verbs.did(point.scale, int(change.to), who.number),
        **values,
    )


def _other_change(point: WordedChange) -> str:
    """Report other changes: from where to where."""
    who, change = point.noun, point.change
    if change.to is None:
        return ngettext(
            "%(who)s gave up %(before)s and took no other position",
            "%(who)s gave up %(before)s and took no other position",
            who.number,
            who=who.subject,
            before=point.before,
        )
    if change.kind == "reported":
        return gettext(
            "%(who)s reportedly moved from %(before)s to %(after)s",
            who=who.subject,
            before=point.before,
            after=point.after,
        )
    return ngettext(
        "%(who)s moved from %(before)s to %(after)s",
        "%(who)s moved from %(before)s to %(after)s",
        who.number,
        who=who.subject,
        before=point.before,
        after=point.after,
    )


PATTERNS: dict[str, Pattern] = {
    "reversal": _reversal,
    "terms": _terms,
    "opens": _through_the_middle,
    "settles": _through_the_middle,
    "succession": _succession,
    "withdrawn": _withdrawn,
    "vote": _vote,
}
check_complete("PATTERNS", PATTERNS, CHANGED)

_NAMES_CONDITIONS = _terms, _succession, _withdrawn
"""The patterns that say themselves what conditions the later words name, or leave them out."""


def naming_conditions(said: Mapping[int, StatementEntry]) -> set[int]:
    """Return the numbers of the statements that name a condition."""
    return {n for n, entry in said.items() if entry.words.condition and not entry.withheld}


def _qualified(point: WordedChange) -> list[str]:
    """Return the qualifications of a change, to follow its sentence."""
    change, said_at = point.change, point.said_at
    qualifiers = []
    if change.joint:
        qualifiers.append(gettext(", in a joint text"))
    if change.new_office and change.kind != "succession":
        qualifiers.append(gettext(", in another office than before"))
    if change.other_wording:
        qualifiers.append(gettext(", asked in other words"))
    if point.order_open:
        qualifiers.append(gettext(", the order of the two being unclear"))
    if again := _latest(said_at, change.returns_to):
        qualifiers.append(_as_before(change, on_date(again)))
    if change.old and (latest_before := _latest(said_at, change.before)):
        qualifiers.append(
            gettext(
                "; the earlier words were last heard %(on_date)s", on_date=on_date(latest_before)
            )
        )
    return qualifiers


def _as_before(change: Change, day: str) -> str:
    """Say when the same side and conditions were last held before."""
    if change.kind == "terms":
        return gettext(", as %(on_date)s already", on_date=day)
    if change.to:
        return gettext(", on the same side as %(on_date)s", on_date=day)
    return gettext(", the same position as %(on_date)s", on_date=day)


def _latest(said_at: Mapping[int, str], numbers: tuple[int, ...]) -> str:
    """Return the EDTF date of the last of these statements that was read."""
    dates_said = [said_at[number] for number in numbers if number in said_at]
    return dates_said[-1] if dates_said else ""


def proofs_needed(change: Change) -> tuple[int, ...]:
    """Return the numbers of all statements whose dates a sentence may name."""
    return (*change.before, *change.after, *change.withdrawn_by, *change.returns_to[-1:])
