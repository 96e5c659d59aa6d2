"""The rules by which a topic is coded, by command."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.terminal import done, refused, standline
from tests.docs.pages import FENCED, ROOT

if TYPE_CHECKING:
    from pathlib import Path

RULES = """
about = "Whether Ukraine should join, not when."

[stances.accepts]
rule = "Would live with it."
clear = [{words = "So be it.", source = "made up"}]
borderline = [{words = "In time.", coded = "no_position", why = "says when"}]

[[rules]]
title = "Whether, not when"
"""


@pytest.fixture
def store(sqlite_talks: str) -> str:
    return sqlite_talks


def test_a_codebook_is_set_from_a_file_and_printed_as_one_that_can_be_set(
    store: str, tmp_path: Path
) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(RULES, "utf-8")
    position = int(done("codebook", "eu-accession", "--set", str(file), "--store", store).out)
    printed = done("codebook", "eu-accession", "--store", store).out
    assert json.loads(printed)["stances"]["accepts"]["borderline"][0]["coded"] == "no_position"
    (tmp_path / "again.json").write_text(printed, "utf-8")
    again = ("codebook", "eu-accession", "--set", str(tmp_path / "again.json"), "--store", store)
    answer = standline(*again)
    assert int(answer.out) == position  # the same rules are no new version
    assert "on record already" in answer.err


def test_versions_are_printed_by_number(store: str, tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    for about in ("One.", "Two."):
        file.write_text(f'about = "{about}"', "utf-8")
        done("codebook", "eu-accession", "--set", str(file), "--reason", "Why.", "--store", store)
    first = done("codebook", "eu-accession", "--version", "1", "--store", store).out
    assert json.loads(first)["about"] == "One."
    third = ("codebook", "eu-accession", "--version", "3", "--store", store)
    assert "--version: the codebook of topic 'eu-accession' has no version 3" in refused(*third)


def test_what_a_new_version_leaves_out_is_told_with_the_version_that_has_it(
    store: str, tmp_path: Path
) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(RULES, "utf-8")
    to_set = ("codebook", "eu-accession", "--set", str(file), "--reason", "Why.", "--store", store)
    assert done(*to_set).err == ""
    file.write_text('[stances.opposes]\nrule = "Does not want it."', "utf-8")
    told = standline(*to_set).err
    assert "the new version leaves out about, accepts, 'Whether, not when'" in told
    assert "--version 1" in told


def test_a_topic_without_a_codebook_is_said_to_have_none(store: str) -> None:
    told = refused("codebook", "eu-accession", "--store", store)
    assert told.startswith("topic 'eu-accession' has no codebook; set one")


def test_a_file_that_is_no_codebook_is_refused_in_a_line(store: str, tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    for text, why in (("aboot = 1", "aboot"), ("about =", "Invalid"), ("", "says nothing")):
        file.write_text(text, "utf-8")
        told = refused("codebook", "eu-accession", "--set", str(file), "--store", store)
        assert why in told


def test_the_codebook_of_the_documentation_can_be_set(store: str, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "codebook.md").read_text("utf-8")
    (shown,) = (block for lang, block in FENCED.findall(page) if lang == "toml")
    file = tmp_path / "rules.toml"
    file.write_text(shown, "utf-8")
    done("codebook", "eu-accession", "--set", str(file), "--store", store)
    printed = json.loads(done("codebook", "eu-accession", "--store", store).out)
    assert printed["stances"]["accepts"]["clear"][0]["statement"].startswith("urn:uuid:")


def test_a_variable_that_no_value_could_be_kept_of_is_refused_in_a_line(
    store: str, tmp_path: Path
) -> None:
    file = tmp_path / "rules.toml"
    for declared, why in (
        ('id = "Frame"\nkind = "text"', "'Frame' cannot name a variable"),
        ('id = "frame"\nkind = "colour"', "is of kind 'colour', which there is not"),
        ('id = "frame"\nkind = "text"\nof = "topic"', "is a variable of 'topic'"),
        ('id = "frame"\nkind = "choice"', "the choices of 'frame' cannot be chosen from"),
    ):
        file.write_text(f"[[variables]]\n{declared}\n", "utf-8")
        told = refused("codebook", "eu-accession", "--set", str(file), "--store", store)
        assert why in told
