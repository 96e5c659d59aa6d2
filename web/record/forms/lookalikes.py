"""Ask back if a name or a question looks like another on record: a person must decide."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.spelling import comparable_name
from timeline.projections.queries import directory
from timeline.projections.queries.alike import actors_like, questions_alike
from web.i18n.translate import gettext
from web.record.forms.form_state import Offer, Problem
from web.shell.request import read_connection, reader_language

if TYPE_CHECKING:
    from collections.abc import Iterable

    from timeline.projections.queries.directory import Actor
    from web.record.forms.form_state import FormState


def ask_back_actor(sheet: FormState, field: str, names: Iterable[str], own: str = "") -> None:
    """Ask if one of the names looks like that of an actor other than ``own``, a slug."""
    for name in names:
        by_slug = {
            actor.slug: actor.name for actor in directory.lookalikes(read_connection(), name)
        }
        if slug := _undecided(sheet, by_slug, own):
            message = gettext(
                "In other letters this is the name of %(actor)s.", actor=by_slug[slug]
            )
            _offer(
                sheet,
                field,
                message,
                Offer(gettext("It is somebody else"), f"distinct={slug}", answers=True),
            )
            return


def ask_back_namesake(sheet: FormState, field: str, name: str, own: str = "") -> None:
    """Ask if an actor other than ``own``, a slug, has this name or a similar one."""
    if not name:
        return
    conn = read_connection()
    namesakes = directory.actors_named(conn, name)
    by_slug = {actor.slug: actor for actor in (*namesakes, *actors_like(conn, name))}
    slug = _undecided(sheet, by_slug, own)
    if slug:
        message = _namesake(by_slug[slug], name)
        offer = Offer(gettext("It is somebody else"), f"distinct={slug}", answers=True)
        sheet.note_problem(Problem(field, message, (offer,), href=f"/a/{slug}"))


def _namesake(actor: Actor, name: str) -> str:
    names = (actor.name, *directory.aliases(read_connection(), actor.id))
    if comparable_name(name) in map(comparable_name, names):
        return gettext("There is an actor of this name already: %(actor)s.", actor=actor.name)
    return gettext("Much like %(actor)s: is it the same?", actor=actor.name)


def ask_back_topic(sheet: FormState, field: str, words: str, own: str = "") -> None:
    """Ask if the words look like those of a topic other than ``own``, a slug."""
    alike = directory.topic_lookalikes(read_connection(), words)
    by_slug = {topic.slug: topic.label for topic in alike}
    if slug := _undecided(sheet, by_slug, own):
        message = gettext("In other letters this is the topic %(topic)s.", topic=by_slug[slug])
        _offer(
            sheet,
            field,
            message,
            Offer(gettext("It is another topic"), f"distinct={slug}", answers=True),
        )


def ask_back_question(sheet: FormState, question: str, scale: str, own: str = "") -> None:
    """Note one objection to a question, unless somebody said that it stays so.

    The question may repeat that of a topic other than ``own``, a slug; be hard to answer on its
    ``scale``; or take a side.
    """
    _ask_back_duplicate(sheet, question, own)
    for doubt in shape_doubts(question, scale):
        _ask_to_keep(sheet, f"shape:{doubt.words}", doubt.message)
    _ask_back_loaded(sheet, question)


def _ask_back_duplicate(sheet: FormState, question: str, own: str) -> None:
    """Ask if the same question, or a similar one, is on record."""
    by_slug = {topic_.slug: topic_ for topic_ in questions_alike(read_connection(), question)}
    with reader_language() as conn:
        by_slug |= {topic_.slug: topic_ for topic_ in questions_alike(conn, question)}
    if slug := _undecided(sheet, by_slug, own):
        topic = by_slug[slug]
        message = (
            gettext("This question stands already.")
            if comparable_name(topic.question) == comparable_name(question)
            else gettext("Much like “%(question)s” Is it the same?", question=topic.question)
        )
        offer = Offer(gettext("It is another question"), f"distinct={slug}", answers=True)
        sheet.note_problem(Problem("topic_question", message, (offer,), href=f"/t/{slug}"))


def _ask_back_loaded(sheet: FormState, question: str) -> None:
    """Note if a question takes a side by its words."""
    words = loaded_words(question)
    if not words:
        return
    message = gettext(
        "The question takes a side by %(words)s. Could those who answer no ask it so, too?",
        words=", ".join(gettext("“%(quote)s”", quote=word) for word in words),
    )
    _ask_to_keep(sheet, "words:" + "+".join(words), message)


def _ask_to_keep(sheet: FormState, answer: str, message: str) -> None:
    """Note a hint about a question, unless somebody said that the question stays as it is."""
    if answer not in sheet.all("distinct"):
        offer = Offer(gettext("Keep the question as it is"), f"distinct={answer}", answers=True)
        _offer(sheet, "topic_question", message, offer)


def _undecided(sheet: FormState, slugs: Iterable[str], own: str) -> str | None:
    """Return the first slug that nobody has called distinct yet."""
    decided = {own, *sheet.all("distinct")}
    return next((slug for slug in slugs if slug not in decided), None)


def _offer(sheet: FormState, field: str, message: str, offer: Offer) -> None:
    sheet.note_problem(Problem(field, message, (offer,)))


WHY = re.compile(r"\s*(why|warum|weshalb|wieso|wozu)\b", re.IGNORECASE)
OPEN = re.compile(
    r"\s*(what|which|who|whom|whose|when|where|how|wer|wen|wem|wessen|wann|wo|wohin|woher|wie"
    r"|welche[rsnm]?|was(?= (?:soll|ist|sind|wird|kann|muss|darf|hat|tut|will)))\b",
    re.IGNORECASE,
)
"""“was” also begins English questions; it is the German word only before a German verb."""

NEGATED = re.compile(
    r"\b(not|never|cannot|\w+n[’']t|no(?![.-])|nicht|nie|niemals|keine?[rsnm]?)\b", re.IGNORECASE
)
JOINED = re.compile(r"(\S+) (and|or|und|oder|sowie) (\S+)", re.IGNORECASE)
CONDITION = re.compile(r"\b(if|unless|falls|wenn|sofern)\b", re.IGNORECASE)
SPANNING = re.compile(r"\b(between|both|either|zwischen)\b", re.IGNORECASE)

DEGREES = "direction"
"""The scale that answers how much there should be of something."""


class Doubt(msgspec.Struct, frozen=True):
    """Why a scale can hardly answer a question: the words that show it, and a sentence."""

    words: str
    message: str


def shape_doubts(question: str, scale: str) -> list[Doubt]:
    """Return why a question is hard to answer on a scale, the gravest reason first."""
    doubts = [
        _asks_why(question),
        _is_open(question, scale),
        _joins_two(question),
        _negated(question),
    ]
    return [doubt for doubt in doubts if doubt]


def _asks_why(question: str) -> Doubt | None:
    match = WHY.match(question)
    if not match:
        return None
    message = gettext(
        "“%(word)s” asks for reasons, which no scale holds. Ask whether it should be, or is, so.",
        word=match[1],
    )
    return Doubt(match[1], message)


def _is_open(question: str, scale: str) -> Doubt | None:
    match = OPEN.match(question)
    if not match or scale == DEGREES:
        return None
    message = gettext(
        "“%(word)s” has many answers, and a scale goes from no to yes. Ask about one of them.",
        word=match[1],
    )
    return Doubt(match[1], message)


def _joins_two(question: str) -> Doubt | None:
    if question.count("?") > 1:
        return Doubt("??", gettext("These are two questions. Open a topic for each."))
    joined = next(
        (match for match in JOINED.finditer(question) if _may_join_questions(question, match)), None
    )
    if joined is None:
        return None
    message = gettext(
        "“%(word)s” may join two questions. Could somebody say yes to one and no to the other?",
        word=joined[2],
    )
    return Doubt(joined[2], message)


def _may_join_questions(question: str, joined: re.Match[str]) -> bool:
    """Tell whether a word may join two questions; between names it mostly does not."""
    names = joined[1][:1].isupper() and joined[3][:1].isupper()
    return not names and not SPANNING.search(question[: joined.start(2)])


def _negated(question: str) -> Doubt | None:
    main_clause = CONDITION.split(question, maxsplit=1)[0]
    match = NEGATED.search(main_clause)
    if not match:
        return None
    message = gettext(
        "“%(word)s” turns the answers around: whoever opposes this is for it. Ask without it.",
        word=match[1],
    )
    return Doubt(match[1], message)


LOADED = {
    "de": (
        *("muss", "müssen", "müsste", "müssten", "endlich", "unbedingt", "überfällig*"),
        *("angeblich*", "sogenannt*", "skandalös*", "hässlich*", "unsinnig*"),
        *("wirklich", "noch immer", "immer noch"),
    ),
    "en": (
        *("must", "finally", "at last", "overdue", "so-called", "alleged*", "really"),
        *("scandalous*", "ugly", "absurd*", "disgraceful*", "obvious*"),
    ),
}
"""By language; a star stands for any ending."""

_FOUND = re.compile(
    "|".join(
        rf"\b{re.escape(word.removesuffix('*'))}{'[a-zäöüß]*' if word.endswith('*') else ''}\b"
        for words in LOADED.values()
        for word in words
    ),
    re.IGNORECASE,
)


def loaded_words(question: str) -> list[str]:
    """Return the loaded words of a question, each once."""
    return list(dict.fromkeys(_FOUND.findall(question)))
