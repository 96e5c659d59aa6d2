"""Random histories: an archive, asked in SQL, says what the rule in Python says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.analysis.asked import Archived
from tests.projections.histories import DAYS, histories
from tests.projections.record import Record, cut
from tests.support.tiers import scaled
from timeline.domain.dates import parse_date

if TYPE_CHECKING:
    from pathlib import Path

    from tests.projections.test_random_histories import Examples, FreshStore
    from timeline.domain.event import Event

EXAMPLES = settings(
    max_examples=scaled(5),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
MOMENTS = st.tuples(st.integers(0, 99), st.sampled_from((None, *DAYS)))


@pytest.mark.scaled
def test_an_archive_that_grew_answers_as_the_rule_does(
    fresh_store: FreshStore,
    examples: Examples,
    archives: Any,  # noqa: ANN401 - makes one empty folder after the other
) -> None:
    @examples(EXAMPLES)
    @given(
        events=histories(),
        places=st.lists(st.integers(0, 99), max_size=4),
        moments=st.lists(MOMENTS, min_size=1, max_size=3),
    )
    def it_does(
        events: list[Event], places: list[int], moments: list[tuple[int, str | None]]
    ) -> None:
        folder: Path = archives()
        with fresh_store() as address, Record.opened(address) as record:
            for piece in cut(events, places):
                record.append(piece)
                record.models.catch_up()
                archived = Archived.brought_up(record, folder)
            for place, day in [(0, None), *moments]:
                known_at = len(events) - place % (len(events) + 1)
                as_of = parse_date(day).latest if day else None
                if not any(getattr(event, "withhold", False) for event in events[known_at:]):
                    archived.check(record, as_of, known_at)
                    continue
                # Of moments before an entry was withheld an archive still holds its codes.
                with fresh_store() as other, Record.opened(other) as ended:
                    ended.log.append(events[:known_at])
                    archived.check(record, as_of, known_at, ended)

    it_does()
