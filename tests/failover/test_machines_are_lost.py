"""A machine of the documented cluster is lost: nothing acknowledged is, and everybody goes on."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.failover.newsroom import Newsroom
    from tests.faults.tally import Tally


def test_another_machine_takes_over_from_a_primary_whose_power_goes(
    newsroom: Newsroom, tally: Tally
) -> None:
    primary, since = newsroom.cluster.primary(), time.monotonic()
    assert primary
    primary.kill()
    newsroom.await_other_than(primary)
    newsroom.goes_on(since, tally)
    primary.start()
    newsroom.cluster.await_whole()
