"""Position rule version 1: where an actor stands on a topic, why, and when that changed.

One lane goes in (what one actor said on one topic), the answer comes out; nothing is stored and
no clock is read. `docs/position-rule.md` tells the rule in plain words.
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
