"""Signing and declining changes from a script."""

from __future__ import annotations

from tests.cli.terminal import answered, done, refused

SOURCE = ("--source-outlet", "Der Standard", "--source-published-at", "2025-12-21")
SAID = ("record", "statement", "--topic", "eu-accession", "--actor", "russia", *SOURCE)


def test_a_script_signs_declines_and_opens_a_change_again(talks: str) -> None:
    store = ("--store", talks)
    one = ("--stance", "opposes", "--said-at", "2025-12-19", "--paraphrase", "Never.")
    other = ("--stance", "accepts", "--said-at", "2025-12-20", "--paraphrase", "So be it.")
    before, after = (done(*SAID, *words, *store).out.strip() for words in (one, other))
    ends = ("--before", before, "--after", after)
    of = ("--topic", "eu-accession", "--actor", "russia", *ends, *store)
    signed = ("sign", *of, "--sentence", "Russia now accepts it.", "--caveat", "in talks")
    assert "second person" in refused(*signed, "--four-eyes")
    position = int(done(*signed, "--four-eyes", "--by", "ann").out)
    (told,) = answered("verdict", "list", *store)
    assert (told["position"], told["verdict"], told["by"]) == (position, "signed", "ann")
    assert (told["before"], told["after"]) == ([int(before)], [int(after)])
    done("decline", *of, "--cause", "thin", "--note", "Two words.")
    (told,) = answered("verdict", "list", "--topic", "eu-accession", *store)
    assert (told["verdict"], told["cause"], told["words"]) == ("declined", "thin", "Two words.")
    done("verdict", "reopen", *of, "--reason", "A fuller quote was found.")
    assert answered("verdict", "list", *store) == []
    assert "nobody has signed" in refused("verdict", "reopen", *of, "--reason", "Again.")


def test_a_script_signs_a_change_in_another_language_too(talks: str) -> None:
    store = ("--store", talks)
    one = ("--stance", "opposes", "--said-at", "2025-12-19", "--paraphrase", "Never.")
    other = ("--stance", "accepts", "--said-at", "2025-12-20", "--paraphrase", "So be it.")
    before, after = (done(*SAID, *words, *store).out.strip() for words in (one, other))
    ends = ("--before", before, "--after", after)
    of = ("sign", "--topic", "eu-accession", "--actor", "russia", *ends, *store)
    also = ("--also", "de", "Russland nimmt es jetzt hin.", "")
    done(*of, "--sentence", "Russia now accepts it.", *also)
    (told,) = answered("verdict", "list", *store)
    assert told["also"] == [{"lang": "de", "sentence": "Russland nimmt es jetzt hin."}]
    assert "no language" in refused(*of, "--sentence", "So.", "--also", "Deutsch", "So.", "")
