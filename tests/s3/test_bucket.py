"""An archive in a bucket: written, continued, asked, and told of in one line when that fails."""

from __future__ import annotations

from contextlib import closing
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import pytest

from tests.web.record.desk import furnished
from timeline.analysis.archiving import archive
from timeline.analysis.bucket import Bucket
from timeline.analysis.manifest import read_manifest, verified
from timeline.domain.errors import NotFound, Refused, StandlineError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.s3.conftest import Storage
    from tests.web.record.desk import Desk
    from timeline.analysis.manifest import Manifest

PLACE = "s3://newsroom/archives/main"


@pytest.fixture
def bucket(storage: Storage) -> Bucket:
    """A folder of a bucket with nothing in it."""
    with closing(HTTPConnection("127.0.0.1", storage.port)) as connection:
        connection.request("PUT", "/newsroom")
        assert connection.getresponse().status == 200
    return Bucket(PLACE)


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    """An editor at a store with a statement."""
    for desk in furnished(sqlite_url):
        said(desk, 1)
        yield desk


def said(desk: Desk, day: int) -> None:
    desk.say(said_at=f"2025-12-{day:02}", paraphrase=f"Day {day}.")
    desk.services.models.catch_up()


def brought(bucket: Bucket) -> Manifest:
    """Bring an archive here and compare each file with its hash."""
    with bucket.local_copy() as folder:
        manifest = read_manifest(folder)
        for segment in manifest.segments:
            for file in segment.files:
                verified(folder, file)
    return manifest


def test_an_archive_there_holds_what_one_on_the_disk_does(
    bucket: Bucket, desk: Desk, tmp_path: Path
) -> None:
    assert bucket.archive(desk.services) == archive(desk.services, tmp_path / "archive")
    assert brought(bucket).upto == desk.head()


def test_a_later_run_adds_files_and_leaves_those_that_are_there(bucket: Bucket, desk: Desk) -> None:
    first = bucket.archive(desk.services)
    said(desk, 2)
    second = bucket.archive(desk.services)
    assert second.segments[:-1] == first.segments
    assert brought(bucket) == second
    assert bucket.named() == {*second.named, "manifest.json", "tables.sql"}


def test_written_anew_it_has_nothing_of_before(bucket: Bucket, desk: Desk) -> None:
    bucket.archive(desk.services)
    said(desk, 2)
    bucket.archive(desk.services)
    anew = bucket.archive(desk.services, afresh=True)
    assert len(anew.segments) == 1
    assert bucket.named() == {*anew.named, "manifest.json", "tables.sql"}


def test_who_writes_beside_another_is_refused_and_breaks_nothing(
    bucket: Bucket, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket.archive(desk.services)
    said(desk, 2)
    send = Bucket._upload  # noqa: SLF001 - where the other one comes in between

    def beside(self: Bucket, place: Path, mode: object = "overwrite") -> None:
        if place.name == "manifest.json":
            monkeypatch.setattr(Bucket, "_upload", send)
            Bucket(PLACE).archive(desk.services, afresh=True)
        send(self, place, mode)

    monkeypatch.setattr(Bucket, "_upload", beside)
    with pytest.raises(StandlineError, match="somebody else wrote the archive"):
        bucket.archive(desk.services)
    assert len(brought(bucket).segments) == 1


def test_a_run_that_breaks_off_leaves_the_archive_as_it_was(
    bucket: Bucket, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = bucket.archive(desk.services)
    said(desk, 2)
    send = Bucket._upload  # noqa: SLF001 - where it breaks off

    def breaks(self: Bucket, place: Path, mode: object = "overwrite") -> None:
        if place.name == "tables.sql":
            raise KeyboardInterrupt
        send(self, place, mode)

    monkeypatch.setattr(Bucket, "_upload", breaks)
    with pytest.raises(KeyboardInterrupt):
        bucket.archive(desk.services)
    assert brought(bucket) == before


def test_an_archive_that_is_not_there_and_a_bucket_that_is_none_are_told(bucket: Bucket) -> None:
    with pytest.raises(NotFound, match="there is no archive at s3://newsroom"), bucket.local_copy():
        pass
    for address in ("s3:///folder", "s3://newsroom?region=x", "s3://newsroom/a#b"):
        with pytest.raises(Refused, match="is no place in S3 storage"):
            Bucket(address)


def test_keys_that_somebody_writes_into_an_address_are_refused_and_not_repeated() -> None:
    with pytest.raises(Refused) as info:
        Bucket("s3://AKIAX:geheim@newsroom/archive")
    assert str(info.value).startswith("newsroom/archive is no place in S3 storage")


def test_what_is_wrong_with_an_archive_is_told_of_its_place_in_storage(
    bucket: Bucket, desk: Desk, tmp_path: Path
) -> None:
    bucket.archive(desk.services)
    for other in furnished(f"sqlite:///{tmp_path / 'other.db'}"):
        said(other, 3)
        with pytest.raises(StandlineError, match=f"the archive at {PLACE} is not of this log"):
            bucket.archive(other.services)


def test_what_another_run_sends_while_old_files_are_removed_stays(
    bucket: Bucket, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket.archive(desk.services)
    said(desk, 2)
    send = Bucket._upload  # noqa: SLF001 - where the other one comes in between
    later: list[Manifest] = []

    def beside(self: Bucket, place: Path, mode: object = "overwrite") -> None:
        send(self, place, mode)
        if place.name == "manifest.json":
            monkeypatch.setattr(Bucket, "_upload", sends_no_manifest)
            said(desk, 4)
            later.append(Bucket(PLACE).archive(desk.services))

    def sends_no_manifest(self: Bucket, place: Path, mode: object = "overwrite") -> None:
        if place.name != "manifest.json":
            send(self, place, mode)

    monkeypatch.setattr(Bucket, "_upload", beside)
    bucket.archive(desk.services, afresh=True)
    assert bucket.named() >= set(later[0].named)


def test_storage_that_is_away_or_refuses_is_told_in_one_line(
    desk: Desk, bucket: Bucket, storage: Storage
) -> None:
    with pytest.raises(StandlineError, match="the storage of s3://elsewhere/a does not do it"):
        Bucket("s3://elsewhere/a").archive(desk.services)
    storage.stop()
    with pytest.raises(StandlineError, match="does not do it") as info:
        bucket.archive(desk.services)
    assert "\n" not in str(info.value)
