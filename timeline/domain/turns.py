"""Find who speaks in a transcript or an interview, by the names before their words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from timeline.domain.word_cache import cached_words

if TYPE_CHECKING:
    from collections.abc import Collection

_ALONE = re.compile(r"^[ \t]*(?P<name>[^\s:][^\n:]{1,199}):[ \t]*$", re.MULTILINE)
_BEFORE_WORDS = re.compile(r"^[ \t]*(?P<name>[^\s:][^\n:]{1,89}):[ \t]+(?=\S)", re.MULTILINE)
_ASKED = re.compile(r"^[ \t]*Q(?:uestion)?(?::|[ \t]{2,})", re.MULTILINE)
"""A question by somebody unnamed, as in transcripts of press conferences."""

_BLANK = re.compile(r"\n[ \t]*\n")
_NAME = re.compile(r"[^\W\d_][\w.'\u2019/-]*")
_SHORT = 3
"""Most letters of a lower-case word in a name, such as ``von`` and ``de``."""

_OFFICE = re.compile(
    r"^(?:(?:Vize|Alters|Bundestagsvize)?[Pp]räsident(?:in)?|Dr\.|Prof\.|Frau|Herr|M[Rr]\.|M[Rr][Ss]\.|M[Ss]\."
    r"|h\. ?c\.)\s+"
)
_IN_OFFICE = re.compile(
    r"^[^,]+, (?:Parl\.|Parlamentarische|Staats|Bundes|Minister|Senator|Wehrbeauftragte|Beauftragte"
    r"|Bürgermeister|Erste[rn]? |Regierende|Präsident|Chef)"
)
"""A speaker with a long office behind the name, as in plenary protocols."""

NEARLY_ALL = 0.9
USUAL = 90
"""Most characters of a name alone in a line, without an office."""

MOST_WORDS = 6
SENTENCE_ENDS = '.!?…"”“»«'
FEWEST = 2


class SpeakerTurn(msgspec.Struct, frozen=True):
    """The words of one speaker begin here; ``speaker`` is the name without office and party."""

    start: int
    speaker: str


@cached_words(32)
def turns(text: str) -> tuple[SpeakerTurn, ...]:
    """Return the turns of speakers; none for a text that is not divided by speakers.

    A text is divided by speakers in these cases:

    - at least two names are alone in a line, and one is repeated or has an office or a party;
    - at least two names are repeated before words, or one between unnamed questions (``Q``), whose
      speaker is empty;
    - one name with an office or a party heads the whole text;
    - everybody speaks once, and names and words alternate from the first paragraph to the last, on
      one line or on two.
    """
    alone = _with_office(_headings(_ALONE, text))
    counted = Counter(name for _, name in alone)
    is_clear = any(count > 1 or "," in name or _has_office(name) for name, count in counted.items())
    is_clear = is_clear or _is_by_turns(text, counted)
    if not is_clear or (len(counted) < FEWEST and not _is_of_one(text, alone)):
        alone = _before_words(text)
    return tuple(SpeakerTurn(at, _plain(name)) for at, name in alone)


def _before_words(text: str) -> list[tuple[int, str]]:
    """Return the names before words on the same line, if they divide the text."""
    inline = _headings(_BEFORE_WORDS, text)
    again = {name for name, count in Counter(name for _, name in inline).items() if count > 1}
    questions = [(match.start(), "") for match in _ASKED.finditer(text)] if again else []
    if len(again) >= FEWEST or len(questions) >= FEWEST:
        return sorted([*(heading for heading in inline if heading[1] in again), *questions])
    return inline if _is_all_said(text, inline) else []


def _is_all_said(text: str, inline: list[tuple[int, str]]) -> bool:
    """Tell whether every paragraph begins with the first and last name of its speaker."""
    lines = [line for line in text.splitlines() if line.strip()]
    names = {name for _, name in inline}
    return (
        len(names) >= FEWEST
        and len(inline) == len(lines)
        and all(line.rstrip()[-1] in SENTENCE_ENDS for line in lines)
        and all(len(_plain(name).split()) >= FEWEST for name in names)
    )


def _is_by_turns(text: str, names: Collection[str]) -> bool:
    """Tell whether every other paragraph is a name, of several with first and last name."""
    paragraphs = [stripped for part in _BLANK.split(text) if (stripped := part.strip())]
    headings = [
        paragraph.removesuffix(":") for paragraph in paragraphs[::2] if paragraph.endswith(":")
    ]
    return (
        len(names) >= FEWEST
        and len(headings) * 2 == len(paragraphs)
        and set(headings) == {*names}
        and all(len(_plain(name).split()) >= FEWEST for name in names)
    )


def _is_of_one(text: str, alone: list[tuple[int, str]]) -> bool:
    """Tell whether a text is by one person, whose name and office head it."""
    return any(not text[:at].strip() and _has_office(name) for at, name in alone[:1])


def _has_office(name: str) -> bool:
    return bool("(" in name or _OFFICE.match(name) or _IN_OFFICE.match(name))


def _with_office(headings: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Drop headings without a party or an office, if nearly all have one."""
    with_office = [heading for heading in headings if _has_office(heading[1])]
    return with_office if len(with_office) > NEARLY_ALL * len(headings) else headings


def _headings(pattern: re.Pattern[str], text: str) -> list[tuple[int, str]]:
    headings = ((match.start("name"), match["name"].strip()) for match in pattern.finditer(text))
    return [heading for heading in headings if _is_name(heading[1])]


def speaker_at(text: str, place: int) -> str:
    """Return who speaks at a place; empty if unknown."""
    spoken = turns(text)
    before = bisect_right([turn.start for turn in spoken], place)
    return spoken[before - 1].speaker if before else ""


def _is_name(heading: str) -> bool:
    if len(heading) > USUAL and not _IN_OFFICE.match(heading):
        return False
    words = re.split(r"\s+", _plain(heading))
    is_address = "," in heading and len(words) < FEWEST  # "But, ladies and gentlemen:"
    return (
        len(words) <= MOST_WORDS
        and not is_address
        and all(
            _NAME.fullmatch(word) and (word[0].isupper() or len(word) <= _SHORT) for word in words
        )
    )


def _plain(heading: str) -> str:
    """Return a name without the office before it and the party or office behind it."""
    name = re.sub(r"\s*\([^)]*\)", "", heading).partition(",")[0].strip()
    while office := _OFFICE.match(name):
        name = name[office.end() :]
    return name
