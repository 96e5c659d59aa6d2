"""Who is named in a text, and who is meant by a surname or a role."""

from __future__ import annotations

from collections import defaultdict
from typing import Literal, NamedTuple

Gender = Literal["", "he", "she"]


class Speaker(NamedTuple):
    """Who speaks, as the text has it; ``role`` is the word before a name, such as "Minister"."""

    name: str
    is_person: bool = False
    role: str = ""
    gender: Gender = ""


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
        if speaker.is_person and speaker.role:
            self._sure.add(surname)
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
