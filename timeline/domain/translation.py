"""Translations of our own texts: names, questions, titles and paraphrases.

A translation belongs to one original text. When that text changes, the translation no longer fits
and is not shown; nobody has to withdraw it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from timeline.domain.aggregate import Aggregate, command
from timeline.domain.errors import Refused
from timeline.domain.event import Byline, Content, Event
from timeline.domain.messages import InQuotes, Message

if TYPE_CHECKING:
    from collections.abc import Mapping

NOT_TRANSLATABLE = Message(
    "not_translatable",
    "%(name)s holds no words that could be translated",
    fix="use one of: %(choices)s",
)
TRANSLATION_EMPTY = Message(
    "translation_empty",
    "the translation of %(name)s is empty",
    fix="leave it out, or translate it",
)
NOT_A_LANGUAGE = Message(
    "not_a_language", "%(language)s is no language", fix="give its tag, such as de or pt-BR"
)

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
"""A language tag as BCP 47 writes it (RFC 5646)."""


class Translation(Content, frozen=True):
    """``words`` holds translated texts by original; ``by`` names the translator."""

    words: dict[str, str]
    by: str = ""


class Translated(Event, frozen=True):
    """Somebody translated texts of this stream into the language ``lang``."""

    lang: str
    content: Translation | None = None


class Translatable(Aggregate):
    """Base of all with texts of ours: story, topic, actor, statement and development."""

    TRANSLATED: ClassVar[type[Translated]]

    def __init__(self) -> None:
        super().__init__()
        self.translations: dict[tuple[str, str], str] = {}

    def texts(self) -> dict[str, str]:
        """Return the current texts that can be translated, by field.

        A field with several texts has the original after a colon: ``role:President``.
        """
        raise NotImplementedError

    @command
    def translate(
        self, byline: Byline, lang: str, words: Mapping[str, str], translated_by: str = ""
    ) -> None:
        """Translate texts; ``words`` are by field, as `texts` names them.

        Known translations are left out. Raises `Refused` for an invalid language, a field without
        text, and an empty translation.
        """
        check_language(lang)
        fresh = {
            original: text
            for original, text in self._by_original(words).items()
            if self.translations.get((lang, original)) != text
        }
        if fresh:
            content = Translation(words=fresh, by=translated_by)
            self._record(self.TRANSLATED, byline, lang=lang, content=content)

    def _by_original(self, words: Mapping[str, str]) -> dict[str, str]:
        texts = self.texts()
        translations: dict[str, str] = {}
        for field, text in words.items():
            if not texts.get(field):
                names = (name.partition(":")[0] for name, words in texts.items() if words)
                choices = ", ".join(dict.fromkeys(names))
                raise Refused(
                    NOT_TRANSLATABLE, field="translations", name=InQuotes(field), choices=choices
                )
            if not text.strip():
                raise Refused(TRANSLATION_EMPTY, field="translations", name=InQuotes(field))
            translations[texts[field]] = text.strip()
        return translations

    def _apply(self, event: Event) -> None:
        if isinstance(event, Translated) and event.content:
            for original, text in event.content.words.items():
                self.translations[event.lang, original] = text


def check_language(lang: str) -> None:
    """Raise `Refused` unless it is a language tag, such as ``de``."""
    if not LANGUAGE.fullmatch(lang):
        raise Refused(NOT_A_LANGUAGE, field="lang", language=InQuotes(lang))
