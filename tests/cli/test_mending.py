"""What follows an entry, an actor or a topic, by command: the rules are those of the forms."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.terminal import answered, done, one_line, refused, standline
from tests.web.site import Site
from timeline.bootstrap import open_store
from timeline.interchange import ImportOptions, import_files
from timeline.projections.queries.imported import imports

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.terminal import Answer

DONETSK = ("--topic", "donetsk-withdrawal", "--actor", "russia")
WHY = ("--reason", "We misread it.")


@pytest.fixture
def store(sqlite_talks: str) -> str:
    return sqlite_talks


def place(answer: Answer) -> int:
    return int(answer.out)


def number_of(store: str, *options: str) -> int:
    (standing,) = answered("positions", *options, "--why", "--store", store)
    return int(standing["counted"][-1])


def shown(store: str, number: int) -> dict[str, Any]:
    (found,) = answered("show", str(number), "--store", store)
    assert isinstance(found, dict)
    return found


def test_a_correction_mends_fields_and_the_source(store: str) -> None:
    number = number_of(store, *DONETSK)
    mend = ("--stance", "opposes", "--hedge", "könnte", "--source-author", "A. Reporter")
    answer = done("correct", str(number), *mend, *WHY, "--store", store)
    assert len(answer.out.split()) == 2
    (standing,) = answered("positions", *DONETSK, "--store", store)
    assert standing["stance"] == "opposes"
    told = shown(store, number)
    assert told["row"]["hedge"] == "könnte"
    assert told["row"]["source"]["author"] == "A. Reporter"
    assert {one["type"] for one in told["events"]} >= {"statement.recorded", "statement.corrected"}


def test_several_entries_are_corrected_alike_or_none_is(store: str) -> None:
    topics = ("--topic", "peace-agreement", "--topic", "nato-membership")
    asked = ("positions", *topics, "--why", "--store", store)
    found = sorted({n for one in answered(*asked) for n in one["counted"]})
    numbers = tuple(map(str, found))
    assert len(numbers) > 1
    to = ("--topic", "territorial-concessions", *WHY, "--store", store)
    (position,) = done("log", "-n", "1", "--json", "--store", store).objects
    depends = refused("correct", *numbers, "--topic", "security-guarantees", *to[2:])
    assert depends.startswith(f"#{numbers[0]} condition.topic: a stance cannot depend on")
    assert done("log", "-n", "1", "--json", "--store", store).objects == [position]
    assert len(done("correct", *numbers, *to).out.split()) == len(numbers)
    for number in found:
        assert shown(store, number)["row"]["topic"] == "territorial-concessions"


def test_nothing_is_corrected_where_one_field_of_a_source_is_refused(store: str) -> None:
    found = answered("positions", "--topic", "nato-membership", "--why", "--store", store)
    numbers = (str(number_of(store, *DONETSK)), str(found[0]["counted"][-1]))
    head = events_of(store)
    bad = ("--source-published-at", "nonsense", *WHY, "--store", store)
    for given in (("--paraphrase", "Same."), ("--source-title", "Another title")):
        refused("correct", *numbers, *given, *bad)
        assert events_of(store) == head
    both = ("--source-title", "Another title", "--source-author", "A. Reporter", "--key", "two")
    done("correct", *numbers, *both, *WHY, "--store", store)
    head = events_of(store)
    assert standline("correct", *numbers, *both, *WHY, "--store", store).status == 0
    assert events_of(store) == head
    corrected = [shown(store, int(number))["row"]["source"] for number in numbers]
    assert {(one["title"], one["author"]) for one in corrected} == {
        ("Another title", "A. Reporter")
    }


def test_a_correction_under_a_key_counts_once(store: str) -> None:
    number = number_of(store, *DONETSK)
    mend = ("correct", str(number), "--stance", "opposes", *WHY, "--key", "one", "--store", store)
    first = done(*mend)
    again = standline(*mend)
    assert (again.out, again.status) == (first.out, 0)
    assert "on record already" in again.err


def test_an_empty_text_empties_a_field_and_a_needed_one_cannot_be(store: str) -> None:
    number = number_of(store, "--topic", "peace-agreement", "--actor", "dmitry-peskov")
    assert "condition" in shown(store, number)["row"]
    done("correct", str(number), "--condition-text", "", *WHY, "--store", store)
    assert "condition" not in shown(store, number)["row"]
    line = refused("correct", str(number), "--actor", "", *WHY, "--store", store)
    assert line == "actor cannot be left empty; retract the entry if all of it is wrong"


def test_a_correction_of_nothing_is_refused(store: str) -> None:
    line = refused("correct", "64", *WHY, "--store", store)
    assert line == "correct: nothing is changed; name a field and what it should hold"


def test_what_is_retracted_moves_nobody_until_it_is_reinstated(store: str) -> None:
    number = number_of(store, *DONETSK)
    done("retract", str(number), *WHY, "--store", store)
    standing = answered("positions", *DONETSK, "--why", "--store", store)
    assert number not in {one for each in standing for one in each["counted"]}
    assert shown(store, number)["retracted"] is True
    line = refused("retract", str(number), *WHY, "--store", store)
    assert "is retracted already" in line
    done("reinstate", str(number), "--reason", "It was right.", "--store", store)
    assert number_of(store, *DONETSK) == number


def events_of(store: str) -> int:
    return len(done("log", "--json", "--store", store).out.splitlines())


LATER = "nine,Should school begin at nine?,Cy,supports,2025-03-03,Gazette"
TWO_ROWS = """topic,topic_question,actor,stance,said_at,source.outlet
nine,Should school begin at nine?,Ann,supports,2025-03-01,Gazette
nine,Should school begin at nine?,Bo,opposes,2025-03-02,Gazette
"""


def test_an_import_is_taken_back_as_a_whole_and_nothing_else(store: str, tmp_path: Path) -> None:
    file = tmp_path / "nine.csv"
    file.write_text(TWO_ROWS)
    done("import", str(file), "--store", store)
    take_back = ("retract", "--imported", str(file), *WHY, "--store", store)
    before = events_of(store)
    rehearsed = standline(*take_back, "--dry-run")
    listed = rehearsed.out.split()
    assert (rehearsed.status, len(listed)) == (0, 2)
    assert "files of the name 'nine.csv' count alike, whichever folder" in rehearsed.err
    assert events_of(store) == before
    assert done(*take_back).out == "2 entries retracted\n"
    assert all(shown(store, int(number))["retracted"] for number in listed)
    assert answered("positions", "--topic", "nine", "--store", store)[0]["stance"] is None
    assert number_of(store, *DONETSK)
    assert "nothing that stands was imported from 'nine.csv'" in refused(*take_back)


def test_of_two_imports_of_one_file_the_last_is_taken_back(store: str, tmp_path: Path) -> None:
    file = tmp_path / "nine.csv"
    file.write_text(TWO_ROWS)
    done("import", str(file), "--store", store)
    head = events_of(store)
    file.write_text(TWO_ROWS + "nine,,Cy,supports,2025-03-03,Gazette\n")
    done("import", str(file), "--store", store)
    given = ("--imported", "nine.csv", "--after", str(head), *WHY, "--store", store)
    assert done("retract", *given).out == "1 entry retracted\n"


def test_of_two_files_of_one_name_the_command_asks_which_is_meant(
    store: str, tmp_path: Path
) -> None:
    there = ("--store", store)
    for folder, actor in (("a", "Ann"), ("b", "Bo")):
        (tmp_path / folder).mkdir()
        row = next(line for line in TWO_ROWS.splitlines() if actor in line)
        (tmp_path / folder / "nine.csv").write_text(f"{TWO_ROWS.splitlines()[0]}\n{row}\n")
        done("import", str(tmp_path / folder / "nine.csv"), *there)
        done(
            "correct", str(number_of(store, *DONETSK)), "--paraphrase", f"As {actor}.", *WHY, *there
        )
    take_back = ("retract", "--imported", str(tmp_path / "b" / "nine.csv"), *WHY, *there)
    line = refused(*take_back)
    assert line.startswith("--imported: files of the name 'nine.csv' were imported more than once:")
    assert line.endswith("give --after and --upto of one of them, or --after 0 for all")
    first, last = re.findall(r"(--after \d+ --upto \d+) \(1 entry, ", line)
    answer = standline(*take_back, *first.split(), "--dry-run")
    (number,) = answer.out.split()
    assert "files of the name 'nine.csv' count alike" in answer.err
    assert done(*take_back, *last.split()).out == "1 entry retracted\n"
    assert shown(store, int(number))["retracted"] is False


def test_imports_of_one_name_are_told_apart_by_a_pause_as_well(
    sqlite_url: str, tmp_path: Path
) -> None:
    file, head, moment = tmp_path / "nine.csv", TWO_ROWS.splitlines()[0], [1_765_900_000_000_000]
    services = open_store(sqlite_url, clock=lambda: moment[0])
    for seconds, row in zip((0, 5, 60), (*TWO_ROWS.splitlines()[1:], LATER), strict=True):
        moment[0] += seconds * 1_000_000
        file.write_text(f"{head}\n{row}\n")
        import_files(services, [file], ImportOptions(by="carl"))
    services.models.catch_up()
    with services.models.engine().connect() as conn:
        found = imports(conn, "nine.csv", 0, 1_000)
    services.close()
    assert [len(one.standing) for one in found] == [2, 1]
    assert found[0].last + 1 == found[1].first


def test_one_entry_or_one_import_is_retracted(store: str) -> None:
    for given in ((), ("1", "--imported", "nine.csv"), ("1", "--dry-run"), ("1", "--upto", "9")):
        assert standline("retract", *given, *WHY, "--store", store).status == 2


def test_withheld_words_are_not_shown(store: str) -> None:
    number = number_of(store, *DONETSK)
    words = shown(store, number)["row"]["paraphrase"]
    done("retract", str(number), "--withhold", "--reason", "Asked for.", "--store", store)
    for form in ((), ("--json",)):
        told = done("show", str(number), *form, "--store", store).out
        assert words not in told
        assert "Asked for." in told


def test_entries_are_linked_and_unlinked(store: str) -> None:
    peskov = ("--topic", "peace-agreement", "--actor", "dmitry-peskov")
    one, other = number_of(store, *DONETSK), number_of(store, *peskov)
    done("link", str(one), "answers", str(other), "--note", "The next day.", "--store", store)
    assert "answers" in done("show", str(one), "--store", store).out
    done("unlink", str(one), "answers", str(other), *WHY, "--store", store)
    line = refused("link", str(one), "answers", str(one), "--store", store)
    assert "itself" in line


def test_actors_are_merged_and_parted(store: str) -> None:
    done("merge", "dmitry-peskov", "vladimir-putin", *WHY, "--store", store)
    slugs = {one["slug"] for one in answered("actors", "--store", store)}
    assert "dmitry-peskov" not in slugs
    done("unmerge", "dmitry-peskov", *WHY, "--store", store)
    assert "dmitry-peskov" in {one["slug"] for one in answered("actors", "--store", store)}
    assert refused("unmerge", "dmitry-peskov", *WHY, "--store", store)


def test_a_topic_is_reworded_only_if_it_asks_the_same(store: str) -> None:
    ask = ("reword", "eu-accession", "Should Ukraine be in the EU?", *WHY, "--store", store)
    assert "a new topic" in refused(*ask)
    done(*ask, "--same-meaning")
    questions = {one["slug"]: one["question"] for one in answered("topics", "--store", store)}
    assert questions["eu-accession"] == "Should Ukraine be in the EU?"


def test_a_topic_reworded_to_look_like_another_is_told(store: str) -> None:
    questions = {one["slug"]: one["question"] for one in answered("topics", "--store", store)}
    own, other = questions.pop("eu-accession"), next(iter(questions))
    alike = questions[other].replace("e", "е")
    ask = ("reword", "eu-accession", alike, "--same-meaning", *WHY, "--store", store)
    told = standline(*ask).err
    assert f"looks like the topic {other} and is written otherwise" in told
    done("reword", "eu-accession", own, *ask[3:])


def test_what_is_not_on_record_is_told(store: str) -> None:
    assert "99999" in refused("show", "99999", "--store", store)
    assert "no actor" in refused("merge", "nobody", "russia", *WHY, "--store", store)
    assert "no topic" in refused("reword", "nothing", "Is it?", *WHY, "--store", store)


def test_a_command_is_refused_in_the_words_of_the_form(store: str) -> None:
    number = number_of(store, *DONETSK)
    line = refused("correct", str(number), "--stance", "for", *WHY, "--store", store)
    services = open_store(store)
    try:
        site = Site(services)
        page = site.post(
            f"/record/{number}/correct",
            {"stance": "for", "reason": "We misread it.", "key": "k", "version": "1"},
        ).text
    finally:
        services.close()
    assert "use one of: opposes, doubts, undecided, accepts, supports" in line
    assert "opposes, doubts, undecided, accepts, supports" in page


def test_show_tells_an_entry_and_its_history_in_lines(store: str) -> None:
    number = number_of(store, *DONETSK)
    done("correct", str(number), "--hedge", "dürfte", *WHY, "--by", "anna", "--store", store)
    lines = done("show", str(number), "--store", store).out.splitlines()
    assert lines[0] == f"statement {number}"
    assert any(line.split() == ["topic", "donetsk-withdrawal"] for line in lines)
    correction = next(line for line in lines if line.startswith("statement.corrected"))
    assert "anna" in correction
    assert any(line.split()[:1] == ["reason"] and "We misread it." in line for line in lines)
    assert json.loads(done("show", str(number), "--json", "--store", store).out)


def test_a_number_that_is_none_is_wrong_usage(store: str) -> None:
    answer = standline("show", "sixty", "--store", store)
    assert one_line(answer, 2).startswith("Invalid value for 'NUMBER'")
