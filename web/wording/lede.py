"""The opening of a topic in sentences: who stood where when last heard, and who moved.

All sentences are in the past tense: nobody knows whether positions still hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.i18n.translate import gettext, ngettext
from web.wording import verbs
from web.wording.grammar import (
    ONE,
    SEVERAL,
    Noun,
    behind_comma,
    capitalised,
    in_words,
    listed,
    times,
)
from web.wording.when import on_date

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from timeline.domain.scales import Scale

NAMED = 4
"""The most sides that a group names; of more it names the first and counts the rest."""
FIRST = 2


def standing(
    scale: Scale,
    groups: Mapping[int, Sequence[Noun]],
    date: str = "",
    *,
    is_recurring: bool = False,
) -> str:
    """Say where sides stood: "When last heard, Poland supported this; Hungary opposed this".

    ``groups`` are the sides by their step; the strongest support comes first. ``date`` is the EDTF
    date of a vote or of a recurring decision in which all of them took part.
    """
    values = behind_comma(_by_step(scale, groups))
    if not values:
        return ""
    if is_recurring and date:
        return gettext(
            "In the latest decision on record, %(on_date)s, %(who)s.",
            on_date=on_date(date),
            who=values,
        )
    if scale.name == "vote" and date:
        return gettext(
            "When they last voted, %(on_date)s, %(who)s.", on_date=on_date(date), who=values
        )
    if scale.name == "vote":
        return gettext("When they last voted, %(who)s.", who=values)
    return gettext("When last heard, %(who)s.", who=values)


def in_person(scale: Scale, groups: Mapping[int, Sequence[Noun]]) -> str:
    """Say where people stood who differ from the side that they speak for."""
    values = behind_comma(_by_step(scale, groups))
    return gettext("Unlike the side they spoke for, %(who)s.", who=values) if values else ""


def by_voices(scale: Scale, groups: Mapping[int, Sequence[Noun]]) -> str:
    """Say where people stood whose side has no position on record."""
    values = behind_comma(_by_step(scale, groups))
    if not values:
        return ""
    return gettext(
        "Speaking for a side that has no position of its own on record, %(who)s.", who=values
    )


def _by_step(scale: Scale, groups: Mapping[int, Sequence[Noun]]) -> str:
    return "; ".join(
        f"{named(groups[step])} {verbs.did(scale.name, step, verb_number(groups[step]))}"
        for step in reversed(scale.steps)
        if groups.get(step)
    )


def named(nouns: Sequence[Noun]) -> str:
    """Name some, of many the first: "Aland and Bland", "nine, among them Aland and Bland,"."""
    if len(nouns) <= NAMED:
        return listed(noun.subject for noun in nouns)
    first = listed(noun.subject for noun in nouns[:FIRST])
    return gettext("%(number)s, among them %(named)s,", number=in_words(len(nouns)), named=first)


def verb_number(nouns: Sequence[Noun]) -> int:
    """Return the number of a verb that follows these names."""
    return SEVERAL if len(nouns) > 1 else nouns[0].number if nouns else ONE


def differing(nouns: Sequence[Noun]) -> str:
    """Say whose answers on one day differ."""
    if not nouns:
        return ""
    return capitalised(
        ngettext(
            "%(who)s gave differing answers on one day.",
            "%(who)s gave differing answers on one day.",
            verb_number(nouns),
            who=named(nouns),
        )
    )


def conditions(nouns: Sequence[Noun]) -> str:
    """Say who named a condition."""
    if not nouns:
        return ""
    return capitalised(
        ngettext(
            "%(who)s named a condition.",
            "%(who)s named conditions.",
            verb_number(nouns),
            who=named(nouns),
        )
    )


def long_silent(nouns: Sequence[Noun]) -> str:
    """Say who was not heard again within the topic's limit."""
    if not nouns:
        return ""
    return capitalised(
        ngettext(
            "%(who)s has not been heard on this for a long time.",
            "%(who)s have not been heard on this for a long time.",
            verb_number(nouns),
            who=named(nouns),
        )
    )


def not_taking_part(nouns: Sequence[Noun]) -> str:
    """Say who took no part in the latest of a topic's recurring decisions."""
    return capitalised(
        ngettext(
            "%(who)s took no part in the latest decision on record.",
            "%(who)s took no part in the latest decision on record.",
            verb_number(nouns),
            who=named(nouns),
        )
    )


def moved(
    sides: int,
    turns: Sequence[tuple[Noun, int]],
    date: str,
    together: int = 1,
    *,
    is_unsigned: bool = False,
) -> str:
    """Say how many of so many sides changed, who most often, and who last; ``date`` is EDTF.

    ``turns`` are those that changed, the last to do so first, each with how often it did; the
    first of them, as many as are ``together``, did so on that date. Where none changed,
    ``is_unsigned`` says that words of some side differ and no editor signed that as a change.
    """
    if not turns:
        return _nobody(sides, is_unsigned=is_unsigned)
    values = {
        "number": in_words(len(turns)),
        "sides": in_words(sides),
        **_last(turns, together),
        "on_date": on_date(date),
    }
    if len(turns) == 1:
        return _one_moved(sides, turns[0][1], values)
    often = _most_often(turns)
    if often is None and together == len(turns):
        return capitalised(
            gettext(
                "%(number)s of the %(sides)s sides with a position on record changed theirs:"
                " %(last)s, %(on_date)s.",
                **values,
            )
        )
    if often is None:
        return capitalised(
            gettext(
                "%(number)s of the %(sides)s sides with a position on record changed theirs:"
                " %(last)s last, %(on_date)s.",
                **values,
            )
        )
    if together == 1 and often == turns[0][0]:
        return capitalised(
            gettext(
                "%(number)s of the %(sides)s sides with a position on record changed theirs:"
                " %(last)s most often, and last, %(on_date)s.",
                **values,
            )
        )
    return capitalised(
        gettext(
            "%(number)s of the %(sides)s sides with a position on record changed theirs:"
            " %(often)s most often; %(last)s last, %(on_date)s.",
            often=often.subject,
            **values,
        )
    )


def _one_moved(sides: int, count: int, values: dict[str, str]) -> str:
    """Say of the only side that changed how often it did, and when last."""
    if sides == 1:
        return gettext("The last change was %(on_date)s.", **values)
    if count > 1:
        return gettext(
            "One of the %(sides)s sides with a position on record changed it:"
            " %(last)s %(times)s, last %(on_date)s.",
            times=times(count),
            **values,
        )
    return gettext(
        "One of the %(sides)s sides with a position on record changed it: %(last)s, %(on_date)s.",
        **values,
    )


def _last(turns: Sequence[tuple[Noun, int]], together: int) -> dict[str, str]:
    """Return the names of those that changed last, without the comma that ends some of many."""
    return {"last": named([noun for noun, _ in turns[:together]]).removesuffix(",")}


def _most_often(turns: Sequence[tuple[Noun, int]]) -> Noun | None:
    """Return the one that changed more often than all others, if there is one."""
    most = max(count for _, count in turns)
    often = [noun for noun, count in turns if count == most]
    return often[0] if most > 1 and len(often) == 1 else None


def speakers_moved(nouns: Sequence[Noun], changes: int, date: str) -> str:
    """Say which speakers changed without moving their side; ``date`` is that of the last."""
    if not nouns:
        return ""
    if changes == 1:
        return gettext(
            "Of those who spoke for a side, %(who)s changed position %(on_date)s.",
            who=nouns[0].subject,
            on_date=on_date(date),
        )
    return ngettext(
        "Of those who spoke for a side, %(who)s changed position, last %(on_date)s.",
        "Of those who spoke for a side, %(who)s changed position, last %(on_date)s.",
        verb_number(nouns),
        who=named(nouns),
        on_date=on_date(date),
    )


def _nobody(sides: int, *, is_unsigned: bool) -> str:
    if sides < 1:
        return ""
    if is_unsigned:
        return ngettext(
            "No editor has signed a change of position.",
            "No editor has signed a change of position for any of the %(sides)s sides.",
            sides,
            sides=in_words(sides),
        )
    return ngettext(
        "No change is on record.",
        "No change of position is on record for any of the %(sides)s sides.",
        sides,
        sides=in_words(sides),
    )


def silent(actors: int, *, alone: bool = False) -> str:
    """Say how many actors spoke without taking a position; empty if none.

    They are ``alone`` if nobody else is named.
    """
    if not actors:
        return ""
    if alone:
        return gettext("Nobody who spoke took a position.")
    return capitalised(
        ngettext(
            "%(number)s more spoke without taking a position.",
            "%(number)s more spoke without taking a position.",
            actors,
            number=in_words(actors),
        )
    )


def changes_of(when: str, changes: int, *, is_filtered: bool = False) -> str:
    """Say of a stretch of time how many changes are on record: "in 2025" or nothing before it.

    Of none it is told where a filter alone ``is_filtered`` others out.
    """
    if not changes and is_filtered:
        return capitalised(
            gettext("%(when)s, no change on record matches these filters.", when=when)
        )
    if not changes:
        return capitalised(gettext("%(when)s, no position on record changed.", when=when))
    values = ngettext("%(number)s change", "%(number)s changes", changes, number=in_words(changes))
    if not when:
        return capitalised(gettext("%(changes)s of position.", changes=values))
    return capitalised(
        ngettext(
            "%(when)s, %(changes)s of position is on record.",
            "%(when)s, %(changes)s of position are on record.",
            changes,
            when=when,
            changes=values,
        )
    )


def sides_moved(when: str, turns: Sequence[tuple[Noun, int]], date: str, together: int = 1) -> str:
    """Say how many sides changed within a stretch of time, who most often, and who last.

    ``turns`` are these sides, the last to change first, each with how often; ``date`` is EDTF,
    and that of the first of them, as many as are ``together``.
    """
    values = {
        "when": when,
        "number": in_words(len(turns)),
        **_last(turns, together),
        "on_date": on_date(date),
    }
    if len(turns) == 1:
        count = turns[0][1]
        return capitalised(
            ngettext(
                "%(when)s, one side changed its position: %(last)s, %(on_date)s.",
                "%(when)s, one side changed its position: %(last)s %(times)s, last %(on_date)s.",
                count,
                times=times(count),
                **values,
            )
        )
    often = _most_often(turns)
    if often is None:
        return capitalised(
            gettext(
                "%(when)s, %(number)s sides changed their position, %(last)s last, %(on_date)s.",
                **values,
            )
        )
    if together == 1 and often == turns[0][0]:
        return capitalised(
            gettext(
                "%(when)s, %(number)s sides changed their position: %(last)s most often, and last,"
                " %(on_date)s.",
                **values,
            )
        )
    return capitalised(
        gettext(
            "%(when)s, %(number)s sides changed their position: %(often)s most often;"
            " %(last)s last, %(on_date)s.",
            often=often.subject,
            **values,
        )
    )


def moved_in_person(nouns: Sequence[Noun], when: str) -> str:
    """Say who changed without moving a side; ``when`` is empty if it was just named."""
    values = {"who": named(nouns), "when": when}
    if when:
        return capitalised(
            ngettext(
                "%(when)s, %(who)s changed position; no side did.",
                "%(when)s, %(who)s changed position; no side did.",
                verb_number(nouns),
                **values,
            )
        )
    return capitalised(
        ngettext(
            "%(who)s changed position too, without moving a side.",
            "%(who)s changed position too, without moving a side.",
            verb_number(nouns),
            **values,
        )
    )


def mostly_on(topic: str, on_topic: int, changes: int) -> str:
    """Say how many of so many changes were on one question."""
    if on_topic == changes:
        return gettext("All of these changes were on “%(topic)s”.", topic=topic)
    return capitalised(
        gettext(
            "%(some)s of these %(changes)s changes were on “%(topic)s”.",
            some=in_words(on_topic),
            changes=in_words(changes),
            topic=topic,
        )
    )


def month(changes: int, topic: tuple[str, int], actor: tuple[Noun, int], *, is_busy: bool) -> str:
    """Sum up a month: "A busy month: ten changes, four on “Territory”; most often Ukraine."."""
    (label, on_topic), (noun, by_actor) = topic, actor
    values = {"changes": in_words(changes), "some": in_words(on_topic), "topic": label}
    if on_topic == 1:
        said = gettext("%(changes)s changes, each on another question", **values)
    elif on_topic == changes:
        said = gettext("%(changes)s changes, all on “%(topic)s”", **values)
    else:
        said = gettext("%(changes)s changes, %(some)s on “%(topic)s”", **values)
    if by_actor == changes:
        said = gettext("%(changes)s; each time %(actor)s", changes=said, actor=noun.subject)
    elif by_actor > 1:
        said = gettext("%(changes)s; most often %(actor)s", changes=said, actor=noun.subject)
    if is_busy:
        return gettext("A busy month: %(changes)s.", changes=said)
    return capitalised(f"{said}.")


def last_heard(scale: Scale, noun: Noun, step: int, date: str, *, conditional: bool) -> str:
    """Say where somebody stood when last heard, on the EDTF ``date``, in one sentence."""
    did = verbs.did(scale.name, step, noun.number)
    values = {"who": behind_comma(noun.subject), "did": did, "on_date": on_date(date)}
    if scale.name == "vote":
        return gettext("In the latest vote on record, %(on_date)s, %(who)s %(did)s.", **values)
    if conditional:
        return ngettext(
            "When last heard, %(on_date)s, %(who)s %(did)s and named a condition.",
            "When last heard, %(on_date)s, %(who)s %(did)s and named a condition.",
            noun.number,
            **values,
        )
    return gettext("When last heard, %(on_date)s, %(who)s %(did)s.", **values)


def last_differing(noun: Noun, date: str) -> str:
    """Say that somebody's last answers differ."""
    return ngettext(
        "When last heard, %(on_date)s, %(who)s gave differing answers.",
        "When last heard, %(on_date)s, %(who)s gave differing answers.",
        noun.number,
        who=behind_comma(noun.subject),
        on_date=on_date(date),
    )


def silent_itself(scale: Scale, noun: Noun, stance: int | str | None, date: str) -> str:
    """Say what others last reported about a silent actor, on the EDTF ``date``."""
    if not isinstance(stance, int):
        return said_nothing(noun)
    values = gettext(
        "According to others, last %(on_date)s, %(who)s %(did)s.",
        on_date=on_date(date),
        who=noun.subject,
        did=verbs.did(scale.name, stance, noun.number),
    )
    return f"{said_nothing(noun)} {values}"


def said_nothing(noun: Noun) -> str:
    """Say that an actor has no statement on a question."""
    return capitalised(
        ngettext(
            "%(who)s has said nothing on record.",
            "%(who)s have said nothing on record.",
            noun.number,
            who=noun.subject,
        )
    )


def word_gone(noun: Noun, word: str, last: str, gone_on: str) -> str:
    """Say when somebody last said a word, and when it was gone; both are EDTF."""
    return capitalised(
        ngettext(
            "%(who)s last said “%(word)s” %(on_date)s; the next text, %(gone)s, no longer has it.",
            "%(who)s last said “%(word)s” %(on_date)s; the next text, %(gone)s, no longer has it.",
            noun.number,
            who=noun.subject,
            word=word,
            on_date=on_date(last),
            gone=on_date(gone_on),
        )
    )


def without_decider(noun: Noun, person: Noun, did: str, date: str) -> str:
    """Say that only a person who does not decide spoke for a side, and what they said last."""
    values = {"for_whom": noun.for_whom, "who": person.subject, "did": did}
    values["on_date"] = on_date(date)
    return gettext(
        "Nobody who decides for %(for_whom)s is on record; %(who)s %(did)s, last %(on_date)s.",
        **values,
    )
