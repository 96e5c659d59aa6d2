"""The closed classes of German words, and the forms of indirect speech."""

from __future__ import annotations

from timeline.capture.tables import table, word_list

_WORDS = {
    name: frozenset(words.split()) for name, words in table(__package__, "words.toml").items()
}

DETERMINERS, OBLIQUE = _WORDS["determiners"], _WORDS["oblique"]
PREPOSITIONS, SUBJECTS = _WORDS["prepositions"], _WORDS["subjects"]
RELATIVES, QUESTIONS = _WORDS["relatives"], _WORDS["questions"]
SUBORDINATORS, JOINING = _WORDS["subordinators"], _WORDS["joining"]
HAD, BECAME, WAS, MODALS = _WORDS["had"], _WORDS["became"], _WORDS["was"], _WORDS["modals"]
ADVERBS, GRADES, PARTICLES = _WORDS["adverbs"], _WORDS["grades"], _WORDS["particles"]
TIMES, REFLEXIVES, BETWEEN_NAMES = _WORDS["times"], _WORDS["reflexives"], _WORDS["between_names"]
ROLES, WRITINGS, SOURCES = _WORDS["roles"], _WORDS["writings"], _WORDS["sources"]
ARTICLES, OWN, SAME = _WORDS["articles"], _WORDS["own"], _WORDS["same"]
BODIES = tuple(_WORDS["bodies"])
SOURCE_ENDINGS = tuple(_WORDS["source_endings"])
NOBODY, LAWS, TOLL = _WORDS["nobody"], _WORDS["laws"], _WORDS["toll"]
WHOM, NO_NAMES = _WORDS["whom"], _WORDS["no_names"] | _WORDS["times"]

AUXILIARIES = HAD | BECAME | WAS | MODALS
CLOSED = (
    DETERMINERS
    | OBLIQUE
    | PREPOSITIONS
    | SUBJECTS
    | RELATIVES
    | QUESTIONS
    | SUBORDINATORS
    | JOINING
    | AUXILIARIES
    | ADVERBS
    | REFLEXIVES
)
"""Words that are no nouns even if capitalised at the beginning of a sentence."""

_ALWAYS_FIRST, _SECOND = _WORDS["first_subjunctive"], _WORDS["second_subjunctive"]
_INFINITIVES = word_list(__package__, "subjunctive.txt")
_FIRST = (
    _ALWAYS_FIRST
    | {infinitive.removesuffix("n").removesuffix("e") + "e" for infinitive in _INFINITIVES} - CLOSED
)


def first_subjunctive(word: str) -> bool:
    """Tell whether a lower-case word is a form such as "sei", "habe", "komme"."""
    return word in _FIRST


def second_subjunctive(word: str) -> bool:
    """Tell whether a lower-case word is a form such as "wäre", "hätten", "käme"."""
    return word in _SECOND
