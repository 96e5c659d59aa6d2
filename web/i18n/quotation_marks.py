"""The quotation marks of each language."""

from __future__ import annotations

from web.i18n.translate import translator

MARKS = {
    "de": ("„", "“"),
    "en": ("“", "”"),
    "fr": ("« ", " »"),
    "ru": ("«", "»"),
    "uk": ("«", "»"),
    "pl": ("„", "”"),
    "it": ("«", "»"),
    "es": ("«", "»"),
}
RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")


def quoted(text: str, lang: str) -> str:
    """Return verbatim words between the quotation marks of their language.

    If that is unknown, use those of the reader's language.
    """
    known = lang.partition("-")[0] or translator().code.partition("_")[0]
    begin, end = MARKS.get(known, MARKS["en"])
    return f"{begin}{text}{end}"


def direction(lang: str) -> str:
    """Return the direction in which a language is written."""
    return "rtl" if lang.partition("-")[0] in RIGHT_TO_LEFT else "ltr"
