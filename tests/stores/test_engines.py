"""Generations of read models and the desk beside the log."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from tests.stores.disk import files_with
from timeline.stores.engines import (
    clear_traces,
    create_generation,
    desk_engine,
    drop_generation,
    exclusive,
    filling_engine,
    read_engine,
)

if TYPE_CHECKING:
    from timeline.stores.store_url import StoreUrl


def test_each_generation_has_tables_of_its_own(url: StoreUrl) -> None:
    for number in (1, 2):
        create_generation(url, number)
        engine = read_engine(url, number)
        with exclusive(engine) as conn:
            conn.execute(text("CREATE TABLE topics (slug TEXT)"))
            conn.execute(text("INSERT INTO topics VALUES (:slug)"), {"slug": f"in {number}"})
        engine.dispose()
    first = read_engine(url, 1)
    with first.connect() as conn:
        assert conn.execute(text("SELECT slug FROM topics")).all() == [("in 1",)]
    first.dispose()


def test_a_generation_begun_before_is_made_anew(url: StoreUrl) -> None:
    for _ in range(2):
        create_generation(url, 1)
        engine = read_engine(url, 1)
        with exclusive(engine) as conn:
            conn.execute(text("CREATE TABLE topics (slug TEXT)"))
        engine.dispose()


def test_a_generation_that_was_filled_is_read_while_it_is_written(url: StoreUrl) -> None:
    create_generation(url, 1)
    with filling_engine(url, 1) as filling, exclusive(filling) as conn:
        conn.execute(text("CREATE TABLE topics (slug TEXT)"))
    engine = read_engine(url, 1)
    with engine.connect() as reader:
        assert reader.execute(text("SELECT slug FROM topics")).all() == []
        with exclusive(engine) as writer:
            writer.execute(text("INSERT INTO topics VALUES ('peace')"))
        if url.is_sqlite:
            assert reader.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    with engine.connect() as reader:
        assert reader.execute(text("SELECT slug FROM topics")).all() == [("peace",)]
    engine.dispose()


def test_dropping_a_generation_that_is_not_there_is_fine(url: StoreUrl) -> None:
    drop_generation(url, 9)


def test_an_exclusive_transaction_that_fails_leaves_nothing(url: StoreUrl) -> None:
    create_generation(url, 1)
    engine = read_engine(url, 1)
    with pytest.raises(InterruptedError), exclusive(engine) as conn:
        _create_and_fail(conn)
    with engine.connect() as conn, pytest.raises(DatabaseError):
        conn.execute(text("SELECT slug FROM topics"))
    engine.dispose()


def test_a_savepoint_is_rolled_back_alone(url: StoreUrl) -> None:
    create_generation(url, 1)
    engine = read_engine(url, 1)
    with exclusive(engine) as conn:
        conn.execute(text("CREATE TABLE topics (slug TEXT)"))
        conn.execute(text("INSERT INTO topics VALUES ('kept')"))
        savepoint = conn.begin_nested()
        conn.execute(text("INSERT INTO topics VALUES ('poison')"))
        savepoint.rollback()
    with engine.connect() as conn:
        assert conn.execute(text("SELECT slug FROM topics")).all() == [("kept",)]
    engine.dispose()


def test_the_desk_is_there_whenever_it_is_asked_for(url: StoreUrl) -> None:
    desk = desk_engine(url)
    with exclusive(desk) as conn:
        conn.execute(text("CREATE TABLE users (handle TEXT)"))
    desk.dispose()
    again = desk_engine(url)
    with again.connect() as conn:
        assert conn.execute(text("SELECT handle FROM users")).all() == []
    again.dispose()


def _create_and_fail(conn: Connection) -> None:
    conn.execute(text("CREATE TABLE topics (slug TEXT)"))
    raise InterruptedError


def test_no_file_of_a_generation_holds_words_that_were_emptied(
    url: StoreUrl, request: pytest.FixtureRequest
) -> None:
    create_generation(url, 1)
    engine = read_engine(url, 1)
    words = secrets.token_urlsafe(1_200)
    with exclusive(engine) as conn:
        conn.execute(text("CREATE TABLE quotes (id INTEGER PRIMARY KEY, words TEXT)"))
        conn.execute(text("INSERT INTO quotes VALUES (1, :words)"), {"words": words})
    assert files_with(words, url, request)
    with exclusive(engine) as conn:
        conn.execute(text("UPDATE quotes SET words = ''"))
    clear_traces(url, 1)
    assert files_with(words, url, request) == []
    engine.dispose()
