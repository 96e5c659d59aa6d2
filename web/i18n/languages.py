"""The languages that the site speaks, and its texts in templates."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from babel import Locale
from flask_babel import Babel
from markupsafe import Markup

from web.i18n.translate import TEXTS, translator

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask


def supported_languages(catalogues: Path) -> dict[str, str]:
    """Return the codes of languages with a catalogue, and of English, which needs none.

    Each has its own name: ``{"en": "English", "de": "Deutsch"}``.
    """
    translated = sorted(it.parents[1].name for it in catalogues.glob("*/LC_MESSAGES/messages.mo"))
    return {code: _own_name(code) for code in ("en", *translated)}


def _own_name(code: str) -> str:
    name = Locale.parse(code).get_display_name() or code
    return name[0].upper() + name[1:]


LANGUAGES = supported_languages(Path(__file__).parents[1] / "translations")


def language_named(code: str) -> str:
    """Return the name of a language in the reader's language, or its code."""
    return str(translator().locale.languages.get(code.partition("-")[0], code))


def register(app: Flask, reader_language: Callable[[], str]) -> None:
    """Translate the site; ``reader_language`` returns the code of the language of an answer."""
    Babel(
        app,
        configure_jinja=False,
        locale_selector=reader_language,
        default_locale="en",
        default_timezone="UTC",
    )
    app.jinja_env.globals.update(_=_text, ngettext=_number, pgettext=_text_in)
    app.jinja_env.filters["figure"] = _figure


def _text(string: str, /, **variables: object) -> Markup:
    """Return a text for a template, with its variables escaped."""
    text = translator().text(string)
    return Markup(text) % variables if variables else _alone(text)  # noqa: S704 - ours


@lru_cache(maxsize=TEXTS)
def _alone(text: str) -> Markup:
    return Markup(text) % {}  # noqa: S704


def _number(singular: str, plural: str, num: int, /, **variables: object) -> Markup:
    text = translator().counted(singular, plural, num)
    return Markup(text) % {"num": num, **variables}  # noqa: S704


def _figure(number: int) -> str:
    """Return a number with grouped digits."""
    return translator().figure(number)


def _text_in(context: str, string: str, /, **variables: object) -> Markup:
    return Markup(translator().text_in(context, string)) % variables  # noqa: S704


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
