"""Files that nobody here wrote, by the maps that we ship; the truths are counted apart."""

from __future__ import annotations

import csv
import gzip
import os
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from timeline.bootstrap import open_store
from timeline.domain.dates import parse_date
from timeline.domain.naming import slugify, stable_id
from timeline.domain.scales import SCALES
from timeline.interchange import ImportOptions, import_files, read_map

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.interchange.desk import Desk
    from timeline.bootstrap import Services
    from timeline.domain.statement import StatementRecorded
    from timeline.interchange import Summary

pytestmark = pytest.mark.thorough

FIXTURES = Path(__file__).parents[2] / "fixtures"
WHOLE = "STANDLINE_TEST_UN_VOTES"
"""Names the whole bulk file for those who have it; it takes some minutes."""

WORDS = {"yes": "for", "no": "against", "abstain": "abstained"}


@pytest.fixture
def newsroom(sqlite_url: str) -> Iterator[Services]:
    """A whole store: who bears which name is read from its read models."""
    services = open_store(sqlite_url)
    yield services
    services.close()


def bring(desk: Desk | Services, file: Path, mapping: str) -> Summary:
    return import_files(desk, [file], ImportOptions(mapping=read_map(FIXTURES / mapping)))


def statements(desk: Desk | Services) -> Iterator[StatementRecorded]:
    for _, event in desk.log.stream():
        if event.TOPIC == "statement.recorded":
            yield event  # type: ignore[misc]  # the topic tells the type


def votes_on_record(desk: Desk | Services) -> Counter[tuple[str, str, str, str | None]]:
    word = SCALES["vote"].word
    return Counter(
        (said.speaker, said.topic, said.said_at, None if said.stance is None else word(said.stance))
        for said in statements(desk)
    )


def test_the_un_votes_that_we_show(desk: Desk) -> None:
    summary = bring(desk, FIXTURES / "un-votes.csv.gz", "un-votes.toml")
    assert (summary.recorded, summary.clean) == (2_938, True)
    assert (summary.topics_opened, summary.actors_introduced, summary.stories_opened) == (6, 20, 1)
    states = stable_id("actor", "united-states")
    embargo = stable_id("topic", "cuba-embargo")
    votes = sorted(
        (parse_date(said.said_at).latest, said.said_at, said.stance)
        for said in statements(desk)
        if (said.speaker, said.topic) == (states, embargo)
    )
    assert [day for _, day, stance in votes if stance == 0] == ["2016-10-26"]
    assert {stance for _, _, stance in votes} == {-2, 0}
    assert bring(desk, FIXTURES / "un-votes.csv.gz", "un-votes.toml").known == 2_938


def bulk_files() -> list[Path]:
    whole = os.environ.get(WHOLE)
    return [FIXTURES / "un-votes-bulk.csv.gz", *([Path(whole)] if whole else [])]


@pytest.mark.parametrize("path", bulk_files(), ids=lambda path: path.name)
@pytest.mark.timeout(1_800)
def test_a_bulk_file_of_un_votes_row_by_row(newsroom: Services, path: Path) -> None:
    truth: Counter[tuple[str, str, str, str | None]] = Counter()
    ids: defaultdict[tuple[str, str], str] = defaultdict(str)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            pair = [
                ids.setdefault((kind, row[kind]), stable_id(kind, slugify(row[kind])))
                for kind in ("actor", "topic")
            ]
            truth[pair[0], pair[1], row["occurred_at"], WORDS[row["stance"]]] += 1
    summary = bring(newsroom, path, "un-votes-bulk.toml")
    assert (summary.recorded, summary.clean) == (truth.total(), True)
    assert votes_on_record(newsroom) == truth
    newsroom.models.catch_up()
    head = newsroom.log.head()
    assert bring(newsroom, path, "un-votes-bulk.toml").known == truth.total()
    assert newsroom.log.head() == head


def test_the_roll_calls_of_the_bundestag(desk: Desk) -> None:
    summary = bring(desk, FIXTURES / "bundestag.csv", "bundestag.toml")
    with (FIXTURES / "bundestag.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert (summary.recorded, summary.clean) == (len(rows), True)
    slugs = {event.slug for event in desk.events("topic.opened")}
    assert slugs == {
        "fortsetzung-des-bundeswehreinsatzes-in-afghanistan",
        "aufhebung-des-vermoegensteuergesetzes",
    }
    reasons = Counter(said.no_position_reason for said in statements(desk))
    assert reasons["unstated"] == sum(row["stimme"] == "no_show" for row in rows) > 0
    truth = Counter(WORDS.get(row["stimme"]) for row in rows)
    recorded: Counter[str | None] = Counter()
    for (*_, word), count in votes_on_record(desk).items():
        recorded[word] += count
    assert recorded == truth
    assert bring(desk, FIXTURES / "bundestag.csv", "bundestag.toml").known == len(rows)


def test_the_berlin_talks(desk: Desk) -> None:
    path = FIXTURES / "berlin-talks.jsonl"
    summary = import_files(desk, [path])
    assert summary.clean, summary.rejections
    assert import_files(desk, [path]).known == summary.recorded
