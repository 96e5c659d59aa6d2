"""The language of an answer: determined once, then used thousands of times."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from babel import Locale
from babel.numbers import format_decimal
from babel.support import NullTranslations
from flask import appcontext_popped, appcontext_pushed, has_app_context
from flask_babel import force_locale, get_locale, get_translations
from flask_babel.speaklater import LazyString

if TYPE_CHECKING:
    from collections.abc import Iterator

ENGLISH = Locale("en")
NO_CATALOGUE = NullTranslations()

TEXTS = 4_096
"""The most texts of a language that are cached."""

NUMBER = "%(num)d"
"""The placeholder of a number in a text."""


class Translator:
    """Translates into one language: ``code`` is its own, ``dates`` the locale of its dates.

    ``text`` and the like take texts without variables, and are cached;
    ``figure`` groups the digits of a number: "12,345", in German "12.345". English dates are
    British: day before month.
    """

    def __init__(self, locale: Locale, catalogue: NullTranslations) -> None:
        self.locale, self.code = locale, str(locale)
        self.dates = "en_GB" if self.code == "en" else self.code
        remember = lru_cache(maxsize=TEXTS)
        self.text, self.number = remember(catalogue.ugettext), remember(catalogue.ungettext)
        self.text_in = remember(catalogue.upgettext)
        self.number_in = remember(catalogue.unpgettext)
        self.figure = remember(partial(format_decimal, locale=self.dates))

    def gettext(self, string: str, /, **variables: Any) -> str:  # noqa: ANN401 - of any type
        """Return a text with its variables filled in."""
        text = self.text(string)
        return text % variables if variables else text

    def ngettext(self, singular: str, plural: str, num: int, /, **variables: Any) -> str:  # noqa: ANN401
        """Return a text for a number, which it may name as ``num``."""
        return self.counted(singular, plural, num) % {"num": num, **variables}

    def pgettext(self, context: str, string: str, /, **variables: Any) -> str:  # noqa: ANN401
        """Return a text of a context."""
        text = self.text_in(context, string)
        return text % variables if variables else text

    def npgettext(
        self,
        context: str,
        singular: str,
        plural: str,
        num: int,
        /,
        **variables: Any,  # noqa: ANN401
    ) -> str:
        """Return a text of a context for a number."""
        text = self.number_in(context, singular, plural, num)
        return self._with_figure(text, num) % {"num": num, **variables}

    def counted(self, singular: str, plural: str, num: int) -> str:
        """Return a text for a number with that number in it, but its variables not filled in."""
        return self._with_figure(self.number(singular, plural, num), num)

    def _with_figure(self, text: str, num: int) -> str:
        return text.replace(NUMBER, self.figure(num))


_known = lru_cache(maxsize=64)(Translator)


_spoken: ContextVar[Translator | None] = ContextVar("spoken", default=None)


def translator() -> Translator:
    """Return the translator of the answer's language; English outside of a request."""
    return _spoken.get() or _settled()


def _settled() -> Translator:
    if not has_app_context():
        return _known(ENGLISH, NO_CATALOGUE)
    translator = _known(get_locale() or ENGLISH, get_translations())
    _spoken.set(translator)
    return translator


def _unsettle(_app: object, **_: object) -> None:
    _spoken.set(None)


appcontext_pushed.connect(_unsettle)
appcontext_popped.connect(_unsettle)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Use another language within a block."""
    with force_locale(code):
        _spoken.set(None)
        try:
            yield
        finally:
            _spoken.set(None)


def gettext(string: str, /, **variables: Any) -> str:  # noqa: ANN401
    """Return a text in the language of the answer: `Translator.gettext`."""
    return translator().gettext(string, **variables)


def ngettext(singular: str, plural: str, num: int, /, **variables: Any) -> str:  # noqa: ANN401
    """Return a text for a number in the language of the answer: `Translator.ngettext`."""
    return translator().ngettext(singular, plural, num, **variables)


def pgettext(context: str, string: str, /, **variables: Any) -> str:  # noqa: ANN401
    """Return a text of a context in the language of the answer: `Translator.pgettext`."""
    return translator().pgettext(context, string, **variables)


def npgettext(
    context: str,
    singular: str,
    plural: str,
    num: int,
    /,
    **variables: Any,  # noqa: ANN401
) -> str:
    """Return a text of a context for a number: `Translator.npgettext`."""
    return translator().npgettext(context, singular, plural, num, **variables)


def lazy_gettext(string: str, /, **variables: Any) -> LazyString:  # noqa: ANN401
    """Return a text that is translated when it is read."""
    return LazyString(gettext, string, **variables)


def lazy_pgettext(context: str, string: str, /, **variables: Any) -> LazyString:  # noqa: ANN401
    """Return a text of a context that is translated when it is read."""
    return LazyString(pgettext, context, string, **variables)
