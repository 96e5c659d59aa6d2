"""Sentences cut where commas, colons, dashes or other clauses cut them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from timeline.capture.reading.tokens import Token

CUTS = frozenset(",;:–—-")


class Clause(NamedTuple):
    """Tokens between two cuts, and the mark or word (such as "und") that stands before them."""

    before: str
    tokens: tuple[Token, ...]

    @property
    def start(self) -> int:
        """The offset of its first word."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """The offset behind its last word."""
        return self.tokens[-1].end

    @property
    def first(self) -> str:
        """Its first word in small letters."""
        return self.tokens[0].low


def clauses(
    tokens: Iterable[Token], begins_anew: Callable[[Token, Token], bool]
) -> tuple[Clause, ...]:
    """Cut a sentence. ``begins_anew`` is asked of each two neighbours within a clause.

    It tells whether the first joins another clause that begins with the second. What stands in
    brackets is left out, and the mark that ends the sentence.
    """
    return tuple(_cut(list(_without_brackets(tokens)), begins_anew))


def _cut(tokens: list[Token], begins_anew: Callable[[Token, Token], bool]) -> Iterator[Clause]:
    before: str = ""
    held: list[Token] = []
    for at, token in enumerate(tokens):
        is_mark = token.kind == "mark" and token.text in CUTS
        joins = at + 1 < len(tokens) and not is_mark and begins_anew(token, tokens[at + 1])
        if is_mark or joins:
            if held:
                yield Clause(before, tuple(held))
            before = token.low
            held = []
        elif token.kind == "quote":
            if held:
                yield Clause(before, tuple(held))
                before, held = "", []
            yield Clause(before, (token,))
            before = '"'
        elif token.kind != "mark":
            held.append(token)
    if held:
        yield Clause(before, tuple(held))


def _without_brackets(tokens: Iterable[Token]) -> Iterator[Token]:
    depth = 0
    for at, token in enumerate(tokens):
        if token.text in ("(", "[") and at > 0:
            depth += 1
        elif token.text in (")", "]", "(", "["):
            depth = max(0, depth - 1)
        elif depth == 0:
            yield token
