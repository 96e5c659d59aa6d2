"""What language models suggest beside the rules: asked for in the background, once for a section.

Nothing is asked unless the operator named a suggester (``standline serve --suggest-with``). No page
waits for an answer: it comes with the next page of the text.
"""

from __future__ import annotations

import hashlib
import threading
import time
from typing import TYPE_CHECKING, Literal

import msgspec
from cachetools import LRUCache

from timeline.capture.suggesters import suggester
from timeline.domain.errors import StandlineError
from web.shell.errors import describe
from web.shell.request import kept_by_site, this_request

if TYPE_CHECKING:
    from timeline.capture.suggestion import Article, Suggestion

AT_ONCE = 4
"""Sections that are asked about at once; others are asked about when they are looked at again."""

KEPT = 100
"""Answers that are kept."""

AGAIN = 60.0
"""Seconds after which a suggester that failed is asked again."""


class Beside(msgspec.Struct, frozen=True):
    """What a suggester says of a section; ``trouble`` says in words why it says nothing."""

    name: str
    state: Literal["asked", "answered", "failed"] = "asked"
    suggestions: tuple[Suggestion, ...] = ()
    trouble: str = ""
    error: StandlineError | None = None
    at: float = 0.0


class Background:
    """Asks suggesters and keeps their answers for as long as the site runs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: LRUCache[tuple[str, bytes], Beside] = LRUCache(KEPT)
        self._asking = 0

    def told(self, name: str, article: Article) -> Beside:
        """Return what a suggester says of an article, or that it is being asked."""
        key = name, _digest(article)
        with self._lock:
            found = self._kept.get(key)
            if found and (found.state != "failed" or time.monotonic() < found.at + AGAIN):
                return found
            waits = Beside(name)
            if self._asking >= AT_ONCE:
                return waits
            self._asking += 1
            self._kept[key] = waits
        threading.Thread(target=self._ask, args=(key, article), daemon=True).start()
        return waits

    def _ask(self, key: tuple[str, bytes], article: Article) -> None:
        name = key[0]
        try:
            answer = Beside(name, "answered", tuple(_of(name, article)))
        except StandlineError as error:
            answer = Beside(name, "failed", error=error, at=time.monotonic())
        except Exception as error:  # noqa: BLE001 - another package's suggester may raise anything
            answer = Beside(name, "failed", trouble=type(error).__name__, at=time.monotonic())
        with self._lock:
            self._asking -= 1
            self._kept[key] = answer


def beside_rules(article: Article) -> list[Beside]:
    """Return what each suggester that the operator named says of an article."""
    names = this_request().suggesters
    if not names:
        return []
    background = kept_by_site("suggesters", lambda _: Background())
    return [_in_words(background.told(name, article)) for name in names]


def _in_words(one: Beside) -> Beside:
    return msgspec.structs.replace(one, trouble=describe(one.error)[0]) if one.error else one


def _of(name: str, article: Article) -> list[Suggestion]:
    suggestions = suggester(name).suggest(article)
    return [msgspec.structs.replace(suggestion, by=name) for suggestion in suggestions]


def _digest(article: Article) -> bytes:
    return hashlib.sha256(msgspec.json.encode(article)).digest()
