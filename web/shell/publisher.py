"""The publisher of the site: contact, corrections policy, language and credit."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import msgspec
from flask import current_app

from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import InQuotes, Message
from timeline.domain.text import clean, clean_url
from web.i18n.translate import gettext, translator

if TYPE_CHECKING:
    from pathlib import Path

PUBLISHER_NOT_READABLE = Message(
    "publisher_not_readable", "cannot read %(path)s: %(why)s", fix="name a file that is there"
)
PUBLISHER_NOT_TOML = Message(
    "publisher_not_toml", "%(path)s is no TOML: %(why)s", fix="correct it; see docs/serving.md"
)
PUBLISHER_ENTRY_UNKNOWN = Message(
    "publisher_entry_unknown", "%(path)s has an unknown entry %(name)s", fix="use %(choices)s"
)
PUBLISHER_TEXTS_MALFORMED = Message(
    "publisher_texts_malformed",
    "[corrections] of %(path)s holds something else than texts",
    fix='write en = """…""" and de = """…"""',
)
PUBLISHER_LANGUAGE_UNKNOWN = Message(
    "publisher_language_unknown", "%(language)s is no language", fix='write it like language = "en"'
)

FIELDS = ("contact", "corrections", "credit", "language")
TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
"""A language tag (BCP 47)."""


class Publisher(msgspec.Struct, frozen=True):
    """Who runs the site; ``contact`` is an e-mail or web address.

    ``policy`` has the corrections policy by language. ``credit`` stands below pictures: whom to
    name, under which licence. ``language`` is that of questions, titles, paraphrases and
    translations on record.
    """

    contact: str = ""
    policy: dict[str, str] = {}
    language: str = "en"
    credit: str = ""

    @property
    def contact_href(self) -> str:
        """The link of the contact, empty if it is plain text."""
        if self.contact.startswith(("https://", "http://")):
            return self.contact
        return f"mailto:{self.contact}" if "@" in self.contact else ""


def publisher() -> Publisher:
    """Return the publisher of this site."""
    configured: Publisher = current_app.config["PUBLISHER"]
    return configured


def policy() -> list[str]:
    """Return the paragraphs of the policy in the reader's language, or the default ones."""
    texts = publisher().policy
    lang = translator().code
    text = texts.get(lang) or next(iter(texts.values()), "")
    return [part.strip() for part in text.split("\n\n") if part.strip()] or _default()


def read_publisher(path: Path) -> Publisher:
    """Read a TOML file with the `FIELDS`; ``[corrections]`` has a text for each language.

    Raises `StandlineError` if the file is missing or invalid.
    """
    try:
        settings = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise StandlineError(
            PUBLISHER_NOT_READABLE, field="--publisher", path=path, why=error.strerror
        ) from None
    except ValueError as error:
        raise StandlineError(
            PUBLISHER_NOT_TOML, field="--publisher", path=path, why=error
        ) from None
    if stray := next((name for name in settings if name not in FIELDS), None):
        raise Refused(
            PUBLISHER_ENTRY_UNKNOWN,
            field="--publisher",
            path=path,
            name=InQuotes(stray),
            choices=" and ".join(FIELDS),
        )
    texts = settings.get("corrections", {})
    if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
        raise Refused(PUBLISHER_TEXTS_MALFORMED, field="--publisher", path=path)
    language = str(settings.get("language", "en"))
    if not TAG.fullmatch(language):
        raise Refused(PUBLISHER_LANGUAGE_UNKNOWN, field="--publisher", language=InQuotes(language))
    return Publisher(
        _contact(str(settings.get("contact", ""))),
        {lang: clean(text, "corrections") for lang, text in texts.items()},
        language,
        clean(str(settings.get("credit", "")).strip(), "credit", 200),
    )


def _contact(text: str) -> str:
    return clean_url(text) if "://" in text else clean(text.strip(), "contact", 200)


def _default() -> list[str]:
    return [
        gettext(
            "What we recorded wrongly we correct, and say what it was, what it is now and why."
            " The earlier version stays readable and citable, unless words are withheld or the law"
            " demands their erasure."
        ),
        gettext(
            "A correction is material if it changes who said what, when, or where somebody stands."
            " It heads its topic’s page for 30 days. Spelling and the like is marked as clerical."
        ),
        gettext(
            "A record that should not stand is retracted, with the reason; it no longer counts, and"
            " stays on its page, struck through."
        ),
        gettext(
            "Whoever is on record may reply. The reply stands unedited and dated beside the"
            " statement. When somebody takes their own words back, that is a new statement and no"
            " correction."
        ),
    ]
