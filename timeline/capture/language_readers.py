"""The reader of each language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timeline.capture.english.reader import EnglishReader
from timeline.capture.german.reader import GermanReader

if TYPE_CHECKING:
    from timeline.capture.finding import Reader

READERS: dict[str, type[Reader]] = {"de": GermanReader, "en": EnglishReader}
