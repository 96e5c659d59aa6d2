"""The closed classes of English words."""

from __future__ import annotations

from timeline.capture.tables import table

_WORDS = {
    name: frozenset(words.split()) for name, words in table(__package__, "words.toml").items()
}

DETERMINERS, PREPOSITIONS = _WORDS["determiners"], _WORDS["prepositions"]
SUBJECTS, OBJECTS, QUESTIONS = _WORDS["subjects"], _WORDS["objects"], _WORDS["questions"]
SUBORDINATORS, JOINING = _WORDS["subordinators"], _WORDS["joining"]
AUXILIARIES, HAD, BE = _WORDS["auxiliaries"], _WORDS["had"], _WORDS["be"]
ADVERBS, TIMES, ROLES = _WORDS["adverbs"], _WORDS["times"], _WORDS["roles"]
SHE, HE, BETWEEN_NAMES = _WORDS["she"], _WORDS["he"], _WORDS["between_names"]
FIELDS, BODIES, NO_FIRST_NAMES = _WORDS["fields"], _WORDS["bodies"], _WORDS["no_first_names"]
PLURALS, NOUNS_TOO = _WORDS["plurals"], _WORDS["nouns_too"]
CIRCUMSTANCES, NO_CONTENT = _WORDS["circumstances"], _WORDS["no_content"]
TELLING = _WORDS["telling"]

CLOSED = (
    DETERMINERS
    | PREPOSITIONS
    | SUBJECTS
    | OBJECTS
    | QUESTIONS
    | SUBORDINATORS
    | JOINING
    | AUXILIARIES
    | ADVERBS
)
"""Words that are no nouns even if capitalised at the beginning of a sentence."""


def is_adverb(word: str) -> bool:
    """Tell whether a lower-case word is an adverb, by the list or by its ending."""
    return word in ADVERBS or word.endswith("ly")
