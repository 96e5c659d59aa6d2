"""Names in sentences: their articles, cases and numbers.

States and bodies that need an article in a language are listed here. All other names, and those of
people, stay as recorded, in the singular.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
from babel.lists import format_list

from web.i18n.translate import gettext, pgettext, translator

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Protocol

    class Named(Protocol):
        """An actor as a sentence needs it."""

        @property
        def name(self) -> str: ...

        @property
        def kind(self) -> str: ...


ONE, SEVERAL = 1, 2


class Noun(msgspec.Struct, frozen=True):
    """A name as the subject of a sentence, and behind "for"; ``number`` is that of its verb."""

    subject: str
    for_whom: str
    number: int = ONE


ENGLISH = frozenset(
    {
        *("United States", "United States of America", "United Kingdom", "United Nations"),
        *("United Arab Emirates", "Netherlands", "Philippines", "Bahamas", "Gambia", "Maldives"),
        *("Czech Republic", "Dominican Republic", "Central African Republic", "Holy See"),
        *("Democratic Republic of the Congo", "Soviet Union", "Comoros", "Seychelles"),
        *("Marshall Islands", "Solomon Islands", "European Union", "European Commission"),
        *("European Council", "European Parliament", "Kremlin", "White House", "Bundestag"),
        *("Federal Open Market Committee", "Security Council", "Coalition of the Willing"),
        *("NATO allies", "Turkish Defence Ministry"),
    }
)
"""Names that take "the"."""

ENGLISH_PLURAL = frozenset({"NATO allies", "EU officials (unnamed)", "US officials (unnamed)"})

GERMAN = {
    "Demokratische Republik Kongo": "die Demokratische Republik Kongo",
    "Dominikanische Republik": "die Dominikanische Republik",
    "Elfenbeinküste": "die Elfenbeinküste",
    "Europäische Kommission": "die Europäische Kommission",
    "Europäische Union": "die Europäische Union",
    "Europäischer Rat": "der Europäische Rat",
    "Europäisches Parlament": "das Europäische Parlament",
    "Irak": "der Irak",
    "Iran": "der Iran",
    "Jemen": "der Jemen",
    "Koalition der Willigen": "die Koalition der Willigen",
    "Kreml": "der Kreml",
    "Libanon": "der Libanon",
    "Mongolei": "die Mongolei",
    "NATO": "die NATO",
    "NATO-Verbündete": "die NATO-Verbündeten",
    "Niederlande": "die Niederlande",
    "Offenmarktausschuss der Federal Reserve": "der Offenmarktausschuss der Federal Reserve",
    "Philippinen": "die Philippinen",
    "Republik Moldau": "die Republik Moldau",
    "Schweiz": "die Schweiz",
    "Slowakei": "die Slowakei",
    "Sowjetunion": "die Sowjetunion",
    "Sudan": "der Sudan",
    "Tschechische Republik": "die Tschechische Republik",
    "Türkei": "die Türkei",
    "Türkisches Verteidigungsministerium": "das türkische Verteidigungsministerium",
    "USA": "die USA",
    "Ukraine": "die Ukraine",
    "Vatikan": "der Vatikan",
    "Vereinigte Arabische Emirate": "die Vereinigten Arabischen Emirate",
    "Vereinigte Staaten": "die Vereinigten Staaten",
    "Vereinigte Staaten von Amerika": "die Vereinigten Staaten von Amerika",
    "Vereinigtes Königreich": "das Vereinigte Königreich",
    "Vereinte Nationen": "die Vereinten Nationen",
    "Zentralafrikanische Republik": "die Zentralafrikanische Republik",
}
"""Names with their article, as a subject."""

GERMAN_PLURAL = frozenset(
    {
        *("NATO-Verbündete", "Niederlande", "Philippinen", "USA", "Vereinigte Arabische Emirate"),
        *("US-Regierungsvertreter (ungenannt)", "Vereinigte Staaten"),
        *("Vereinigte Staaten von Amerika", "Vereinte Nationen"),
    }
)

ACCUSATIVE = {
    "der Europäische Rat": "den Europäischen Rat",
    "der Irak": "den Irak",
    "der Iran": "den Iran",
    "der Jemen": "den Jemen",
    "der Kreml": "den Kreml",
    "der Libanon": "den Libanon",
    "der Offenmarktausschuss der Federal Reserve": "den Offenmarktausschuss der Federal Reserve",
    "der Sudan": "den Sudan",
    "der Vatikan": "den Vatikan",
}
"""The accusative of masculine names, after "für"."""


def noun(actor: Named) -> Noun:
    """Return how the language of the answer uses the name of an actor."""
    name, is_german = actor.name, translator().code.startswith("de")
    if actor.kind == "person":
        return Noun(name, name)
    if actor.kind == "unnamed" and (unnamed := _unnamed(name, is_german=is_german)):
        return unnamed
    if is_german:
        subject = GERMAN.get(name, name)
        number = SEVERAL if name in GERMAN_PLURAL else ONE
        return Noun(subject, ACCUSATIVE.get(subject, subject), number)
    called = f"the {name}" if name in ENGLISH else name
    return Noun(called, called, SEVERAL if name in ENGLISH_PLURAL else ONE)


def before_verb(actor: Named) -> str:
    """Return a name before a verb: "the United States"; German has a colon there, no article."""
    return actor.name if translator().code.startswith("de") else noun(actor).subject


def has_plural_verb(actor: Named) -> bool:
    """Tell whether a verb of today after a name is in the plural; German has a colon, no verb."""
    return noun(actor).number > ONE and not translator().code.startswith("de")


UNNAMED = re.compile(r"(?P<role>\w+) (?P<whose>.+?)( \((unnamed|ungenannt)\))?")

ENGLISH_ROLES = frozenset({"Spokesman", "Spokesperson", "Spokeswoman"})
GERMAN_ROLES = {
    "Sprecher": ("ein Sprecher", "einen Sprecher"),
    "Sprecherin": ("eine Sprecherin", "eine Sprecherin"),
}


def _unnamed(name: str, *, is_german: bool) -> Noun | None:
    """Return somebody unnamed who is called by a role: "a spokesman for the ministry"."""
    found = UNNAMED.fullmatch(name)
    role, whose = found.group("role", "whose") if found else ("", "")
    if is_german and role in GERMAN_ROLES:
        subject, accusative = GERMAN_ROLES[role]
        return Noun(f"{subject} {whose}", f"{accusative} {whose}")
    if not is_german and role in ENGLISH_ROLES:
        called = f"a {role.lower()} {whose}"
        return Noun(called, called)
    return None


def listed(words: Iterable[str]) -> str:
    """Return words as a list in a sentence: "Aland, Bland and Cland"."""
    return str(format_list([*words], locale=translator().dates))


def capitalised(words: str) -> str:
    """Return a text with a capital letter at its beginning."""
    return words[:1].upper() + words[1:]


def behind_comma(words: str) -> str:
    """Return a clause after an opening; German has a colon there, and a capital after it."""
    return capitalised(words) if translator().code.startswith("de") else words


def times(number: int) -> str:
    """Return how often something was: "twice", "eleven times", "13 times"."""
    if number == 2:  # noqa: PLR2004 - English has a word for it
        return gettext("twice")
    word = in_words(number)
    if word.isdecimal():
        return gettext("%(digits)s times", digits=word)
    return gettext("%(number)s times", number=word)


def in_words(number: int) -> str:
    """Return a small number as a word for a sentence: "three"; 13 stays 13."""
    words = (
        pgettext("number", "none"),
        pgettext("number", "one"),
        pgettext("number", "two"),
        pgettext("number", "three"),
        pgettext("number", "four"),
        pgettext("number", "five"),
        pgettext("number", "six"),
        pgettext("number", "seven"),
        pgettext("number", "eight"),
        pgettext("number", "nine"),
        pgettext("number", "ten"),
        pgettext("number", "eleven"),
        pgettext("number", "twelve"),
    )
    return words[number] if 0 <= number < len(words) else str(number)
