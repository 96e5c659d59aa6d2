"""What a reader of a text still has in mind: who spoke last, and who was named."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from timeline.capture.finding.people import Gender, People, Speaker

LONG_AGO = 1_000


class Memory:
    """Who spoke last and how long ago, and the people named in this sentence and the one before.

    ``distance`` counts sentences since somebody spoke, ``paragraph`` is where it was.
    """

    def __init__(self, people: People) -> None:
        self._people = people
        self.speaker: Speaker | None = None
        self.paragraph = -1
        self.distance = LONG_AGO
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
        """Return who "he" or "she" is, where only one person can be meant."""
        last = self.speaker
        if last and last.is_person and self.distance <= 1 and _fits(last, gender):
            return last
        people = [one for one in self._named or self._before if _fits(one, gender)]
        return people[0] if len(people) == 1 else None


def _fits(one: Speaker, gender: Gender) -> bool:
    return one.gender in ("", gender)
