"""Compare two wordings in one language: which words are gone, new, or in both."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from timeline.projections.queries.entries import StatementEntry

Kind = Literal["both", "gone", "new"]

TOKEN = re.compile(r"\w+(?:[-'’./]\w+)*|[^\w\s]")
"""A word, or a mark between words; "1/4" and "4-1/2" are words too."""

LEAST_SHARED = 1 / 3
"""The least share of common words for which differences are marked."""

SHORT = 4
"""The most letters of a word like "the" that counts as changed between two changes."""

MOST = 2_000
"""The most words of a text that is compared: the time grows with their square."""


class Piece(msgspec.Struct, frozen=True):
    """Successive words of one kind, with their spaces."""

    text: str
    kind: Kind


class Rewording(msgspec.Struct, frozen=True):
    """Two wordings in pieces; ``shared`` counts the words in both.

    If they have too little in common, ``is_marked`` is false, and each is one piece.
    """

    then: tuple[Piece, ...]
    later: tuple[Piece, ...]
    shared: int
    is_marked: bool

    @property
    def gone(self) -> list[str]:
        """The words that are only in the earlier text."""
        return [_bare(piece) for piece in self.then if piece.kind == "gone"]

    @property
    def new(self) -> list[str]:
        """The words that are only in the later text."""
        return [_bare(piece) for piece in self.later if piece.kind == "new"]

    @property
    def is_same(self) -> bool:
        """Tell whether no word differs."""
        return self.is_marked and not self.gone and not self.new


def reword(earlier: str, later: str) -> Rewording:
    """Compare two texts word by word, ignoring case."""
    old, new = _tokens(earlier), _tokens(later)
    words = max(sum(map(_is_word, old)), sum(map(_is_word, new)))
    if not words or max(len(old), len(new)) > MOST:
        return _unmarked(earlier, later, 0)
    kept_old, kept_new = _in_both(old, new)
    shared = sum(_is_word(old[place]) for place in kept_old)
    if shared < words * LEAST_SHARED:
        return _unmarked(earlier, later, shared)
    return Rewording(
        _pieces(earlier, kept_old, "gone"), _pieces(later, kept_new, "new"), shared, is_marked=True
    )


def compare_words(earlier: StatementEntry, later: StatementEntry) -> Rewording | None:
    """Compare the quotes of two statements; ``None`` unless both are verbatim, in one language."""
    old, new = earlier.words.quote, later.words.quote
    if old is None or new is None or earlier.withheld or later.withheld:
        return None
    is_one_language = old.lang.partition("-")[0] == new.lang.partition("-")[0]
    return reword(old.exact, new.exact) if is_one_language else None


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text, ignoring case."""
    return frozenset(filter(_is_word, _tokens(text)))


def _unmarked(earlier: str, later: str, shared: int) -> Rewording:
    return Rewording((Piece(earlier, "both"),), (Piece(later, "both"),), shared, is_marked=False)


def _tokens(text: str) -> list[str]:
    return [token.casefold() for token in TOKEN.findall(text)]


def _is_word(token: str) -> bool:
    return token[0].isalnum()


def _in_both(old: list[str], new: list[str]) -> tuple[set[int], set[int]]:
    """Return the places of tokens in both texts."""
    kept_old: set[int] = set()
    kept_new: set[int] = set()
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        here = old[block.a : block.a + block.size]
        is_at_an_end = not block.a or block.a + block.size == len(old)
        if is_at_an_end or _tells(here):
            kept_old |= {*range(block.a, block.a + block.size)}
            kept_new |= {*range(block.b, block.b + block.size)}
    return kept_old, kept_new


def _tells(tokens: list[str]) -> bool:
    words = [token for token in tokens if _is_word(token)]
    return len(words) > 1 or any(len(word) > SHORT for word in words)


def _pieces(text: str, unchanged: set[int], changed: Kind) -> tuple[Piece, ...]:
    """Cut a text into pieces; the space after a word belongs to it."""
    starts = [match.start() for match in TOKEN.finditer(text)]
    ends = [*starts[1:], len(text)]
    kinds: list[tuple[Kind, str]] = [
        ("both" if place in unchanged else changed, text[0 if not place else start : end])
        for place, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
    return tuple(
        Piece("".join(words for _, words in group), kind)
        for kind, group in groupby(kinds, key=itemgetter(0))
    )


def _bare(piece: Piece) -> str:
    return piece.text.strip()
