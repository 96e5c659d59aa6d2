"""Spellings: one key for the many spellings of a name in German, English and Cyrillic."""

# ruff: noqa: RUF001, RUF003 - letters that look like others are the subject of this file

from __future__ import annotations

import difflib
import re
import unicodedata
from typing import TYPE_CHECKING

from text_unidecode import unidecode  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterable

CLOSE = 0.6
"""The least share of common letters that makes a name worth suggesting."""
CLOSER = 0.8
"""The same for names with different first letters: Grönland does not mean Poland."""

_DASH = re.compile("(?<=\\w)[-‐‑–—](?=\\w)")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´", "'"))
_UKRAINIAN = re.compile("[іїєґ]|[сцз]ьк")
_SERBIAN = re.compile("[ђјљњћџ]")
_UNKNOWN = "[?]"
_MARKS = "\"'„“”»«›‹‚‘’([ "
_SILENT = re.compile("['’‘`ʼʹʺ\u00ad]")
_LETTERS = str.maketrans({"ё": "е", "є": "е", "ґ": "g", "ə": "a", "ı": "i"})
_UKRAINIAN_LETTERS = str.maketrans({"г": "h"})
_YE = re.compile("(?<=[аеёиоуыэюяіїє])[еє]")
_SERBIAN_LETTERS = str.maketrans({"ч": "c", "ћ": "c", "ш": "s", "ж": "z", "х": "h", "ц": "c"})

_SOUNDS = {
    # Щ, then Ч and Х, whose spellings overlap (German ch is the one, English ch the other)
    **dict.fromkeys(("schtsch", "shch"), "s"),
    **dict.fromkeys(("tsch", "tch", "tsh", "cz", "ch", "kh"), "h"),
    # Ж, З, С, Ц, Ш: German z is Ц and its s is З, where English has ts and z
    **dict.fromkeys(("sch", "sh", "zh", "sz", "tz", "ts", "z"), "s"),
    **dict.fromkeys(("ck", "q"), "k"),
    **dict.fromkeys(("j", "y"), "i"),
    "ph": "f",
    "th": "t",
    "x": "ks",
    "w": "v",
}
_SOUND = re.compile("|".join(_SOUNDS))
_RULES = (
    (re.compile("c(?=[ei])"), "s"),
    (re.compile("c"), "k"),
    (re.compile("(?<![aeiou])([aou])e"), r"\1"),  # Mueller, Müller and Muller
    (re.compile(r"([a-z])\1+"), r"\1"),
    (re.compile("(?:^|(?<=[aeou]))ie"), "e"),  # Jelzin, Yeltsin and Ельцин
    (re.compile("(?<=..)(?:i?[eo]v|[eo]f)$"), "ov"),  # Gorbatschow and Gorbachev
    (re.compile("(?<=..)i?[eo]va$"), "ova"),
)


def name_key(name: str) -> str:
    """Return a key that the spellings of a name share, in lower-case ASCII.

    The key of a key is itself. Names that sound alike may share one, so use it only to search.
    """
    spoken = _YE.sub("ie", unicodedata.normalize("NFC", name).casefold())
    tokens = re.findall("[a-z0-9]+", romanise(spoken))
    return " ".join(_folded(token) for token in tokens)


def comparable_name(name: str) -> str:
    """Return a name for comparison: in lower case, with its letters unchanged.

    It ignores spaces, dashes between letters, and the shape of apostrophes.
    """
    lower = unicodedata.normalize("NFC", name).lower().translate(_APOSTROPHES)
    return " ".join(_DASH.sub(" ", lower).split())


def sorting_key(words: str) -> str:
    """Return words as an alphabet sorts them: without case, diacritics and marks before them.

    So Österreich stands among O, as DIN 5007 wants it, and a quotation by its first word.
    """
    return without_accents(words.casefold()).lstrip(_MARKS)


def without_accents(text: str) -> str:
    """Return a text without diacritics: ä becomes a."""
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part))


def romanise(name: str) -> str:
    """Transliterate a name of any known script to lower-case ASCII."""
    lower = unicodedata.normalize("NFC", name).casefold()
    if _UKRAINIAN.search(lower):
        lower = lower.translate(_UKRAINIAN_LETTERS)
    if _SERBIAN.search(lower):
        lower = lower.translate(_SERBIAN_LETTERS)
    ascii_ = str(unidecode(_SILENT.sub("", lower.translate(_LETTERS))))
    return _SILENT.sub("", ascii_.replace(_UNKNOWN, " ")).casefold()


def nearest(name: str, candidates: Iterable[str], n: int = 3) -> list[str]:
    """Return up to ``n`` candidates that are similar to a name, most similar first."""
    key = name_key(name)
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(key)
    scored = []
    for candidate in candidates:
        score = _likeness(matcher, key, name_key(candidate))
        if score >= CLOSE:
            scored.append((-score, candidate))
    return [candidate for _, candidate in sorted(set(scored))[:n]]


def _folded(token: str) -> str:
    while (folded := _fold(token)) != token:
        token = folded
    return token


def _fold(token: str) -> str:
    token = _SOUND.sub(lambda match: _SOUNDS[match[0]], token)
    for pattern, replacement in _RULES:
        token = pattern.sub(replacement, token)
    return token


def _likeness(matcher: difflib.SequenceMatcher[str], typed: str, key: str) -> float:
    if typed and (f" {typed} " in f" {key} " or f" {key} " in f" {typed} ") and key:
        return 1 if typed == key else 0.95
    least = CLOSE if typed[:1] == key[:1] else CLOSER
    matcher.set_seq1(key)
    if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
        return 0
    return ratio if (ratio := matcher.ratio()) >= least else 0
