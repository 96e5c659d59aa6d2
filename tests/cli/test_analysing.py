"""`standline archive` and `standline analyse`: the record in typed columns, and what it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.terminal import answered, done, refused

if TYPE_CHECKING:
    from pathlib import Path

BY_2019 = ("--as-of", "2019-06-30")


def test_an_archive_answers_as_the_record_does(record: str, tmp_path: Path) -> None:
    folder = str(tmp_path / "archive")
    assert done("archive", folder, "--store", record).out.startswith("archived     up to @")
    told = ("topic", "actor", "stance", "statements")
    expected = answered("positions", *BY_2019, "--store", record)
    found = answered("analyse", "positions", *BY_2019, "--over", folder)
    assert [[one[name] for name in told] for one in found] == [
        [one[name] for name in told] for one in expected
    ]
    assert len(found) > 100
    assert done("archive", folder, "--check").out.startswith("unchanged    up to @")


def test_without_an_archive_one_is_made_for_the_question(record: str) -> None:
    asked = ("--topic", "cuba-embargo", "--as-of", "2016-12-31", "--store", record)
    found = answered("analyse", "positions", *asked)
    stood = {one["actor"]: one["value"] for one in found}
    assert stood["united-states"] == 0
    assert done("analyse", "positions", *asked, "--csv").out.startswith("topic,actor,stance,value,")


def test_the_question_is_printed_as_sql(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere.db")
    text = done("analyse", "positions", "--sql", "--store", nowhere).out
    assert text.startswith("with\n")
    assert "from standing as s" in text


def test_what_is_not_in_the_archive_is_refused_with_names_that_come_close(record: str) -> None:
    line = refused("analyse", "positions", "--topic", "cuba-embrago", "--store", record)
    assert line.endswith("did you mean cuba-embargo?")


def test_a_limit_that_does_not_suffice_is_told(record: str) -> None:
    line = refused("analyse", "positions", "--memory", "5MB", "--store", record)
    assert "more memory or disk than it may" in line
    assert "is no amount" in refused("analyse", "positions", "--memory", "much", "--store", record)
