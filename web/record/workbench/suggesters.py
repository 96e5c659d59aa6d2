"""Suggestions of language models, fetched in the background, once for each section.

They are asked only if the operator named a suggester (``standline serve --suggest-with``). No page
waits for an answer: it appears on the next page of the text.
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
"""How many requests may run at once; other sections are asked about on their next view."""

KEPT = 100
"""How many answers are kept."""

AGAIN = 60.0
"""Seconds after which a suggester that failed is asked again."""


class SuggesterState(msgspec.Struct, frozen=True):
    """The state of a suggester for a section; ``trouble`` says in words why it failed."""

    name: str
    state: Literal["asked", "answered", "failed"] = "asked"
    suggestions: tuple[Suggestion, ...] = ()
    trouble: str = ""
    error: StandlineError | None = None
    at: float = 0.0


class SuggesterPool:
    """Asks suggesters and keeps their answers for as long as the site runs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: LRUCache[tuple[str, bytes], SuggesterState] = LRUCache(KEPT)
        self._asking = 0

    def state_of(self, name: str, article: Article) -> SuggesterState:
        """Return the answer of a suggester for an article, or that it is being asked."""
        key = name, _digest(article)
        with self._lock:
            known = self._kept.get(key)
            if known and (known.state != "failed" or time.monotonic() < known.at + AGAIN):
                return known
            asked = SuggesterState(name)
            if self._asking >= AT_ONCE:
                return asked
            self._asking += 1
            self._kept[key] = asked
        threading.Thread(target=self._ask, args=(key, article), daemon=True).start()
        return asked

    def _ask(self, key: tuple[str, bytes], article: Article) -> None:
        name = key[0]
        try:
            answer = SuggesterState(name, "answered", tuple(_of(name, article)))
        except StandlineError as error:
            answer = SuggesterState(name, "failed", error=error, at=time.monotonic())
        except Exception as error:  # noqa: BLE001 - another package's suggester may raise anything
            answer = SuggesterState(
                name, "failed", trouble=type(error).__name__, at=time.monotonic()
            )
        with self._lock:
            self._asking -= 1
            self._kept[key] = answer


def suggester_states(article: Article) -> list[SuggesterState]:
    """Return the state of each suggester that the operator named, for an article."""
    names = this_request().suggesters
    if not names:
        return []
    pool = kept_by_site("suggesters", lambda _: SuggesterPool())
    return [_in_words(pool.state_of(name, article)) for name in names]


def _in_words(state: SuggesterState) -> SuggesterState:
    return (
        msgspec.structs.replace(state, trouble=describe(state.error)[0]) if state.error else state
    )


def _of(name: str, article: Article) -> list[Suggestion]:
    suggestions = suggester(name).suggest(article)
    return [msgspec.structs.replace(suggestion, by=name) for suggestion in suggestions]


def _digest(article: Article) -> bytes:
    return hashlib.sha256(msgspec.json.encode(article)).digest()
