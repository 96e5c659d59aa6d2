"""Somebody writes into the log's tables, or doctors a proof: each of so many tries is found out."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from tests.ledger.test_proof_files import KEY, growth, proof
from tests.stores.newsroom import introduced, redact
from tests.stores.test_chain import tampering
from tests.stores.test_redactions import fourth_part, wide_header, wide_salt, widest_header
from tests.support.postgres import cloned_database
from timeline.ledger import check
from timeline.stores.log import EventLog
from timeline.stores.mapper import exact_parts, state_of
from timeline.stores.proving import LogDoesNotHold
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.stores.test_chain import Change

SEED = 20_251_215
TRIES, EVENTS = 24, 1_200
MANY_TRIES, MANY_EVENTS = 1_000, 10_000
PROOFS, MANY_PROOFS = 300, 10_000
ERASURES, MANY_ERASURES = 6, 200
OTHER_FORMS = (fourth_part, wide_header, widest_header, wide_salt)
LETTERS = "A0b/\n=+ x"


@contextmanager
def copied(original: str, folder: Path) -> Iterator[StoreUrl]:
    """Lend a copy of a store that nobody has open."""
    url = StoreUrl.parse(original)
    if not url.is_sqlite:
        with cloned_database(original) as clone:
            yield StoreUrl.parse(clone)
        return
    copy = folder / "attacked.db"
    for end in ("-wal", "-shm"):
        copy.with_name(copy.name + end).unlink(missing_ok=True)
    shutil.copy(url.log_path, copy)
    yield StoreUrl.parse(f"sqlite:///{copy}")


def _rows(change: Change, asked: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    found: Any = change(asked, values)
    return [tuple(row) for row in found]


def _state(change: Change, at: int) -> bytes:
    return bytes(_rows(change, "SELECT state FROM stored_events WHERE {} = ?", (at,))[0][0])


def _put(change: Change, at: int, state: bytes) -> None:
    change("UPDATE stored_events SET state = ? WHERE {} = ?", (state, at))


def bit(change: Change, at: int, chance: random.Random) -> None:
    state = bytearray(_state(change, at))
    state[chance.randrange(len(state))] ^= 1 << chance.randrange(8)
    _put(change, at, bytes(state))


def byte(change: Change, at: int, chance: random.Random) -> None:
    state = bytearray(_state(change, at))
    del state[chance.randrange(len(state))]
    _put(change, at, bytes(state))


def words(change: Change, at: int, _: random.Random) -> None:
    committed, salt, content = exact_parts(_state(change, at))
    assert content is not None
    _put(change, at, state_of(committed, salt, content.replace(b"Actor", b"Other")))


def who(change: Change, at: int, _: random.Random) -> None:
    committed, salt, content = exact_parts(_state(change, at))
    _put(change, at, state_of(committed.replace(b"ann", b"bob"), salt, content))


def stream(change: Change, at: int, _: random.Random) -> None:
    change("UPDATE stored_events SET originator_id = ? WHERE {} = ?", ("actor-x", at))


def kind(change: Change, at: int, _: random.Random) -> None:
    change("UPDATE stored_events SET topic = ? WHERE {} = ?", ("actor.merged", at))


def chained(change: Change, at: int, _: random.Random) -> None:
    change("UPDATE stored_events SET chain = ? WHERE {} = ?", (bytes(32), at))


def deleted(change: Change, at: int, _: random.Random) -> None:
    change("DELETE FROM stored_events WHERE {} = ?", (at,))


MOVED = "UPDATE stored_events SET {0} = ? WHERE {0} = ?"


def swapped(change: Change, at: int, _: random.Random) -> None:
    for old, new in ((at, -1), (at + 1, at), (-1, at + 1)):
        change(MOVED, (new, old))


def inserted(change: Change, at: int, _: random.Random) -> None:
    columns = "originator_version, topic, state, chain"
    change("UPDATE stored_events SET {0} = - {0} WHERE {0} > ?", (at,))
    change(
        f"INSERT INTO stored_events ({{0}}, originator_id, {columns})"  # noqa: S608 - own names
        f" SELECT ?, 'actor-forged', {columns} FROM stored_events WHERE {{0}} = ?",
        (at + 1, at),
    )
    change("UPDATE stored_events SET {0} = 1 - {0} WHERE {0} < ?", (0,))


def cut_off(change: Change, at: int, _: random.Random) -> None:
    change("DELETE FROM stored_events WHERE {} > ?", (at,))


def edge(change: Change, _: int, chance: random.Random) -> None:
    hashes = bytearray(_rows(change, "SELECT edge FROM tree", ())[0][0])
    hashes[chance.randrange(len(hashes))] ^= 1
    change("UPDATE tree SET edge = ?", (bytes(hashes),))


def node(change: Change, _: int, chance: random.Random) -> None:
    nodes = _rows(change, "SELECT level, number FROM tree_nodes ORDER BY level, number", ())
    level, number = chance.choice(nodes)
    place = (bytes(32), level, number)
    change("UPDATE tree_nodes SET hash = ? WHERE level = ? AND number = ?", place)


def other_form(change: Change, at: int, chance: random.Random) -> None:
    _put(change, at, chance.choice(OTHER_FORMS)(_state(change, at)))


ATTACKS: dict[str, Callable[[Change, int, random.Random], None]] = {
    one.__name__: one
    for one in (
        *(bit, byte, words, who, stream, kind, chained),
        *(deleted, swapped, inserted, cut_off, edge, node, other_form),
    )
}
ELSEWHERE = ("cut_off", "edge", "node")
"""What is found at another place: where the log ends, or where a block of the tree does."""


def filled(address: str, number: int) -> int:
    """Fill a store with events and return its head."""
    with closing(EventLog.open(StoreUrl.parse(address))) as log:
        for begin in range(0, number, 1_000):
            log.append([introduced(one) for one in range(begin, min(begin + 1_000, number))])
        log.verify()
        return log.head()


def test_whatever_is_changed_in_the_log_is_found_and_its_place_is_named(
    store_url: str,
    tmp_path: Path,
    many: bool,  # noqa: FBT001 - a fixture
) -> None:
    chance = random.Random(SEED)  # noqa: S311 - to be repeated
    head = filled(store_url, MANY_EVENTS if many else EVENTS)
    found: Counter[str] = Counter()
    for _ in range(MANY_TRIES if many else TRIES):
        name, at = chance.choice([*ATTACKS]), chance.randrange(2, head - 1)
        with copied(store_url, tmp_path) as copy:
            with tampering(copy) as change:
                ATTACKS[name](change, at, chance)
            with closing(EventLog.open(copy)) as log, pytest.raises(LogDoesNotHold) as broken:
                log.verify()
        if name not in ELSEWHERE:
            assert abs(broken.value.position - at) <= 1, (name, at)
        found[name] += 1
    assert found.total() == (MANY_TRIES if many else TRIES)


def test_words_that_are_put_back_after_an_erasure_are_found_and_given_to_nobody(
    store_url: str,
    tmp_path: Path,
    many: bool,  # noqa: FBT001 - a fixture
) -> None:
    chance = random.Random(SEED)  # noqa: S311 - to be repeated
    head = filled(store_url, MANY_EVENTS if many else EVENTS)
    chosen = sorted(chance.sample(range(1, head + 1), MANY_ERASURES if many else ERASURES))
    with closing(EventLog.open(StoreUrl.parse(store_url))) as log:
        rows = {position: next(log.rows(position - 1, position)) for position in chosen}
        for position in chosen:
            redact(log, rows[position][1], position)
        log.erase(chosen)
        log.verify()
    for position in chosen:
        with copied(store_url, tmp_path) as copy:
            with tampering(copy) as change:
                _put(change, position, rows[position][4])
            with closing(EventLog.open(copy)) as log:
                with pytest.raises(LogDoesNotHold, match="has words although a redaction") as back:
                    log.verify()
                assert back.value.position == position
                assert next(log.stored(position - 1, position)).content is None


def test_a_history_that_was_made_anew_is_found_by_a_checkpoint_that_was_kept(
    store_url: str,
    tmp_path: Path,
    many: bool,  # noqa: FBT001 - a fixture
) -> None:
    chance = random.Random(SEED)  # noqa: S311 - to be repeated
    number = MANY_EVENTS if many else EVENTS
    filled(store_url, number)
    with closing(EventLog.open(StoreUrl.parse(store_url))) as log:
        rows, roots = list(log.stored()), {number: log.tree().root()}
    for turn in range(20 if many else 2):
        at = chance.randrange(number)
        forged = rows[at].committed.replace(b"ann", b"bob")
        history = [*rows[:at], msgspec.structs.replace(rows[at], committed=forged), *rows[at + 1 :]]
        made_anew = StoreUrl.parse(f"sqlite:///{tmp_path}/anew-{turn}.db")
        with closing(EventLog.open(made_anew)) as log:
            log.restore(history)
            log.verify()
            with pytest.raises(LogDoesNotHold, match="the record was rewritten"):
                log.verify(roots)


def test_no_doctored_proof_is_taken(many: bool) -> None:  # noqa: FBT001 - a fixture
    chance = random.Random(SEED)  # noqa: S311 - to be repeated
    written = proof()
    known = check.read_proof(written)
    refused = 0
    for _ in range(MANY_PROOFS if many else PROOFS):
        at, letter = chance.randrange(len(written)), chance.choice(LETTERS)
        altered = written[:at] + letter + written[at + 1 :]
        try:
            check.check(altered, check.follow(KEY, ""))
        except (check.Wrong, KeyError, TypeError, ValueError):
            refused += 1
        else:
            # What says the same in other letters is no other proof.
            read = check.read_proof(altered)
            assert (read[:3], read[3].text) == (known[:3], known[3].text)
    assert refused > 0.9 * (MANY_PROOFS if many else PROOFS)
    assert growth()
