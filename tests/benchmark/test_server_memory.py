"""A server is asked for many pages, none of them soon again."""

from __future__ import annotations

from contextlib import closing
from itertools import islice

from timeline.benchmark.newsroom import Newsroom
from timeline.benchmark.server_memory import pages
from timeline.bootstrap import open_store
from timeline.domain.statement import StatementRecorded


def test_every_other_page_is_of_a_statement_and_none_comes_twice(sqlite_url: str) -> None:
    with closing(open_store(sqlite_url, prepare=False)) as services:
        services.log.append([*Newsroom(3_000).events()])
        asked = list(islice(pages(services.log), 400))
        said = [services.log.event(int(path.removeprefix("/s/"))) for path in asked[::2]]
    assert all(isinstance(event, StatementRecorded) for event in said)
    assert len(set(asked)) == len(asked)
    assert {path.split("/")[1] for path in asked[1::2]} > {"t", "a", "story"}
