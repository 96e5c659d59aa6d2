"""What a topic asks for, said by a script."""

from __future__ import annotations

from tests.cli.terminal import answered, done, refused


def test_a_script_says_what_a_topic_asks_for_and_when_words_on_it_are_old(talks: str) -> None:
    def asked() -> tuple[str, bool, int | None]:
        (found,) = [one for one in answered("topics", "--store", talks) if one["slug"] == TOPIC]
        return found["asks"], found["recurring"], found["limit_months"]

    assert asked() == ("position", False, 24)
    done("classify", TOPIC, "decision", "--recurring", "--store", talks)
    assert asked() == ("decision", True, None)
    said = ("classify", TOPIC, "position", "--limit-months", "6", "--store", talks)
    assert "reason" in refused(*said)
    done(*said, "--reason", "They only spoke.")
    assert asked() == ("position", False, 6)


def test_a_script_lets_a_topic_print_its_changes_as_derived(talks: str) -> None:
    def prints() -> str:
        (found,) = [one for one in answered("topics", "--store", talks) if one["slug"] == TOPIC]
        return str(found["prints"])

    assert prints() == "signed"
    done("classify", TOPIC, "position", "--derived", "--store", talks)
    assert prints() == "derived"


TOPIC = "eu-accession"
