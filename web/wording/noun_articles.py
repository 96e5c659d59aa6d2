"""Names in running text: with the article that a language gives them, in the case that is needed.

Most names of states and people take none, so a name that is not known here stands as it is.
"""

from __future__ import annotations

import re
from typing import Literal, Protocol

from web.i18n.translate import tongue

Case = Literal["nominative", "dative", "accusative"]
Gender = Literal["f", "m", "n", "p"]
"""Grammatical gender, with "p" for names in the plural."""

ARTICLES: dict[Gender, dict[Case, str]] = {
    "f": {"nominative": "die", "dative": "der", "accusative": "die"},
    "m": {"nominative": "der", "dative": "dem", "accusative": "den"},
    "n": {"nominative": "das", "dative": "dem", "accusative": "das"},
    "p": {"nominative": "die", "dative": "den", "accusative": "die"},
}
STRONG: dict[Gender, str] = {"f": "e", "m": "er", "n": "es", "p": "e"}
"""How an adjective ends where no article stands before it: *Europäische Union*."""

NAMES: dict[Gender, str] = {
    "f": "Ukraine Türkei Schweiz Slowakei Mongolei Elfenbeinküste Krim Westsahara Sowjetunion DDR"
    " UdSSR EU NATO Nato UNO Uno OSZE WHO WTO Hamas Hisbollah CDU CSU SPD FDP AfD",
    "m": "Iran Irak Jemen Libanon Sudan Südsudan Niger Tschad Kongo Vatikan Kreml Kremlin"
    " Gazastreifen Kosovo",
    "n": "Baltikum Pentagon",
    "p": "USA Niederlande Netherlands Philippinen Philippines Bahamas Malediven Maldives"
    " Seychellen Seychelles Komoren Comoros Salomonen Marshallinseln UN Taliban Huthi VAE",
}
GENDERS: dict[str, Gender] = {name: g for g, names in NAMES.items() for name in names.split()}
HEADS: dict[Gender, re.Pattern[str]] = {
    "p": re.compile(
        r"^(Vereinigte (Arabische )?(Staaten|Emirate)|Vereinte Nationen"
        r"|United (States|Nations|Arab Emirates))\b"
    ),
    "n": re.compile(
        r"(ministerium|amt|gericht|parlament|kabinett|bündnis|königreich|kingdom|haus|house)$",
        re.IGNORECASE,
    ),
    "f": re.compile(
        r"(republik|republic|union|liga|league|regierung|verwaltung|vertretung|stiftung"
        r"|vereinigung|bewegung|versammlung|partei|kommission|commission|koalition|opposition"
        r"|fraktion|behörde|bank|armee|organisation)$",
        re.IGNORECASE,
    ),
    "m": re.compile(
        r"((?<!k)rat|bund|verband|gerichtshof|bundestag|landtag|senat|kongress|stuhl)$",
        re.IGNORECASE,
    ),
}
"""What the last word of a name tells of its gender."""

ADJECTIVE = re.compile(r"(sch|ig|igt|int|al|ell|lich|oh|eu|roß|eiß|st|iv|är)(e|er|es)$")
WHOLE = re.compile(r"^(Demokratische )?(Bundesr|R)epublik\b")
"""States that are called a republic first, and then by name."""

THE = re.compile(
    r"^(United|Democratic|Federated|Republic of|Ministry of)\b"
    r"|^(Kremlin|White House|Pentagon|Vatican|Netherlands|Philippines|Bahamas|Maldives|Seychelles"
    r"|Comoros|Gambia|Ivory Coast|Holy See|Taliban|USA?|UK|UAE|UN|EU)$"
    r"|\b(Republic|Islands|Kingdom|Federation|Union|Nations|States|Emirates|Commission|Council"
    r"|Ministry|Government|Parliament|Senate|Congress|Court|Committee|Administration)$"
)
SEVERAL = re.compile(r"(Inseln|Islands|Staaten|States|Emirate|Emirates)$")
"""States that are many in name but have no article here."""
CONTRACTED = (("von dem ", "vom "), ("bei dem ", "beim "))


class Named(Protocol):
    """An actor, on record or in a view: a name, and the kind that says how it is used."""

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> str: ...


def named(name: str, kind: str, case: Case = "nominative") -> str:
    """Return a name as it stands in a sentence of the language that is spoken.

    ``kind`` is that of the actor, empty where it is not known.
    """
    if kind == "person":
        return name
    return _german(name, case) if tongue().code == "de" else _english(name)


def called(actor: Named, case: Case = "nominative") -> str:
    """Return what an actor is called in a sentence; templates know it as a filter."""
    return named(actor.name, actor.kind, case)


def number(name: str, kind: str) -> int | None:
    """Return whether a name takes a verb in the singular (1) or the plural (2), where it is known.

    States are called by one name unless it says otherwise; what an organisation, an office or a
    group is called may be either.
    """
    if kind == "person":
        return 1
    gender = _gender(*_parted(name))
    if gender is None:
        return 1 if kind == "state" and not SEVERAL.search(name) else None
    return 2 if gender == "p" else 1


def contracted(text: str) -> str:
    """Draw a preposition and the article after it together, as German does."""
    for whole, short in CONTRACTED:
        if text.startswith(whole):
            return short + text.removeprefix(whole)
    return text


def _english(name: str) -> str:
    if name.startswith("The "):
        return f"the {name.removeprefix('The ')}"
    return f"the {name}" if THE.search(name) else name


def _german(name: str, case: Case) -> str:
    bare, own = _parted(name)
    gender = _gender(bare, own)
    if gender is None:
        return name
    *before, last = bare.split(" ")
    words = [_weak(word, gender, case) for word in before]
    return " ".join([ARTICLES[gender][case], *words, _noun(last, gender, case)])


def _parted(name: str) -> tuple[str, str]:
    """Return a name without the German article that it begins with, and that article."""
    article, _, rest = name.partition(" ")
    own = article.lower() if article.lower() in ("der", "die", "das") and rest else ""
    return (rest, own) if own else (name, "")


def _gender(name: str, article: str) -> Gender | None:
    if known := GENDERS.get(name):
        return known
    if WHOLE.search(name):
        return "f"
    found = next((gender for gender, head in HEADS.items() if head.search(name)), None)
    if found or not article:
        return found
    if article != "die":
        return "m" if article == "der" else "n"
    return "p" if name.endswith(("n", "s")) else "f"


def _weak(word: str, gender: Gender, case: Case) -> str:
    """Return an adjective as it ends after an article; other words stay as they are."""
    strong = STRONG[gender]
    if not word.endswith(strong) or not ADJECTIVE.search(word):
        return word
    plain = case == "nominative" or (case == "accusative" and gender in "fn")
    return word.removesuffix(strong) + ("e" if plain and gender != "p" else "en")


def _noun(word: str, gender: Gender, case: Case) -> str:
    """Return the last word; in the dative a plural ends in -n."""
    if gender == "p" and case == "dative" and word.endswith(("e", "er", "el")):
        return f"{word}n"
    return word
