"""Position rule version 1: where an actor stands on a topic, why, and when that changed.

The input is one lane: what one actor said on one topic. Nothing is stored and no clock is read.
`docs/position-rule.md` explains the rule in plain words.
"""

from timeline.domain.position.change import Change, Step, changes, changes_between, steps
from timeline.domain.position.reading import RULE, Reading, Withdrawal
from timeline.domain.position.rule import Ignored, LaterHearsay, Position, Voice, position
from timeline.domain.position.standing import MIXED, ProvenStance, Stance

__all__ = [
    "MIXED",
    "RULE",
    "Change",
    "Ignored",
    "LaterHearsay",
    "Position",
    "ProvenStance",
    "Reading",
    "Stance",
    "Step",
    "Voice",
    "Withdrawal",
    "changes",
    "changes_between",
    "position",
    "steps",
]
