"""The archive: what came since the last time, in files that never change, and never a word."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import duckdb
import msgspec
import pytest

from tests.analysis.asked import FRUGAL, Archived
from tests.projections.histories import Past
from tests.projections.record import Record
from timeline.analysis.archiving import archive
from timeline.analysis.asking import Scope, position_known
from timeline.analysis.duck import open_duckdb
from timeline.analysis.manifest import MANIFEST, read_manifest
from timeline.domain.errors import NotFound, Refused, StandlineError
from timeline.domain.instants import iso_us
from timeline.projections.queries.log import QuarantinedEvent, known_at
from timeline.projections.tables import schema

if TYPE_CHECKING:
    from pathlib import Path

    from timeline.analysis.manifest import Manifest
    from timeline.domain.event import Event

pytestmark = pytest.mark.thorough


def a_history(length: int = 400) -> list[Event]:
    choices = [(n * 7, n * 13 % 97, n * 29 % 89, n * 31 % 83) for n in range(length)]
    return Past().take(choices).events


def filled(record: Record, events: list[Event]) -> Record:
    record.append(events)
    record.models.catch_up()
    return record


def hashes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.parquet")}


def test_what_is_there_stays_and_what_came_since_is_added(record: Record, tmp_path: Path) -> None:
    events = a_history()
    first = Archived.brought_up(filled(record, events[:200]), tmp_path)
    before = hashes(tmp_path)
    second = Archived.brought_up(filled(record, events[200:]), tmp_path)
    after = hashes(tmp_path)
    stays = {file.path for segment in first.manifest.segments for file in segment.files}
    assert {(name, before[name]) for name in stays} <= {*after.items()}
    assert [one.known_at for one in second.manifest.found] == [len(events)]
    assert [(segment.after, segment.upto) for segment in second.manifest.segments] == [
        (0, 200),
        (200, len(events)),
    ]
    assert second.manifest.segments[0] == first.manifest.segments[0]
    assert Archived.brought_up(record, tmp_path).manifest == second.manifest
    assert hashes(tmp_path) == after


def test_the_manifest_has_the_head_of_the_ledger(record: Record, tmp_path: Path) -> None:
    manifest = Archived.brought_up(filled(record, a_history()), tmp_path).manifest
    tree = record.log.tree()
    assert (manifest.ledger.size, manifest.ledger.root) == (tree.size, tree.root().hex())
    assert manifest.upto == record.log.head()
    assert manifest == read_manifest(tmp_path)


def test_no_word_and_no_name_is_in_it(record: Record, tmp_path: Path) -> None:
    Archived.brought_up(filled(record, a_history(600)), tmp_path)
    held = []
    for path in tmp_path.glob("*.parquet"):
        for row in duckdb.read_parquet(str(path)).fetchall():
            held += [str(cell) for cell in row]
    told = "\n".join(held)
    words: tuple[str, ...] = (
        "Words 1",
        "Other words",
        "Actor 1",
        "Paper 1",
        "Title 1",
        "Is it one?",
        "Yes.",
    )
    words += ("Alias", "Note", "A slip.", "Wrong.", "Reply 1", "circles", "Spokesperson", "Event 1")
    assert [word for word in words if word in told] == []
    assert "actor-1" in told
    assert "statement.redacted" in told


def test_an_archive_of_another_log_is_refused(record: Record, tmp_path: Path) -> None:
    Archived.brought_up(filled(record, a_history(50)), tmp_path / "archive")
    with Record.opened(f"sqlite:///{tmp_path / 'other.db'}") as other:
        filled(other, a_history(60))
        with pytest.raises(StandlineError, match="is not of this log"):
            Archived.brought_up(other, tmp_path / "archive")
        afresh = archive(other, tmp_path / "archive", afresh=True, limits=FRUGAL)
    assert {*afresh.named} == {*hashes(tmp_path / "archive")}


def test_another_version_of_the_code_writes_it_anew(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = a_history()
    Archived.brought_up(filled(record, events[:100]), tmp_path)
    filled(record, events[100:])
    monkeypatch.setattr(schema, "CODE_VERSION", schema.CODE_VERSION + 1)
    manifest = archive(record, tmp_path, limits=FRUGAL)
    assert [(segment.after, segment.upto) for segment in manifest.segments] == [(0, len(events))]
    assert {*manifest.named} == {*hashes(tmp_path)}


def test_a_file_that_is_not_as_it_was_is_named(record: Record, tmp_path: Path) -> None:
    archived = Archived.brought_up(filled(record, a_history(50)), tmp_path)
    file = archived.manifest.files("words")[0]
    (tmp_path / file.path).write_bytes((tmp_path / file.path).read_bytes()[:-1] + b"?")
    with pytest.raises(StandlineError, match=file.path):
        archived.rows("positions", None, 50)
    (tmp_path / file.path).unlink()
    with pytest.raises(StandlineError, match="No such file"):
        archived.rows("positions", None, 50)


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no archive"):
        read_manifest(tmp_path)
    (tmp_path / MANIFEST).write_text("{}")
    with pytest.raises(Refused, match="is no manifest"):
        read_manifest(tmp_path)


def test_an_instant_is_the_same_position_as_in_the_read_models(
    record: Record, tmp_path: Path
) -> None:
    events = a_history(600)
    assert "clock.confirmed" in {event.TOPIC for event in events}
    archived = Archived.brought_up(filled(record, events), tmp_path)
    instants = sorted({event.recorded_at + more for event in events for more in (-1, 0)})
    with (
        open_duckdb(tmp_path, archived.manifest, FRUGAL) as engine,
        record.read() as conn,
    ):
        for instant in instants[::20]:
            known = position_known(engine, archived.manifest, iso_us(instant))
            assert known == known_at(conn, instant)


def test_a_position_beyond_its_end_is_refused(record: Record, tmp_path: Path) -> None:
    archived = Archived.brought_up(filled(record, a_history(20)), tmp_path)
    with open_duckdb(tmp_path, archived.manifest, FRUGAL) as engine:
        assert position_known(engine, archived.manifest, None) == archived.manifest.upto
        with pytest.raises(Refused, match="not in the archive, which ends"):
            position_known(engine, archived.manifest, "@999999")
        with pytest.raises(Refused, match="is not a log position"):
            position_known(engine, archived.manifest, "@x")


def test_without_the_extra_a_line_says_what_to_install(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(Refused, match=r"install standline\[analysis\]"):
        archive(record, tmp_path)


def test_an_event_that_could_not_be_read_is_named_and_comes_in_once_it_can(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = a_history()
    filled(record, events[:100])
    with monkeypatch.context() as poisoned:
        aside = [QuarantinedEvent(7, "statement.recorded", "broken")]
        poisoned.setattr("timeline.analysis.archiving.quarantined_events", lambda _conn: aside)
        manifest = archive(record, tmp_path, limits=FRUGAL)
        assert manifest.aside == (7,)
        assert 7 not in positions_in(tmp_path, manifest)
    filled(record, events[100:])
    manifest = archive(record, tmp_path, limits=FRUGAL)
    assert manifest.aside == ()
    assert [(segment.after, segment.upto) for segment in manifest.segments] == [(0, len(events))]
    assert positions_in(tmp_path, manifest) == set(range(1, len(events) + 1))


def positions_in(folder: Path, manifest: Manifest) -> set[int]:
    paths = [str(folder / file.path) for file in manifest.files("events")]
    return {row[0] for row in duckdb.read_parquet(paths).fetchall()}


def test_what_the_rule_found_at_a_named_position_stays(record: Record, tmp_path: Path) -> None:
    events = a_history()
    archived = Archived.brought_up(filled(record, events[:200]), tmp_path, known_at=150)
    assert [(one.known_at, one.named) for one in archived.manifest.found] == [
        (150, True),
        (200, False),
    ]
    manifest = Archived.brought_up(filled(record, events[200:]), tmp_path).manifest
    assert [one.known_at for one in manifest.found] == [150, len(events)]
    assert manifest.found[0] == archived.manifest.found[0]
    with open_duckdb(tmp_path, manifest, FRUGAL) as engine:
        assert Scope(150).checked_tables(engine)
        with pytest.raises(Refused, match="as known at @150, @"):
            Scope(160).checked_tables(engine)
        with pytest.raises(Refused, match="at the end of each day"):
            Scope(150, as_of=1).checked_tables(engine)


def test_an_archive_of_another_edition_is_refused_until_it_is_brought_up(
    record: Record, tmp_path: Path
) -> None:
    manifest = Archived.brought_up(filled(record, a_history(50)), tmp_path).manifest
    first = msgspec.structs.replace(manifest, rule=1)
    with (
        pytest.raises(Refused, match="answers by edition 1"),
        open_duckdb(tmp_path, first, FRUGAL),
    ):
        pass
