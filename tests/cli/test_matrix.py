"""`standline matrix`: who stood where at which moments."""

from __future__ import annotations

import json

from tests.cli.terminal import USAGE, answered, done, one_line, refused, standline

CUBA = ("matrix", "--topic", "cuba-embargo", "--actor", "brazil", "--actor", "cuba")


def test_a_matrix_is_a_table_with_a_column_for_each_moment(record: str) -> None:
    lines = done(*CUBA, "--at", "2015", "--at", "2019", "--store", record).out.splitlines()
    assert lines[0].split() == ["topic", "actor", "2015", "2019"]
    assert [line.split() for line in lines[1:]] == [
        ["cuba-embargo", "brazil", "for", "against"],
        ["cuba-embargo", "cuba", "for", "for"],
    ]


def test_json_tells_of_each_cell(record: str) -> None:
    found = answered(*CUBA, "--at", "2019", "--store", record)
    assert [(one["actor"], one["as_of"], one["stance"], one["value"]) for one in found] == [
        ("brazil", "2019", "against", -2),
        ("cuba", "2019", "for", 2),
    ]
    lines = done(*CUBA, "--at", "2019", "--jsonl", "--store", record).out.splitlines()
    assert [json.loads(line) for line in lines] == found


def test_csv_tells_of_each_cell_or_has_a_column_for_each_moment(record: str) -> None:
    lines = done(*CUBA, "--at", "2019", "--csv", "--store", record).out.splitlines()
    assert lines[0].startswith("topic,actor,as_of,stance,value,")
    assert lines[1].startswith("cuba-embargo,brazil,2019,against,-2,voted,")
    wide = done(*CUBA, "--at", "2019", "--csv", "--wide", "--store", record).out.splitlines()
    assert wide[0] == "topic,actor,2019"


def test_without_actors_they_are_those_who_took_part(record: str) -> None:
    found = answered("matrix", "--topic", "eu-accession", "--at", "2026", "--store", record)
    assert [one["actor"] for one in found] == ["russia"]


def test_a_story_is_all_its_topics(record: str) -> None:
    found = answered("matrix", "--story", "un-votes", "--at", "2019", "--store", record)
    assert len({one["topic"] for one in found}) == 6


def test_a_matrix_of_nothing_is_refused(record: str) -> None:
    assert refused("matrix", "--store", record).endswith("name a topic, a story or an actor")


def test_what_is_no_date_is_wrong_usage(record: str) -> None:
    answer = standline(*CUBA, "--at", "soon", "--store", record)
    assert one_line(answer, USAGE).startswith("--at: 'soon' is not a date")
