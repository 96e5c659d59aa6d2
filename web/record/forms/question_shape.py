"""Hints for questions that a scale can hardly answer, by their form; they refuse nothing."""

from __future__ import annotations

import re

import msgspec

from web.i18n.translate import gettext

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
