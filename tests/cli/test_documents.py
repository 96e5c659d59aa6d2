"""Sources and the texts that are kept of them, from the command line."""

from __future__ import annotations

from tests.cli.terminal import answered, done
from timeline.bootstrap import open_store
from timeline.projections.queries import entries

TEXT = "Am Ende sagte er nichts mehr dazu."


def test_documents_are_checked_against_their_texts(sqlite_talks: str) -> None:
    assert answered("documents", "check", "--store", sqlite_talks) == []
    services = open_store(sqlite_talks)
    with services.models.engine().connect() as conn:
        said = next(iter(entries.statements(conn, range(1, 100)).values()))
    services.newsroom.documents.take_snapshot(services.newsroom.byline("ann"), said.document, TEXT)
    services.close()
    (found,) = answered("documents", "check", "--store", sqlite_talks)
    assert (found["document"], found["texts"], found["found"]) == (said.document, 1, 0)
    assert found["entries"] >= 1
    assert "missing" in done("documents", "check", "--store", sqlite_talks).out
