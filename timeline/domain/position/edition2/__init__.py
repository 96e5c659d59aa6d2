"""Position rule, edition 2: who changed position on a topic, and what may be printed as "changed".

A `Record` goes in: all statements on one topic, walk-backs, mandates with their standing, and what
editors signed or declined, in all versions. No clock is read and nothing is stored. What comes
back, as of an instant and as known at a log position:

- `positions`: where each person and each side stands, by own words, and why;
- `changes`: pairs of ends that differ, each of one kind, `printed`, `waiting` or `declined`, with
  the reasons;
- `findings`: what is no change: two voices of a side that differ, a shade, a vote against a body.

`docs/position-rule.md` tells the rule in plain words.
"""

from timeline.domain.position.change import Change
from timeline.domain.position.edition2.change import RULE
from timeline.domain.position.edition2.derive import Findings, changes, findings, positions
from timeline.domain.position.edition2.mandates import Mandate, MandateStanding
from timeline.domain.position.edition2.record import Record, Topic, Verdict
from timeline.domain.position.edition2.recurring import Dissent
from timeline.domain.position.edition2.voices import Disagreement
from timeline.domain.position.edition2.words import Quote, StatementVersion
from timeline.domain.position.rule import Ignored, Position, Voice

__all__ = [
    "RULE",
    "Change",
    "Disagreement",
    "Dissent",
    "Findings",
    "Ignored",
    "Mandate",
    "MandateStanding",
    "Position",
    "Quote",
    "Record",
    "StatementVersion",
    "Topic",
    "Verdict",
    "Voice",
    "changes",
    "findings",
    "positions",
]
