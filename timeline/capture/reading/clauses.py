"""Split sentences into clauses at commas, colons, dashes and conjunctions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from timeline.capture.reading.tokens import Token

CUTS = frozenset(",;:–—-")


class Clause(NamedTuple):
    """Tokens between two cuts, and the mark or word (such as "und") before them."""

    before: str
    tokens: tuple[Token, ...]

    @property
    def start(self) -> int:
        """The offset of its first word."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """The offset after its last word."""
        return self.tokens[-1].end

    @property
    def first(self) -> str:
        """Its first word in lower case."""
        return self.tokens[0].low


def clauses(
    tokens: Iterable[Token], begins_anew: Callable[[Token, Token], bool]
) -> tuple[Clause, ...]:
    """Split a sentence; ``begins_anew`` decides on each two neighbours within a clause.

    It tells whether the first word joins a clause that begins with the second. Words in brackets
    and the final mark are left out.
    """
    return tuple(_cut(list(_without_brackets(tokens)), begins_anew))


def _cut(tokens: list[Token], begins_anew: Callable[[Token, Token], bool]) -> Iterator[Clause]:
    before: str = ""
    clause: list[Token] = []
    for at, token in enumerate(tokens):
        is_mark = token.kind == "mark" and token.text in CUTS
        joins = at + 1 < len(tokens) and not is_mark and begins_anew(token, tokens[at + 1])
        if is_mark or joins:
            if clause:
                yield Clause(before, tuple(clause))
            before = token.low
            clause = []
        elif token.kind == "quote":
            if clause:
                yield Clause(before, tuple(clause))
                before, clause = "", []
            yield Clause(before, (token,))
            before = '"'
        elif token.kind != "mark":
            clause.append(token)
    if clause:
        yield Clause(before, tuple(clause))


def _without_brackets(tokens: Iterable[Token]) -> Iterator[Token]:
    depth = 0
    for at, token in enumerate(tokens):
        if token.text in ("(", "[") and at > 0:
            depth += 1
        elif token.text in (")", "]", "(", "["):
            depth = max(0, depth - 1)
        elif depth == 0:
            yield token
