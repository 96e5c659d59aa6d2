"""Texts of forms that are more than one line of ours: verbatim words, and lists with one a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timeline.application.texts import text
from timeline.domain.fields import LIMITS
from timeline.domain.text import clean
from web.i18n.translate import lazy_gettext
from web.record.fields.inputs import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

WHY = lazy_gettext("Say why. The reason stays on record.")


class Verbatim(Words):
    """Verbatim words, kept to the letter; ``limit`` names a field with the same limit."""

    limit = ""

    def read(self, value: str, name: str, data: Mapping[str, Any]) -> str:
        """Return the text as it will be kept; raises `Refused`."""
        del data
        return clean(value, name, LIMITS[self.limit or name]) if value.strip() else ""


class SourceText(Verbatim):
    """The pasted text of the source."""

    limit = "snapshot"


class Lines(Words):
    """Texts, one a line; ``limit`` names a field with the limit of each."""

    limit = ""

    def read(self, value: str, name: str, data: Mapping[str, Any]) -> str:
        """Return the lines that say something; raises `Refused`."""
        del data
        lines = (text(line, self.limit or name) for line in value.splitlines())
        return "\n".join(filter(None, lines))


class Aliases(Lines):
    """Other spellings of a name, one a line."""

    limit = "alias"
