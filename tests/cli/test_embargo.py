"""What waits for its moment, by command; and servers that record it when it comes."""

from __future__ import annotations

import json
import time
from contextlib import closing
from typing import TYPE_CHECKING

import msgspec
import pytest

from tests.cli.terminal import answered, done, refused, standline
from tests.cli.test_recording import ACCEPTS, HAPPENED
from tests.cli.test_serving import serving
from tests.support.waiting import wait_until
from timeline.bootstrap import open_store
from timeline.domain.instants import MICROSECONDS

if TYPE_CHECKING:
    from collections.abc import Sequence

FAR = "2099-11-28T09:00:00Z"


def kept(store: str, *more: str, until: str = FAR, given: Sequence[str] = ACCEPTS) -> str:
    return done(*given, "--embargo-until", until, *more, "--store", store).out.strip()


def comes_due(store: str, seconds: int) -> None:
    """Let what waits be due in so many seconds, or since then, however long it took to keep it."""
    with closing(open_store(store)) as services:
        due_at = services.clock() + seconds * MICROSECONDS
        for waits in services.desk.embargoes.waiting():
            changed = msgspec.structs.replace(waits, due_at=due_at, set_at=due_at - 1)
            services.desk.embargoes.keep(changed)


def nothing_waits_any_more(store: str) -> None:
    with closing(open_store(store)) as services:
        wait_until(lambda: not services.desk.embargoes.waiting())


def recorded(store: str) -> list[dict[str, object]]:
    found = done("log", "--json", "--store", store).objects
    return [one for one in found if str(one["type"]).endswith(".recorded")]


def test_what_is_kept_is_listed_moved_released_and_taken_back(talks: str) -> None:
    before = len(recorded(talks))
    entry = kept(talks, "--by", "ann")
    topics = ("--topic", "security-guarantees", "--status", "announced")
    other = kept(talks, *topics, given=HAPPENED)
    assert len(recorded(talks)) == before
    first, second = answered("embargo", "list", "--store", talks)
    assert (first["id"], first["author"], first["due_at"]) == (
        entry,
        "ann",
        "2099-11-28T09:00:00.000000Z",
    )
    assert (second["id"], second["kind"], second["words"]) == (other, "development", "A new round")
    assert done("embargo", "run", "--store", talks).out == ""
    done("embargo", "move", other, "2099-11-27T09:00:00Z", "--store", talks)
    assert [one["id"] for one in answered("embargo", "list", "--store", talks)] == [other, entry]
    number = int(done("embargo", "release", entry, "--store", talks).out)
    said = recorded(talks)[-1]
    assert (said["position"], said["recorded_by"], said["via"]) == (number, "ann", "api")
    line = json.loads(done("embargo", "withdraw", other, "--store", talks).out)
    assert (line["kind"], line["title"]) == ("development", "A new round")
    assert "waits for no moment any more" in refused("embargo", "release", other, "--store", talks)
    assert done("embargo", "list", "--store", talks).out == "nothing waits\n"
    assert len(recorded(talks)) == before + 1


def test_what_could_not_be_recorded_is_refused_when_it_is_kept(talks: str) -> None:
    nonsense = (*ACCEPTS, "--stance", "nonsense", "--embargo-until", FAR, "--store", talks)
    assert "nonsense" in refused(*nonsense)
    passed = refused(*ACCEPTS, "--embargo-until", "2020-01-01T00:00:00Z", "--store", talks)
    assert "that moment has passed" in passed
    assert answered("embargo", "list", "--store", talks) == []


def test_what_is_due_and_refused_is_told_and_kept(talks: str) -> None:
    kept(talks, "--attribution", "reported")
    done(*ACCEPTS, "--attribution", "reported", "--by", "ben", "--store", talks)
    comes_due(talks, -1)
    answer = standline("embargo", "run", "--store", talks)
    assert answer.status == 1
    assert "was recorded meanwhile and may be the same" in answer.err
    (waits,) = answered("embargo", "list", "--store", talks)
    assert "may be the same" in waits["trouble"]


@pytest.mark.thorough
def test_of_two_servers_one_records_what_is_due_also_what_fell_due_while_none_ran(
    talks: str,
) -> None:
    before = len(recorded(talks))
    kept(talks)
    comes_due(talks, -1)
    with (
        serving("serve", "--port", "0", "--store", talks),
        serving("serve", "--port", "0", "--store", talks) as second,
    ):
        later = ("--said-at", "2025-12-21", "--paraphrase", "It is not.")
        nothing_waits_any_more(talks)
        kept(talks, *later)
        comes_due(talks, 6)  # both look before, and then at the same moment
        nothing_waits_any_more(talks)
        time.sleep(6)
        assert second.asked("/t/eu-accession").status == 200
    assert len(recorded(talks)) == before + 2
    assert answered("embargo", "list", "--store", talks) == []


def test_a_doctor_tells_what_waits_and_that_nobody_records_what_is_overdue(talks: str) -> None:
    kept(talks)
    assert "embargoed 1  1 under embargo" in standline("doctor", "--store", talks).out
    comes_due(talks, -120)
    answer = standline("doctor", "--store", talks)
    assert answer.status == 1
    assert "1 entry under embargo is overdue: nobody serves the site" in answer.out + answer.err
    done("embargo", "run", "--store", talks)
    assert "overdue" not in standline("doctor", "--store", talks).out
