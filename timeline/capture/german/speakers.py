"""Who a German noun phrase names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.capture.finding import Gender, Speaker
from timeline.capture.german.nouns import is_role
from timeline.capture.german.words import ARTICLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.capture.german.nouns import Phrase
    from timeline.capture.reading.tokens import Token

_HE, _SHE = ("herr", "herrn"), ("frau", "in")
_OF_EITHER = ("mitglied", "opfer", "vize", "mission")


def speaker_of(text: str, tokens: Sequence[Token], phrase: Phrase) -> Speaker:
    """Return whom a phrase names: a person without the role before the name, or all of it."""
    core = tokens[slice(*phrase.core)]
    named = _behind_roles(core, has_determiner=bool(phrase.determiner))
    role = core[named - 1].low if named else ""
    gender = _gender(role, phrase.determiner)
    may_be_name = named > 0 or (not phrase.determiner and len(core) > 1)
    if named < len(core) and may_be_name:
        return Speaker(_words(text, core[named:]), is_person=True, role=role, gender=gender)
    return Speaker(_whole(text, tokens, phrase), role=role, gender=gender)


def _behind_roles(core: Sequence[Token], *, has_determiner: bool) -> int:
    """Return the place behind the last word that is a role, which a surname alone is not."""
    last = max((place for place, token in enumerate(core) if is_role(token)), default=-1)
    is_surname = last == len(core) - 1 > 0 and not has_determiner and not is_role(core[0])
    return 0 if is_surname else last + 1


def _whole(text: str, tokens: Sequence[Token], phrase: Phrase) -> str:
    """Return a phrase, without an article that stands right before its noun."""
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
