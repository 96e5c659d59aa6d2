"""First names and their genders."""

from __future__ import annotations

from functools import cache

from timeline.capture.finding import Gender
from timeline.capture.tables import table

_GENDERS: dict[str, Gender] = {"he": "he", "she": "she", "either": ""}


def is_first_name(word: str) -> bool:
    """Tell whether a word is a known first name; of "Hans-Peter" only the first part counts."""
    return _first(word) in _first_names()


def gender_of(word: str) -> Gender:
    """Return the gender of a first name; empty if it is unknown or both."""
    return _first_names().get(_first(word), "")


def _first(word: str) -> str:
    return word.partition("-")[0]


@cache
def _first_names() -> dict[str, Gender]:
    return {
        name: _GENDERS[kind]
        for kind, names in table(__package__, "first_names.toml").items()
        for name in names.split()
    }
