"""Find the speaker that a German noun phrase names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from timeline.capture.finding import Gender, Speaker
from timeline.capture.first_names import gender_of, is_first_name
from timeline.capture.german.nouns import is_noun, is_role, speaks
from timeline.capture.german.words import ARTICLES, BETWEEN_NAMES, NO_NAMES
from timeline.capture.places import is_place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.capture.german.nouns import Phrase
    from timeline.capture.reading.tokens import Token

_MANY = frozenset({"mehrere", "viele", "vielen", "zahlreiche", "manche"})
_HE, _SHE = ("herr", "herrn"), ("frau", "in")
_ABSTRACT = re.compile(r"\w{3}(?:ung|heit|keit|schaft|tion|tät|nisse?|ismus)(?:en)?$")
_ADJECTIVE = re.compile(r"(?:isch|lich|ig|bar|sam|haft|end|tional|tral|ativ)(?:e|en|er|es|em)$")
_GENDERS: dict[str, Gender] = {"der": "he", "die": "she", "eine": "she", "ein": "he"}
_OF_EITHER = ("mitglied", "opfer", "vize", "mission")


def speaker_of(text: str, tokens: Sequence[Token], phrase: Phrase) -> Speaker:
    """Return the speaker of a phrase: a person without the role, or the whole phrase."""
    core = tokens[slice(*phrase.core)]
    first = _first_name(core)
    start = _behind_roles(core, has_determiner=bool(phrase.determiner)) if first is None else first
    role = core[start - 1].low if start else ""
    gender = _gender(role, phrase.determiner)
    if first is not None:
        gender = gender_of(core[first].text) or gender
        return Speaker(_words(text, core[start:]), is_person=True, role=role, gender=gender)
    name = core[start:]
    may_be_name = start > 0 or _may_be_name(name, has_determiner=bool(phrase.determiner))
    if name and may_be_name and not any(map(_names_nobody, name)):
        return Speaker(_words(text, name), is_person=True, role=role, gender=gender)
    words = _phrase_text(text, tokens, phrase)
    is_named = phrase.first == phrase.core[0] and not any(map(_is_common, core))
    is_somebody = is_named or len(core) > 1 or speaks(core)
    is_thing = not is_somebody or phrase.determiner in _MANY
    gender = gender or _GENDERS.get(phrase.determiner, "")
    return Speaker(words, role=role, gender=gender, is_thing=is_thing)


def _first_name(core: Sequence[Token]) -> int | None:
    """Return the place of a first name that is followed by another part of the name."""
    for at, token in enumerate(core[:-1]):
        if is_first_name(token.text):
            behind = core[at + 1]
            is_name = behind.low in BETWEEN_NAMES or (is_noun(behind) and not _names_nobody(behind))
            return at if is_name else None
    return None


def _may_be_name(core: Sequence[Token], *, has_determiner: bool) -> bool:
    """Tell whether words are a name without a role or a known first name."""
    return len(core) > 1 and not has_determiner and not any(map(_is_common, core[:-1]))


def _is_common(token: Token) -> bool:
    return _names_nobody(token) or _ADJECTIVE.search(token.low) is not None


def _names_nobody(token: Token) -> bool:
    """Tell whether a capitalised word is a place or a common noun."""
    is_noun = token.low in NO_NAMES or _ABSTRACT.search(token.low) is not None
    return is_noun or is_place(token.text, "de")


def _behind_roles(core: Sequence[Token], *, has_determiner: bool) -> int:
    """Return the place after the last role; a surname alone is no role."""
    last = max((place for place, token in enumerate(core) if is_role(token)), default=-1)
    is_surname = last == len(core) - 1 > 0 and not has_determiner and not is_role(core[0])
    return 0 if is_surname else last + 1


def _phrase_text(text: str, tokens: Sequence[Token], phrase: Phrase) -> str:
    """Return the text of a phrase, without an article directly before its noun."""
    has_article = phrase.determiner in ARTICLES and phrase.core[0] == phrase.first + 1
    return _words(text, tokens[phrase.first + has_article : phrase.last])


def _words(text: str, tokens: Sequence[Token]) -> str:
    return " ".join(text[tokens[0].start : tokens[-1].end].split())


def _gender(role: str, determiner: str) -> Gender:
    if not role or role.endswith(_OF_EITHER):
        return ""
    if role.endswith(_SHE) or (role.endswith("e") and determiner == "die"):
        return "she"
    return "" if role.endswith("e") and determiner != "der" else "he"
