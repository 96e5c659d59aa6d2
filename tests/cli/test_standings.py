"""Who decides for a side, said by a script."""

from __future__ import annotations

from tests.cli.terminal import answered, done, refused


def test_a_script_lists_mandates_and_says_which_of_them_decide(talks: str) -> None:
    asked = ("standing", "list", "dmitry-peskov", "--store", talks)
    (held, *_) = answered(*asked)
    assert (held["for"], held["standing"], held["proposed"]) == ("russia", "", "speaks")
    said = ("standing", "set", "dmitry-peskov", held["mandate"])
    given = ("--topic", "eu-accession", "--from", "2025", "--reason", "By decree.")
    assert int(done(*said, "decides", *given, "--store", talks).out)
    (_, told) = answered(*asked)[:2]
    assert {name: told[name] for name in ("standing", "topic", "from", "reason")} == {
        "standing": "decides",
        "topic": "eu-accession",
        "from": "2025",
        "reason": "By decree.",
    }
    assert "reason" in refused(*said, "speaks", "--store", talks)
