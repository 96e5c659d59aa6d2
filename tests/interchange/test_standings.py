"""Who decides for a side goes out with the mandate, and comes back as it was."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.interchange.desk import Desk, row
from timeline.domain.actor import Actor
from timeline.domain.naming import stable_id

if TYPE_CHECKING:
    from pathlib import Path

MANDATE: dict[str, Any] = {"for": "russia", "as": "President", "from": "2012"}
STATED: list[dict[str, Any]] = [
    {"standing": "speaks", "topic": "eu-accession", "reason": "The council decides."},
    {"standing": "decides", "from": "2024", "until": "2025", "reason": "By decree."},
]
LINE: dict[str, Any] = {"kind": "actor", "actor": "dmitry-peskov", "mandates": [MANDATE]}
TOLD: dict[str, Any] = LINE | {"mandates": [MANDATE | {"standing": "decides", "stated": STATED}]}
STATE = {"kind": "actor", "actor": "russia", "actor_name": "Russia", "actor_kind": "state"}


def actor(desk: Desk) -> Actor:
    found = desk.log.load(Actor, stable_id("actor", "dmitry-peskov"))
    assert found is not None
    return found


def actor_line(desk: Desk) -> dict[str, Any]:
    lines = [json.loads(line) for line in desk.export("jsonl").splitlines()]
    return next(line for line in lines if line.get("actor") == "dmitry-peskov")


def test_all_of_it_comes_in_and_goes_out_with_its_mandate(desk: Desk) -> None:
    assert desk.take_rows(row(key="1"), STATE, TOLD).clean
    assert actor_line(desk)["mandates"] == TOLD["mandates"]


def test_read_again_nothing_changes_and_an_older_line_takes_nothing_away(desk: Desk) -> None:
    desk.take_rows(row(key="1"), STATE, TOLD)
    head = desk.log.head()
    desk.take_rows(TOLD)
    desk.take_rows(LINE)
    desk.take_rows(LINE | {"mandates": [MANDATE | {"standing": "speaks"}]})
    assert desk.log.head() == head


def test_a_mandate_of_which_nobody_said_it_takes_it_from_a_later_line(desk: Desk) -> None:
    desk.take_rows(row(key="1"), STATE, LINE)
    assert desk.take_rows(LINE | {"mandates": [MANDATE | {"standing": "decides"}]}).clean
    ((held, said),) = actor(desk).standings.items()
    assert [standing.standing for standing in said] == ["decides"]
    assert actor(desk).mandates[held].standing == ""


def test_a_standing_that_returns_comes_back_and_goes_on_what_is_on_record(
    desk: Desk, tmp_path: Path
) -> None:
    said = [{"standing": one, "reason": one} for one in ("decides", "speaks", "decides")]
    for some in (said[:2], said, said, said[:1]):
        assert desk.take_rows(
            row(key="1"), STATE, LINE | {"mandates": [MANDATE | {"stated": some}]}
        ).clean
    (stated,) = actor(desk).standings.values()
    assert [standing.standing for standing in stated] == ["decides", "speaks", "decides"]
    with Desk.opened(f"sqlite:///{tmp_path}/there.db", tmp_path) as other:
        (tmp_path / "out.jsonl").write_text(desk.export("jsonl"), "utf-8", newline="")
        assert other.take(tmp_path / "out.jsonl").clean
        assert actor(other).standings == actor(desk).standings


def test_an_import_of_an_export_is_the_identity(desk: Desk, tmp_path: Path) -> None:
    desk.take_rows(row(key="1"), STATE, TOLD)
    for form in ("jsonl", "csv"):
        out = desk.export(form)
        with Desk.opened(f"sqlite:///{tmp_path / form}.db", tmp_path) as other:
            (tmp_path / f"out.{form}").write_text(out, "utf-8", newline="")
            assert other.take(tmp_path / f"out.{form}").clean
            assert actor_line(other)["mandates"] == TOLD["mandates"]
            assert actor(other).mandates == actor(desk).mandates


def test_nonsense_is_refused_by_name(desk: Desk) -> None:
    bad = LINE | {"mandates": [MANDATE | {"standing": "rules"}]}
    assert "decides or speaks" in desk.refusal(row(key="1"), STATE, bad)
    bad = LINE | {"mandates": [MANDATE | {"stated": [{"standing": "decides", "since": "2024"}]}]}
    assert "since" in desk.refusal(bad)
