"""The reader's language: chosen by the browser, switched by a wish, never guessed twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import Babel

from web.wishes import wish

if TYPE_CHECKING:
    from flask import Flask

LANGUAGES = ("en", "de")


def register(app: Flask) -> None:
    """Translate the site and let templates know the language they speak."""
    Babel(app, locale_selector=reader_language, default_locale="en", default_timezone="UTC")


def reader_language() -> str:
    """Return the language that is wished for, else the browser's best, else English."""
    chosen = wish("lang")
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(LANGUAGES) or "en"
