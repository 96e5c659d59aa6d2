"""Reads a text sentence by sentence: passages, who is named, verbs of saying, who spoke last."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from itertools import compress
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from timeline.capture.reading.tokens import spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from timeline.capture.reading.tokens import Sentence, Token
    from timeline.capture.suggestion import Form


CARRIED_QUOTE, COLON, QUOTE = "carried-quote", "colon", "quote"
"""Names of rules that every language has."""


class Found(NamedTuple):
    """A passage by its code-point offsets, who said it, and which rule found it by which words.

    ``goes_on`` tells that somebody spoke in the sentence before, too, ``last`` is the name of who
    spoke last.
    """

    start: int
    end: int
    speaker: Speaker | None
    form: Form
    cue: str
    rule: str
    goes_on: bool = False
    last: str = ""


class Content(NamedTuple):
    """What was said, while it is not known who said it.

    ``quotes`` are the quotations that it consists of, if it does.
    """

    start: int
    end: int
    rule: str
    quotes: tuple[Token, ...] = ()


def quoted(*quotes: Token) -> Content:
    """Return what was said in quotations that follow each other in one sentence."""
    return Content(quotes[0].start, quotes[-1].end, QUOTE, quotes)


def passages(
    text: str, content: Content, speaker: Speaker | None, form: Form, cue: str
) -> Iterator[Found]:
    """Yield what was said as passages: a quotation sentence by sentence, anything else whole."""
    if not content.quotes:
        yield Found(content.start, content.end, speaker, form, cue, content.rule)
        return
    pieces = [piece for quote in content.quotes for piece in spoken(text, quote)]
    if len(pieces) == len(content.quotes) == 2:  # noqa: PLR2004 - “Yes,” she said, “I will.”
        pieces = [(pieces[0][0], pieces[1][1])]
    for start, end in pieces:
        yield Found(start, end, speaker, "quote", cue, content.rule)


LONG_AGO, LOOKED_BACK = 1_000, 4


class Memory:
    """Who spoke last and how long ago, and the people named in this sentence and the one before.

    ``distance`` counts sentences since somebody spoke, ``paragraph`` is where it was. ``subject``
    is of whom the sentence before tells something.
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
        """Keep in mind who is named."""
        if self._people.is_sure(speaker) and speaker not in self._named:
            self._named.append(speaker)

    def spoke(self, speaker: Speaker | None, paragraph: int) -> None:
        """Keep in mind who spoke."""
        self.speaker, self.paragraph, self.distance = speaker, paragraph, 0

    def meant_by(self, gender: Gender) -> Speaker | None:
        """Return who "he" or "she" is, where only one person can be meant.

        It is rather of whom the sentence before tells than who spoke.
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
    """Who speaks, as the text has it; ``role`` is the word before a name, such as "Minister".

    ``is_thing`` tells that it is hardly somebody: "der Streik".
    """

    name: str
    is_person: bool = False
    role: str = ""
    gender: Gender = ""
    is_thing: bool = False


class People:
    """The full names in a text by surname, and those who have a role."""

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
            self._genders[surname] = speaker.gender

    def full(self, speaker: Speaker) -> Speaker:
        """Return somebody under the full name, if only one in the text is it."""
        surname = speaker.name.split()[-1]
        if surname != speaker.name and not speaker.is_person:
            return speaker
        found = self.surnames.get(surname) or self.surnames.get(surname.rstrip("s'’")) or set()
        gender = speaker.gender or self._genders.get(surname, "")
        if len(found) == 1:
            (name,) = found
            return Speaker(name, is_person=True, role=speaker.role, gender=gender)
        return speaker._replace(gender=gender)

    def in_role(self, role: str) -> Speaker | None:
        """Return the one person whose role ends so ("minister"), if there is just one."""
        found = {
            who for known, some in self._in_role.items() if known.endswith(role) for who in some
        }
        return self.full(Speaker(found.pop(), is_person=True)) if len(found) == 1 else None

    def is_sure(self, speaker: Speaker) -> bool:
        """Tell whether it is surely a person: named with a role, or elsewhere by surname alone."""
        return speaker.is_person and speaker.name.split()[-1] in self._sure


FORMS: tuple[Form, ...] = ("reported", "demand", "denial", "ascribed")
"""The parts of a table of verbs: how what they tell is given."""


class Verb(NamedTuple):
    """A verb of saying: what it takes, and the words that must stand with it.

    ``prepositions`` are those that what was said stands behind; of each of ``needs`` one word must
    be there.
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
    for one in table["phrase"]:
        needs = tuple(frozenset(words.lower().split()) for words in one["needs"])
        yield _verb(one["verb"], one.get("form", "reported"), one["takes"], needs)


def _verb(infinitive: str, form: Form, taken: str, needs: tuple[frozenset[str], ...] = ()) -> Verb:
    takes, prepositions = set(), set()
    for one in taken.split():
        name, _, after = one.partition(":")
        takes.add(name)
        prepositions |= set(after.split(",")) - {""}
    return Verb(infinitive, form, frozenset(takes), frozenset(prepositions), needs)


class Part(NamedTuple):
    """The sentences of a text, those that are in one language marked as such."""

    sentences: Sequence[Sentence]
    is_own: Sequence[bool]


class Reader(ABC):
    """Reads the sentences of a text that are in one language.

    It knows everybody in these, and all the ``people`` that readers of other languages met before
    it reads; and it has in mind who spoke last.
    """

    def __init__(self, text: str, part: Part, people: People) -> None:
        self.text, self.part, self.people = text, part, people
        self.memory = Memory(self.people)
        for sentence in compress(*part):
            for speaker in self.named(sentence.words()):
                self.people.meet(speaker)

    def found(self) -> Iterator[tuple[Sentence, Found]]:
        """Yield the passages of the text, none of which overlap, each with its sentence."""
        for sentence, is_own in zip(*self.part, strict=True):
            self.memory.next_sentence()
            if not is_own:
                continue
            for passage in _apart(self.said_in(sentence)):
                yield sentence, passage
            for speaker in self.named(sentence.words()):
                self.memory.name(self.people.full(speaker))
            self.memory.subject = self.subject_of(sentence)

    def subject_of(self, sentence: Sentence) -> Speaker | None:  # noqa: ARG002 - for languages
        """Return of whom a sentence tells something, if rules of the language know."""
        return None

    @abstractmethod
    def named(self, tokens: Sequence[Token]) -> Iterator[Speaker]:
        """Yield everybody whom some words may name."""

    @abstractmethod
    def said_in(self, sentence: Sentence) -> Iterator[Found]:
        """Yield the passages of a sentence, the surest first."""

    def carried_quote(self, sentence: Sentence) -> Iterator[Found]:
        """Yield a sentence that is all quotation, if it goes on with what was said before it."""
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
    ) -> Iterator[Found]:
        """Yield what somebody said as passages, and keep in mind who it was."""
        goes_on = self.memory.distance <= 1
        last = self.memory.speaker.name if self.memory.speaker else ""
        self.memory.spoke(speaker, sentence.paragraph)
        for passage in passages(self.text, content, speaker, form, cue):
            yield passage._replace(goes_on=goes_on, last=last)


def _apart(found: Iterable[Found]) -> list[Found]:
    """Keep of passages that overlap the first."""
    kept: list[Found] = []
    for passage in found:
        if not any(passage.start < other.end and other.start < passage.end for other in kept):
            kept.append(passage)
    return sorted(kept, key=lambda one: one.start)
