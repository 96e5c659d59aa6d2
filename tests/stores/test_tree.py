"""The ledger's tree in a store: it grows with every append, and proves each event that is there."""

from __future__ import annotations

from contextlib import closing
from itertools import count
from typing import TYPE_CHECKING

import pytest
from pymerkle import InmemoryTree

from tests.stores.newsroom import introduced, record_actor, redact
from tests.stores.test_chain import tampering
from timeline.ledger.check import entries_in, grew
from timeline.ledger.merkle import Edge
from timeline.ledger.notes import Signer
from timeline.ledger.proofs import is_included
from timeline.ledger.tiles import tiles_of
from timeline.stores.chain import leaf_of
from timeline.stores.log import EventLog
from timeline.stores.store_url import StoreUrl
from timeline.stores.tile_files import write_tiles

if TYPE_CHECKING:
    from pathlib import Path

BATCHES = (1, 3, 251, 1, 300, 0, 255, 700, 2)
"""Across the ends of blocks of 256 events, and onto them."""


def leaves(log: EventLog) -> list[bytes]:
    return [leaf_of(row) for row in log.rows()]


def filled(log: EventLog) -> EventLog:
    numbers = count()
    for size in BATCHES:
        log.append([introduced(next(numbers)) for _ in range(size)])
    return log


def with_gaps(url: StoreUrl) -> None:
    """Let PostgreSQL burn positions, as every append that fails does."""
    if not url.is_sqlite:
        with tampering(url) as change:
            change("SELECT nextval('stored_events_notification_id_seq')", ())


def test_the_tree_grows_with_every_append(log: EventLog) -> None:
    numbers = count()
    for size in BATCHES:
        log.append([introduced(next(numbers)) for _ in range(size)])
        expected = Edge().grown(leaves(log))
        assert (log.tree().size, log.tree().root()) == (expected.size, expected.root)


def test_every_event_is_proven_in_it_and_so_is_its_growth(url: StoreUrl, log: EventLog) -> None:
    numbers = count()
    for size in BATCHES:
        log.append([introduced(next(numbers)) for _ in range(size)])
        with_gaps(url)
    tree, known = log.tree(), leaves(log)
    root = tree.root()
    for index, row in list(enumerate(log.rows()))[::37]:
        assert tree.size_at(row[0]) == index + 1
        proof = tree.inclusion(index + 1)
        assert is_included(index, tree.size, known[index], proof, root)
    for old in (1, 2, 255, 256, 257, 511, 512, 513, 1000, tree.size):
        old_root = Edge().grown(known[:old]).root
        assert tree.root(old) == old_root
        assert grew(old, old_root, tree.size, root, tree.consistency(old))


def test_a_position_between_two_events_counts_those_before_it(url: StoreUrl, log: EventLog) -> None:
    log.append([introduced(1), introduced(2)])
    with_gaps(url)
    log.append([introduced(3)])
    tree = log.tree()
    positions = [row[0] for row in log.rows()]
    assert [tree.size_at(at) for at in (0, *positions, 99)] == [0, 1, 2, 3, 3]
    assert tree.size_at(positions[2] - 1) == 2


def test_a_tree_stays_as_it_was_while_others_append(log: EventLog) -> None:
    filled(log)
    tree = log.tree()
    root = tree.root()
    log.append([introduced(number) for number in range(5000, 5600)])
    assert tree.root(tree.size) == root
    assert grew(
        tree.size, root, log.tree().size, log.tree().root(), log.tree().consistency(tree.size)
    )
    last = tree.size
    assert is_included(last - 1, last, leaves(log)[last - 1], tree.inclusion(last), root)


def test_a_log_is_verified_as_it_stood_while_others_append(log: EventLog) -> None:
    log.append([introduced(number) for number in range(2_050)])
    fresh = count(9_000)

    def append(_what: str, _done: int, _of: int) -> None:
        log.append([introduced(next(fresh))])

    verified = log.verify(on_progress=append)
    assert verified.size == 2_050
    assert log.count() == next(fresh) - 9_000 + 2_050
    assert log.verify().size == log.count()


def test_tiles_hold_the_hashes_of_each_level(log: EventLog) -> None:
    tree, known = filled(log).tree(), leaves(log)
    for tile in tiles_of(tree.size):
        span = 256**tile.level
        first = tile.number * 256
        hashes = [
            Edge().grown(known[at * span : (at + 1) * span]).root
            for at in range(first, first + tile.width)
        ]
        assert tree.tile(tile) == b"".join(hashes)
    assert tree.tile(next(iter(tiles_of(tree.size * 300)))) is not None
    assert all(tree.tile(tile) is None for tile in list(tiles_of(tree.size * 300))[-2:])


def test_a_second_implementation_makes_the_root_from_the_entries_alone(
    url: StoreUrl, log: EventLog, tmp_path: Path
) -> None:
    for size in (1, 255, 1, 300):
        log.append([introduced(log.count() + number) for number in range(size)])
        with_gaps(url)
    written = write_tiles(log, Signer.made("example.org/record"), tmp_path)
    other = InmemoryTree(algorithm="sha256")
    for one in entries_in(str(tmp_path), written.size):
        other.append_entry(one)
    assert other.get_root() == log.tree().root()
    last = (tmp_path / "tile/entries/002.p/45").read_bytes()
    assert log.tree().bundle(2, 45) == last
    assert last.startswith(log.tree().bundle(2, 44) or b"none")
    assert log.tree().bundle(2, 46) is None
    assert log.tree().bundle(3, 1) is None


def test_entries_hold_no_words(log: EventLog) -> None:
    record_actor(log, "peskov", "Dmitri Peskov")
    held = log.tree().bundle(0, 1)
    assert held is not None
    assert b"peskov" in held
    assert b"Dmitri" not in held


def test_a_restored_log_has_the_same_tree(log: EventLog, tmp_path: Path) -> None:
    filled(log)
    head = (log.tree().size, log.tree().root())
    with closing(EventLog.open(StoreUrl.parse(f"sqlite:///{tmp_path}/copy.db"))) as copy:
        copy.restore(log.stored())
        assert (copy.tree().size, copy.tree().root()) == head


def test_erased_words_leave_the_tree_as_it_was(log: EventLog) -> None:
    stream, position = record_actor(log, "peskov", "Peskov")
    redact(log, stream, position)
    root = log.tree().root()
    log.erase([position])
    assert log.tree().root() == root == Edge().grown(leaves(log)).root


def test_an_append_that_fails_leaves_the_tree_as_it_was(log: EventLog) -> None:
    log.append([introduced(1)])
    root = log.tree().root()
    with pytest.raises(Exception, match="somebody else recorded something"):
        log.append([introduced(2), introduced(1)])
    assert (log.tree().size, log.tree().root()) == (1, root)
