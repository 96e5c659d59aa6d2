"""A newsroom on three machines; `make test-failover` brings the programs and runs these tests."""

from __future__ import annotations

import os
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import pytest

from tests.failover.cluster import running_cluster
from tests.failover.newsroom import Newsroom
from tests.faults.conftest import pytest_terminal_summary, tally
from tests.web.record.desk import Desk
from timeline.bootstrap import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.failover.cluster import Cluster

__all__ = ["pytest_terminal_summary", "tally"]

collect_ignore_glob = [] if "STANDLINE_FAILOVER" in os.environ else ["test_*.py"]


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Three machines, one of them primary."""
    with running_cluster() as cluster:
        with closing(open_store(cluster.url)) as services:
            Desk(services).furnish()
            services.models.catch_up()
        yield cluster


@pytest.fixture
def newsroom(cluster: Cluster) -> Iterator[Newsroom]:
    """People at work at a site on that cluster, which is whole when they begin."""
    cluster.await_whole()
    with ExitStack() as stack:
        yield Newsroom(cluster, stack)
