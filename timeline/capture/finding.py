"""Read a text sentence by sentence: passages, people, verbs of saying, the last speaker."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from itertools import compress
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from timeline.capture.reading.tokens import quoted_sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from timeline.capture.reading.tokens import Sentence, Token
    from timeline.capture.suggestion import Form


CARRIED_QUOTE, COLON, QUOTE = "carried-quote", "colon", "quote"
"""Rules that every language has."""


class FoundPassage(NamedTuple):
    """A passage by code-point offsets, with its speaker, and the rule and words that found it.

    ``goes_on`` says that somebody also spoke in the sentence before.
    """

    start: int
    end: int
    speaker: Speaker | None
    form: Form
    cue: str
    rule: str
    goes_on: bool = False


class Content(NamedTuple):
    """What was said, before its speaker is found.

    ``quotes`` are its quotations, if it consists of quotations.
    """

    start: int
    end: int
    rule: str
    quotes: tuple[Token, ...] = ()


def quoted_content(*quotes: Token) -> Content:
    """Return the content of consecutive quotations in one sentence."""
    return Content(quotes[0].start, quotes[-1].end, QUOTE, quotes)


def passages(
    text: str, content: Content, speaker: Speaker | None, form: Form, cue: str
) -> Iterator[FoundPassage]:
    """Yield content as passages: a quotation sentence by sentence, anything else as a whole."""
    if not content.quotes:
        yield FoundPassage(content.start, content.end, speaker, form, cue, content.rule)
        return
    pieces = [piece for quote in content.quotes for piece in quoted_sentences(text, quote)]
    if len(pieces) == len(content.quotes) == 2:  # noqa: PLR2004 - “Yes,” she said, “I will.”
        pieces = [(pieces[0][0], pieces[1][1])]
    for start, end in pieces:
        yield FoundPassage(start, end, speaker, "quote", cue, content.rule)


LONG_AGO, LOOKED_BACK = 1_000, 4


class Memory:
    """The last speaker, and the people named in this sentence and the one before.

    ``distance`` is the number of sentences since somebody spoke, in ``paragraph``. ``subject`` is
    the subject of the sentence before.
    """

    def __init__(self, people: People) -> None:
        self._people = people
        self.speaker: Speaker | None = None
        self.paragraph = -1
        self.distance = LONG_AGO
        self.subject: Speaker | None = None
        self._named: list[Speaker] = []
        self._before: list[Speaker] = []

    def next_sentence(self) -> None:
        """Go on to the next sentence."""
        if self._named:
            self._before, self._named = self._named, []
        self.distance += 1

    def name(self, speaker: Speaker) -> None:
        """Remember a named person."""
        if self._people.is_sure(speaker) and speaker not in self._named:
            self._named.append(speaker)

    def spoke(self, speaker: Speaker | None, paragraph: int) -> None:
        """Remember the speaker."""
        self.speaker, self.paragraph, self.distance = speaker, paragraph, 0

    def meant_by(self, gender: Gender) -> Speaker | None:
        """Return who "he" or "she" is, if only one person is possible.

        The subject of the sentence before comes before the last speaker.
        """
        last, subject = self.speaker, self.subject
        people = [speaker for speaker in self._named or self._before if _fits(speaker, gender)]
        if subject and not subject.is_thing and subject.gender == gender:
            rivals = any(speaker.gender and speaker.name != subject.name for speaker in people)
            is_doubtful = subject.is_person and rivals and subject != last
            return None if is_doubtful else subject
        may_go_on = last is not None and last.is_person and _fits(last, gender)
        if may_go_on and self.distance <= 1:
            return last
        for some in (people, [speaker for speaker in people if speaker.gender]):
            if len(some) == 1:
                return some[0]
        return last if may_go_on and not people and self.distance <= LOOKED_BACK else None


def _fits(speaker: Speaker, gender: Gender) -> bool:
    return speaker.gender in ("", gender)


Gender = Literal["", "he", "she"]


class Speaker(NamedTuple):
    """A speaker as named in the text; ``role`` is the word before a name, such as "Minister".

    ``is_thing`` marks what can hardly speak: "der Streik".
    """

    name: str
    is_person: bool = False
    role: str = ""
    gender: Gender = ""
    is_thing: bool = False


class People:
    """The full names in a text, by surname and by role."""

    def __init__(self) -> None:
        self.surnames: dict[str, set[str]] = defaultdict(set)
        self._in_role: dict[str, set[str]] = defaultdict(set)
        self._genders: dict[str, Gender] = {}
        self._sure: set[str] = set()

    def meet(self, speaker: Speaker) -> None:
        """Remember a name from anywhere in the text."""
        surname = speaker.name.split()[-1]
        if speaker.is_person and surname != speaker.name:
            self.surnames[surname].add(speaker.name)
        else:
            self._sure.add(surname)
        if speaker.is_person and (speaker.role or speaker.gender):
            self._sure.add(surname)
        if speaker.is_person and speaker.role:
            self._in_role[speaker.role].add(surname)
        if speaker.gender:
            known = self._genders.get(surname, speaker.gender)
            self._genders[surname] = speaker.gender if known == speaker.gender else ""

    def full(self, speaker: Speaker) -> Speaker:
        """Return a speaker with the full name, if only one name in the text fits."""
        surname = speaker.name.split()[-1]
        if surname != speaker.name and not speaker.is_person:
            return speaker
        names = self.surnames.get(surname) or self.surnames.get(surname.rstrip("s'’")) or set()
        gender = speaker.gender or self._genders.get(surname, "")
        if len(names) == 1:
            (name,) = names
            return Speaker(name, is_person=True, role=speaker.role, gender=gender)
        return speaker._replace(gender=gender)

    def in_role(self, role: str) -> Speaker | None:
        """Return the only person whose role ends with a word ("minister"), if there is just one."""
        names = {
            who for known, some in self._in_role.items() if known.endswith(role) for who in some
        }
        return self.full(Speaker(names.pop(), is_person=True)) if len(names) == 1 else None

    def is_sure(self, speaker: Speaker) -> bool:
        """Tell whether it is certainly a person: with a role, or elsewhere by surname alone."""
        return speaker.is_person and speaker.name.split()[-1] in self._sure


FORMS: tuple[Form, ...] = ("reported", "demand", "denial", "ascribed")
"""Tables of verbs have a part for each of these forms of reported speech."""


class Verb(NamedTuple):
    """A verb of saying: what it takes, and the words that it needs.

    ``prepositions`` may come before what was said; one word of each set in ``needs`` must be in the
    clause.
    """

    infinitive: str
    form: Form
    takes: frozenset[str]
    prepositions: frozenset[str]
    needs: tuple[frozenset[str], ...] = ()

    def takes_any(self, *names: str) -> bool:
        """Tell whether it takes one of these."""
        return not self.takes.isdisjoint(names)


def read_verbs(table: dict[str, Any]) -> Iterator[Verb]:
    """Yield the verbs of a table, and the phrases at its end."""
    for form in FORMS:
        for taken, infinitives in table[form].items():
            for infinitive in infinitives.split():
                yield _verb(infinitive, form, taken)
    for phrase in table["phrase"]:
        needs = tuple(frozenset(words.lower().split()) for words in phrase["needs"])
        yield _verb(phrase["verb"], phrase.get("form", "reported"), phrase["takes"], needs)


def _verb(infinitive: str, form: Form, taken: str, needs: tuple[frozenset[str], ...] = ()) -> Verb:
    takes, prepositions = set(), set()
    for part in taken.split():
        name, _, after = part.partition(":")
        takes.add(name)
        prepositions |= set(after.split(",")) - {""}
    return Verb(infinitive, form, frozenset(takes), frozenset(prepositions), needs)


class Part(NamedTuple):
    """The sentences of a text, with a mark for those in one language."""

    sentences: Sequence[Sentence]
    is_own: Sequence[bool]


class Reader(ABC):
    """Reads the sentences of a text in one language.

    It knows the people in these sentences, and the ``people`` that readers of other languages met
    before; and it remembers the last speaker.
    """

    def __init__(self, text: str, part: Part, people: People) -> None:
        self.text, self.part, self.people = text, part, people
        self.memory = Memory(self.people)
        for sentence in compress(*part):
            for speaker in self.speakers_in(sentence.words()):
                self.people.meet(speaker)

    def passages(self) -> Iterator[tuple[Sentence, FoundPassage]]:
        """Yield the passages of the text without overlaps, each with its sentence."""
        for sentence, is_own in zip(*self.part, strict=True):
            self.memory.next_sentence()
            if not is_own:
                continue
            for passage in _apart(self.said_in(sentence)):
                yield sentence, passage
            for speaker in self.speakers_in(sentence.words()):
                self.memory.name(self.people.full(speaker))
            self.memory.subject = self.subject_of(sentence)

    def subject_of(self, sentence: Sentence) -> Speaker | None:  # noqa: ARG002 - for languages
        """Return the subject of a sentence, if rules of the language find it."""
        return None

    @abstractmethod
    def speakers_in(self, tokens: Sequence[Token]) -> Iterator[Speaker]:
        """Yield everybody that some words may name."""

    @abstractmethod
    def said_in(self, sentence: Sentence) -> Iterator[FoundPassage]:
        """Yield the passages of a sentence, surest first."""

    def carried_quote(self, sentence: Sentence) -> Iterator[FoundPassage]:
        """Yield a sentence that is only a quotation, if it continues the words before it."""
        if sentence.is_quotation and self.memory.distance <= 1:
            content = Content(sentence.start, sentence.end, CARRIED_QUOTE, sentence.quotes())
            yield from self.attributed(sentence, content, self.memory.speaker, "“”")

    def attributed(
        self,
        sentence: Sentence,
        content: Content,
        speaker: Speaker | None,
        cue: str,
        form: Form = "reported",
    ) -> Iterator[FoundPassage]:
        """Yield what somebody said as passages, and remember the speaker."""
        goes_on = self.memory.distance <= 1
        self.memory.spoke(speaker, sentence.paragraph)
        for passage in passages(self.text, content, speaker, form, cue):
            yield passage._replace(goes_on=goes_on)


def _apart(found: Iterable[FoundPassage]) -> list[FoundPassage]:
    """Keep the first of overlapping passages; return them in order of the text."""
    apart: list[FoundPassage] = []
    for passage in found:
        if not any(passage.start < other.end and other.start < passage.end for other in apart):
            apart.append(passage)
    return sorted(apart, key=lambda passage: passage.start)
