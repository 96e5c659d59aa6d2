"""German sources next to what they say: "laut X", "X zufolge", "nach Angaben von X"."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from timeline.capture.finding import Content, Speaker, quoted_content
from timeline.capture.german.clauses import is_relative
from timeline.capture.german.cues import is_finite
from timeline.capture.german.nouns import Phrase, can_act, is_noun, is_role
from timeline.capture.german.words import (
    AUXILIARIES,
    CLOSED,
    LAWS,
    OWN,
    PREPOSITIONS,
    RELATIVES,
    SAME,
    SOURCE_ENDINGS,
    SOURCES,
    TIMES,
    WRITINGS,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timeline.capture.finding import Gender, Memory
    from timeline.capture.german.clauses import Parse
    from timeline.capture.german.nouns import Nouns
    from timeline.capture.german.speaking import Speakers
    from timeline.capture.reading.clauses import Clause
    from timeline.capture.reading.tokens import Token

SOURCE = "source"
_THEIR: dict[str, Gender] = {"seiner": "he", "seinem": "he", "ihrer": "she", "ihrem": "she"}
_BY = frozenset({"von", "vom", "aus", "für"})


class Source(NamedTuple):
    """A source within a clause: the phrase with its name, and the places of all its words."""

    phrase: Phrase
    first: int
    last: int
    cue: str


class Sources:
    """Finds sources and what they say."""

    def __init__(self, nouns: Nouns, speakers: Speakers, memory: Memory) -> None:
        self._nouns = nouns
        self._speakers = speakers
        self._memory = memory

    def first_in(self, parse: Parse, *, in_main_clause: bool = False) -> tuple[int, Source] | None:
        """Return the first source of a sentence, and its clause."""
        for i, clause in enumerate(parse.clauses):
            source = self._in_clause(clause.tokens)
            if source and not (in_main_clause and _is_subordinate(clause, i)):
                return i, source
        return None

    def speaker(self, clause: Clause, source: Source) -> Speaker | None:
        """Return the speaker of a source."""
        tokens, phrase = clause.tokens, source.phrase
        if phrase.first == phrase.last:
            return self._told_before()
        noun = next((token for token in tokens[slice(*phrase.core)] if token.low in SOURCES), None)
        if noun is None:
            return self._speakers.speaker_of(tokens, phrase)
        if any(token.low in OWN for token in tokens[phrase.first : phrase.core[1]]):
            rest = [*tokens[: phrase.first], *tokens[phrase.last :]]
            return self._speakers.speaker_of(rest, self._nouns.subject(rest))
        whose = self._owner(tokens, phrase)
        if whose:
            return self._speakers.speaker_of(tokens, whose)
        if noun.low in WRITINGS and phrase.determiner:
            return Speaker(noun.text)
        is_same = phrase.determiner in SAME
        return self._last(phrase) if is_same else self._speakers.speaker_of(tokens, phrase)

    def _last(self, phrase: Phrase) -> Speaker | None:
        """Return the last speaker; for "seiner Meinung nach" only if the gender fits."""
        last, gender = self._memory.speaker, _THEIR.get(phrase.determiner, "")
        if last is None or not gender or last.gender in ("", gender):
            return last
        return self._memory.meant_by(gender)

    def _told_before(self) -> Speaker | None:
        """Return who is meant by "Demnach": who spoke, or is the subject of the sentence before."""
        memory = self._memory
        return memory.speaker if memory.distance <= 1 else memory.subject

    def content(self, parse: Parse, i: int, source: Source) -> Content | None:
        """Return what a source in a clause says."""
        span = _span(parse, i, source)
        if span is None:
            return None
        within = [part for part in parse.clauses if span[0] <= part.start < span[1]]
        if within and all(part.tokens[0].kind == "quote" for part in within):
            return quoted_content(*(part.tokens[0] for part in within))
        return Content(*span, SOURCE)

    def _in_clause(self, tokens: Sequence[Token]) -> Source | None:
        for at, token in enumerate(tokens):
            if token.quoted or token.kind != "word":
                continue
            source = None
            if token.low in ("laut", "gemäß"):
                source = self._according_to(tokens, at)
            elif token.low == "nach":
                source = self._by_account_of(tokens, at) or self._in_the_view_of(tokens, at)
            elif token.low == "zufolge":
                source = self._postponed(tokens, at)
            elif token.low == "demnach":
                source = Source(Phrase(at, at, (at, at)), at, at + 1, token.text)
            elif token.low == "so" and at == 0:
                source = self._so(tokens)
            if source:
                return source
        return None

    def _according_to(self, tokens: Sequence[Token], at: int) -> Source | None:
        phrase = self._nouns.at(tokens, at + 1) or _small(tokens, at + 1)
        if phrase is None or any(token.low in LAWS for token in tokens[phrase.first : phrase.last]):
            return None
        return Source(phrase, at, phrase.last, tokens[at].text)

    def _by_account_of(self, tokens: Sequence[Token], at: int) -> Source | None:
        phrase = self._nouns.at(tokens, at + 1)
        if phrase is None or not any(
            _is_source(token.low) for token in tokens[slice(*phrase.core)]
        ):
            return None
        behind = self._behind(tokens, phrase.core[1])
        last = max(phrase.last, behind.last if behind else 0)
        return Source(phrase, at, last, f"{tokens[at].text} {tokens[phrase.core[0]].text}")

    def _in_the_view_of(self, tokens: Sequence[Token], at: int) -> Source | None:
        """Return the phrase directly before "nach": "seiner Meinung nach"."""
        noun = at - 1
        if noun < 1 or not _is_source(tokens[noun].low) or tokens[noun - 1].low not in _THEIR:
            return None
        phrase = Phrase(noun - 1, at, (noun, at), tokens[noun - 1].low)
        return Source(phrase, noun - 1, at + 1, tokens[at].text)

    def _postponed(self, tokens: Sequence[Token], at: int) -> Source | None:
        """Return the longest phrase directly before "zufolge"."""
        best = None
        for first in range(at - 1, -1, -1):
            if tokens[first].low in AUXILIARIES:
                break
            phrase = self._nouns.at(tokens[:at], first)
            if best and best.first < best.core[0] and not (phrase and phrase.determiner):
                break
            best = phrase if phrase and phrase.last == at else best
        return Source(best, best.first, at + 1, tokens[at].text) if best else None

    def _so(self, tokens: Sequence[Token]) -> Source | None:
        """Return the source of a clause that is only "so X weiter"."""
        phrase = self._nouns.at(tokens, 1)
        if phrase is None or any(map(is_finite, tokens)):
            return None
        if phrase.determiner in ("ein", "eine") and not is_role(tokens[phrase.core[0]]):
            return None  # "so ein Streit"
        rest = [token for token in tokens[phrase.last :] if token.kind == "word"]
        is_all = all(token.capital or token.low in CLOSED for token in rest)
        return (
            Source(phrase, 0, len(tokens), tokens[0].text)
            if is_all and can_act(phrase, tokens)
            else None
        )

    def _owner(self, tokens: Sequence[Token], phrase: Phrase) -> Phrase | None:
        """Return the owner of "Angaben": the name next to the noun, or the phrase after it."""
        begin, end = phrase.core
        if begin + 1 < end and _is_source(tokens[begin].low):
            return Phrase(begin + 1, phrase.last, (begin + 1, end))
        if begin + 1 < end and tokens[begin].text.endswith("s"):
            return Phrase(begin, end - 1, (begin, end - 1))
        return self._behind(tokens, end)

    def _behind(self, tokens: Sequence[Token], end: int) -> Phrase | None:
        """Return the attribute of a noun: "der Stadt", "vieler Leute", "von ihr"."""
        by = end < len(tokens) and tokens[end].low in _BY
        phrase = self._nouns.at(tokens, end + by)
        if phrase is None and by:
            return _small(tokens, end + 1)
        if phrase and all(token.low in TIMES for token in tokens[slice(*phrase.core)]):
            return None
        if phrase is None or by or phrase.determiner.endswith(("r", "s")):
            return phrase
        opens = tokens[phrase.first]
        return phrase if not opens.capital and opens.low.endswith("er") else None


def _small(tokens: Sequence[Token], at: int) -> Phrase | None:
    """Return a lower-case name, such as "n24", as a phrase."""
    if at >= len(tokens) or tokens[at].kind != "word":
        return None
    is_name = tokens[at].low not in CLOSED and not tokens[at].low.endswith("en")
    return Phrase(at, at + 1, (at, at + 1)) if is_name else None


def _is_source(word: str) -> bool:
    return word in SOURCES or word.endswith(SOURCE_ENDINGS)


def _is_subordinate(clause: Clause, i: int) -> bool:
    """Tell whether a clause is subordinate: "…, die …", "…, bei dem …"."""
    tokens = clause.tokens
    opens_with_pronoun = (
        len(tokens) > 2  # noqa: PLR2004 - "bei dem er"
        and clause.first in PREPOSITIONS
        and tokens[1].low in RELATIVES
        and not is_noun(tokens[2])
    )
    return i > 0 and (is_relative(clause) or opens_with_pronoun)


def _span(parse: Parse, i: int, source: Source) -> tuple[int, int] | None:
    parts = parse.clauses
    clause, tokens = parts[i], parts[i].tokens
    if source.first == 0 and source.last >= len(tokens):
        if i > 0:
            return parts[0].start, parts[i - 1].end
        return (parts[1].start, parts[-1].end) if len(parts) > 1 else None
    if _is_subordinate(clause, i):
        return clause.start, clause.end
    begin = tokens[source.last].start if source.first == 0 else parts[0].start
    end = next((k for k in range(i + 1, len(parts)) if parts[k].before == ";"), len(parts))
    return begin, parts[end - 1].end
