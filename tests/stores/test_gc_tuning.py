from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from timeline.stores.gc_tuning import collector_paused

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _frozen_again() -> Iterator[None]:
    yield
    gc.freeze()


def test_what_a_process_has_frozen_stays_frozen_when_the_collector_goes_on() -> None:
    gc.freeze()
    frozen = gc.get_freeze_count()
    with collector_paused():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() >= frozen - 100  # of which a few may be gone


def test_nothing_stays_frozen_that_was_not() -> None:
    gc.unfreeze()
    with collector_paused(), collector_paused():
        assert not gc.isenabled()
        assert gc.get_freeze_count() > 0
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
