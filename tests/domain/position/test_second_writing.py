"""Edition 2 answers as its page does, read and written down a second time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.position.agreement import disagreements
from tests.domain.position.random_topics import FIRST_DAY, MOST, history
from tests.support.tiers import scaled
from timeline.domain.instants import DAY

if TYPE_CHECKING:
    from random import Random

INSTANTS = st.integers(FIRST_DAY * DAY, (FIRST_DAY + 1_200) * DAY)
LOG = st.integers(1, 2 * MOST)


@settings(max_examples=scaled(500))
@given(st.randoms(use_true_random=False), INSTANTS, LOG)
def test_both_writings_agree_on_any_history_at_both_clocks(
    random: Random, as_of: int, known_at: int
) -> None:
    record = history(random)
    now = (FIRST_DAY + 900) * DAY
    for said in (None, as_of):
        for known in (None, known_at):
            assert disagreements(record, said, known, now) == {}
