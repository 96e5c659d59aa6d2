"""A backup holds log and desk, is made while others write, and comes back as it was."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
import threading
import zipfile
import zlib
from contextlib import closing
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING

import pytest

from tests.backup.conftest import DECIDED, WORDS
from tests.backup.killed import is_killed
from tests.desk.test_drafts import draft
from tests.desk.test_texts import text
from tests.stores.newsroom import NOON, SECOND, introduced
from tests.stores.test_log_survives import room_for
from tests.stores.test_placing import refusing
from tests.support.authenticator import shown_code
from timeline.backup.archive import Archive
from timeline.backup.making import back_up, backups_in, file_name, superseded
from timeline.backup.restoring import restore
from timeline.bootstrap import Services, open_store
from timeline.desk.accounts.tries import MINUTE
from timeline.desk.carrying import CARRIED
from timeline.desk.tables import metadata
from timeline.domain.errors import Refused, StandlineError
from timeline.ledger.notes import Signer
from timeline.stores.evidence import signed_checkpoint
from timeline.stores.log import EventLog
from timeline.stores.progress import silent
from timeline.stores.proving import LogDoesNotHold
from timeline.stores.store_url import StoreUrl

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from timeline.backup.archive import Manifest

KINDS = ("sqlite", "postgres")


def made(services: Services, path: Path) -> Manifest:
    return back_up(services.log, services.desk, path, NOON, silent)


def restored(path: Path, address: str) -> Services:
    restore(path, StoreUrl.parse(address), silent)
    return open_store(address, create=False)


@pytest.mark.parametrize("kind", KINDS)
def test_a_restored_log_is_the_same_to_the_last_bit(
    newsroom: Services, kind: str, elsewhere: Callable[[str], str], tmp_path: Path
) -> None:
    log = newsroom.log
    kept = {size: log.tree().root(size) for size in (1, 2, 17, log.count())}
    manifest = made(newsroom, tmp_path / "kept.zip")
    with closing(restored(tmp_path / "kept.zip", elsewhere(kind))) as again:
        assert list(again.log.stored()) == list(log.stored())
        assert again.log.place() == log.place()
        assert again.log.last() == log.last()
        assert again.log.tree().root() == log.tree().root() == manifest.seal.root
        assert again.log.verify(kept).size == manifest.events == log.count()
        (position,) = again.log.append([introduced(99, NOON + 99 * SECOND)])
        assert position == log.head() + 1


@pytest.mark.thorough
def test_from_files_to_a_server_and_back_the_head_stays(
    sqlite_newsroom: Services, elsewhere: Callable[[str], str], tmp_path: Path
) -> None:
    first = made(sqlite_newsroom, tmp_path / "0.zip")
    note = signed_checkpoint(sqlite_newsroom.log, Signer.made("example.org/record"))
    for step, kind in enumerate(("postgres", "sqlite"), 1):
        with closing(restored(tmp_path / f"{step - 1}.zip", elsewhere(kind))) as there:
            again = made(there, tmp_path / f"{step}.zip")
            assert again.seal == first.seal
            assert str(there.log.tree().root().hex()) == first.root
            assert there.log.tree().size == int(str(note).splitlines()[1])


@pytest.mark.parametrize("kind", KINDS)
def test_who_worked_at_the_desk_goes_on_and_signs_in_again(
    newsroom: Services, kind: str, elsewhere: Callable[[str], str], tmp_path: Path
) -> None:
    token = newsroom.desk.tokens.make("ada", "a program", "read", 90, NOON)
    key = newsroom.desk.second_factors.offer("ada", "here", NOON)
    codes = newsroom.desk.second_factors.turn_on("ada", "here", shown_code(key, NOON), NOON)
    session = newsroom.desk.sessions.begin(
        "ada", NOON, browser="another browser", address="127.0.0.1"
    )
    link = newsroom.desk.people.link("jonas", NOON)
    before = newsroom.desk.drafts.find("ada", draft().id)
    made(newsroom, tmp_path / "kept.zip")
    with closing(restored(tmp_path / "kept.zip", elsewhere(kind))) as again:
        assert again.desk.people.sign_in("ada", WORDS, "", NOON).name == "Ada"
        assert again.desk.drafts.find("ada", before.id) == before
        assert again.desk.texts.find(text().document) == text()
        assert again.desk.texts.decided(text().document) == [DECIDED]
        assert again.desk.tokens.find(token, NOON) == newsroom.desk.tokens.find(token, NOON)
        factors, later = again.desk.second_factors, NOON + MINUTE
        assert factors.prove("ada", shown_code(key, later), "", later).way == "code"
        assert factors.prove("ada", codes[0], "", later).way == "recovery code"
        assert newsroom.desk.sessions.find(session, NOON)
        assert again.desk.sessions.find(session, NOON) is None
        with pytest.raises(Refused, match="this link was used, is too old, or was never given"):
            again.desk.people.invited(link, NOON)


def test_everything_on_the_desk_is_carried_but_what_ends_by_itself() -> None:
    left = {"standline", "sessions", "invitations", "devices", "tries"}
    left |= {"half_sign_ins", "offered_keys"}
    assert set(CARRIED) == set(metadata.tables) - left
    assert {"people", "tokens", "drafts", "texts", "decisions"} <= set(CARRIED)


def test_a_row_from_before_a_column_that_may_be_empty_is_taken(
    backed_up: Path, elsewhere: Callable[[str], str]
) -> None:
    rewritten(backed_up, forget_when_it_was_used)
    with closing(restored(backed_up, elsewhere("sqlite"))) as again:
        assert again.desk.people.find("jonas").last_used is None


def forget_when_it_was_used(parts: dict[str, bytes]) -> None:
    assert b',"last_used":null' in parts["desk.jsonl"]
    parts["desk.jsonl"] = parts["desk.jsonl"].replace(b',"last_used":null', b"")


@pytest.mark.thorough
def test_a_backup_is_made_while_others_write_and_what_its_desk_names_is_in_its_log(
    newsroom: Services, elsewhere: Callable[[str], str], tmp_path: Path
) -> None:
    over = threading.Event()

    def write() -> None:
        for number in count(1_000):
            if over.is_set():
                return
            (position,) = newsroom.log.append([introduced(number, NOON + number * SECOND)])
            newsroom.desk.drafts.save("ada", draft(7, about=str(position)))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        before = newsroom.log.head()
        while newsroom.log.head() < before + 5:
            over.wait(0.01)
        manifests = backups_until_one_holds_more(newsroom, tmp_path)
    finally:
        over.set()
        writer.join()
    assert before < manifests[0].head < manifests[-1].head <= newsroom.log.head()
    for number in sorted({0, len(manifests) // 2, len(manifests) - 1}):
        manifest = manifests[number]
        with closing(restored(tmp_path / f"{number}.zip", elsewhere("sqlite"))) as again:
            assert newsroom.log.place_at(manifest.head) == again.log.place()
            named = int(again.desk.drafts.find("ada", draft(7).id).fields["about"][0])
            assert again.log.event(named) is not None


def backups_until_one_holds_more(newsroom: Services, folder: Path) -> list[Manifest]:
    """Back up again and again: on a busy machine the writer may sleep through the first ones."""
    manifests: list[Manifest] = []
    while len(manifests) < 3 or manifests[0].head == manifests[-1].head:
        assert len(manifests) < 500, "nobody could write while backups were made"
        manifests.append(made(newsroom, folder / f"{len(manifests)}.zip"))
    return manifests


def test_a_backup_holds_no_key_and_is_its_owner_s_alone(
    sqlite_newsroom: Services, tmp_path: Path
) -> None:
    signer = Signer.made("example.org/record")
    sqlite_newsroom.url.beside("key").write_text(f"{signer}\n")
    path = tmp_path / "kept.zip"
    made(sqlite_newsroom, path)
    assert path.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(path) as file:
        assert file.namelist() == ["desk.jsonl", "log.jsonl", "manifest.json"]
        assert all(str(signer).encode() not in file.read(name) for name in file.namelist())


def test_a_store_without_a_desk_has_none_after_its_backup_and_its_restore(
    store_url: str, elsewhere: Callable[[str], str], tmp_path: Path
) -> None:
    with closing(open_store(store_url)) as services:
        services.log.append([introduced(1)])
        assert made(services, tmp_path / "kept.zip").desk == {}
        assert not services.desk.is_there()
    with closing(restored(tmp_path / "kept.zip", elsewhere("sqlite"))) as again:
        assert not again.desk.is_there()


def test_an_empty_store_can_be_backed_up(
    store_url: str, elsewhere: Callable[[str], str], tmp_path: Path
) -> None:
    with closing(open_store(store_url)) as services:
        assert made(services, tmp_path / "kept.zip").events == 0
    with closing(restored(tmp_path / "kept.zip", elsewhere("sqlite"))) as again:
        assert again.log.head() == 0


def test_no_backup_is_made_of_a_log_that_does_not_hold(
    sqlite_newsroom: Services, tmp_path: Path
) -> None:
    tables = sqlite_newsroom.log._recorder  # noqa: SLF001 - the forger's way in
    with tables.locked() as cursor:
        cursor.execute("UPDATE stored_events SET topic = 'actor.renamed' WHERE rowid = 17")
    with pytest.raises(LogDoesNotHold, match="event 17, or one before it"):
        made(sqlite_newsroom, tmp_path / "kept.zip")
    assert list(tmp_path.glob("*kept*")) == []


def test_no_backup_takes_the_place_of_a_file(sqlite_newsroom: Services, backed_up: Path) -> None:
    before = backed_up.read_bytes()
    with pytest.raises(StandlineError, match="is there already"):
        made(sqlite_newsroom, backed_up)
    assert backed_up.read_bytes() == before


def test_a_full_disk_leaves_no_half_backup_and_no_half_store(
    sqlite_newsroom: Services, backed_up: Path, elsewhere: Callable[[str], str], tmp_path: Path
) -> None:
    url = StoreUrl.parse(elsewhere("sqlite"))
    for size in (1, 1_000, 3_000):
        with (
            room_for(size),
            pytest.raises(StandlineError, match=r"File too large"),
        ):
            made(sqlite_newsroom, tmp_path / "new.zip")
    assert list(tmp_path.glob("*new.zip*")) == []
    for size in (1, 20_000, 60_000):
        with room_for(size), pytest.raises(StandlineError) as refused:
            restore(backed_up, url, silent)
        assert "\n" not in str(refused.value)
    assert list(url.log_path.parent.iterdir()) == []
    restore(backed_up, url, silent)


def test_a_place_that_cannot_be_written_to_is_told(
    sqlite_newsroom: Services, tmp_path: Path
) -> None:
    with pytest.raises(StandlineError, match=r"cannot write .*/gone/kept.zip: No such file"):
        made(sqlite_newsroom, tmp_path / "gone" / "kept.zip")


def test_a_disk_that_keeps_other_bytes_leaves_no_backup(
    sqlite_newsroom: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring = os.fsync

    def spoil(held: int) -> None:
        bring(held)
        if stat.S_ISREG(os.fstat(held).st_mode):
            os.pwrite(held, b"spoiled", 200)

    monkeypatch.setattr(os, "fsync", spoil)
    with pytest.raises(StandlineError, match=r"^cannot write .*/kept.zip: .*") as refused:
        made(sqlite_newsroom, tmp_path / "kept.zip")
    assert "\n" not in str(refused.value)
    assert list(tmp_path.glob("*kept*")) == []


def test_what_is_read_again_comes_from_the_disk(
    sqlite_newsroom: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def tell(what: str) -> Callable[..., None]:
        return lambda *_: asked.append(what)

    monkeypatch.setattr(os, "fsync", tell("on the disk"))
    monkeypatch.setattr(os, "posix_fadvise", tell("forgotten"), raising=False)
    monkeypatch.setattr(os, "POSIX_FADV_DONTNEED", 4, raising=False)
    monkeypatch.setattr(Archive, "check", tell("read again"))
    made(sqlite_newsroom, tmp_path / "kept.zip")
    assert asked[:3] == ["on the disk", "forgotten", "read again"]


def test_a_backup_is_made_where_files_have_one_name_only(
    sqlite_newsroom: Services,
    elsewhere: Callable[[str], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "link", refusing(errno.EOPNOTSUPP))
    made(sqlite_newsroom, tmp_path / "kept.zip")
    assert [file.name for file in tmp_path.glob("*kept*")] == ["kept.zip"]
    with closing(restored(tmp_path / "kept.zip", elsewhere("sqlite"))) as again:
        assert again.log.place() == sqlite_newsroom.log.place()
        assert again.desk.drafts.count() == 1


@pytest.mark.parametrize("mistake", [KeyError, EOFError, NotImplementedError])
def test_a_mistake_of_ours_is_no_damage_of_the_backup(
    backed_up: Path, mistake: type[Exception]
) -> None:
    with pytest.raises(mistake), Archive.opened(backed_up):
        raise mistake


def says(archive: bytes, part: str) -> bytes | None:
    """Return what a part of an archive holds, nothing where it cannot be unpacked."""
    with zipfile.ZipFile(BytesIO(archive)) as file:
        try:
            return file.read(part)
        except (zipfile.BadZipFile, zlib.error):
            return None


@pytest.mark.few(1)
@pytest.mark.parametrize("part", ["log.jsonl", "desk.jsonl", "manifest.json"])
def test_a_damaged_backup_is_refused_and_leaves_nothing(
    backed_up: Path, part: str, elsewhere: Callable[[str], str]
) -> None:
    with zipfile.ZipFile(backed_up) as file:
        entry, words = file.getinfo(part), file.read(part)
    whole, refusals = backed_up.read_bytes(), 0
    url = StoreUrl.parse(elsewhere("sqlite"))
    extra = int.from_bytes(whole[entry.header_offset + 28 : entry.header_offset + 30], "little")
    begin = entry.header_offset + 30 + len(part) + extra
    # The last byte may have bits that mean nothing.
    for at in range(begin, begin + entry.compress_size - 1, max(1, entry.compress_size // 7)):
        damaged = bytearray(whole)
        damaged[at] ^= 0x10
        if says(bytes(damaged), part) == words:
            continue  # Deflate has bits that mean nothing.
        backed_up.write_bytes(damaged)
        with pytest.raises(Refused) as refused:
            restore(backed_up, url, silent)
        assert "\n" not in str(refused.value)
        refusals += 1
    assert refusals > 3
    assert list(url.log_path.parent.iterdir()) == []


def test_a_bit_that_turns_in_what_the_archive_says_of_itself_is_refused_or_means_nothing(
    backed_up: Path,
) -> None:
    whole = backed_up.read_bytes()
    refused = 0
    for at in range(whole.index(b"PK\x01\x02"), len(whole)):
        for bit in (0x01, 0x08, 0x80):
            damaged = bytearray(whole)
            damaged[at] ^= bit
            backed_up.write_bytes(damaged)
            try:
                with Archive.opened(backed_up) as archive:
                    archive.check(silent)
            except Refused as error:
                assert error.code in {"backup_damaged", "not_a_backup"}  # noqa: PT017 - some may hold
                refused += 1
    assert refused > len(whole[whole.index(b"PK\x01\x02") :])


def test_a_backup_that_is_cut_short_is_refused(
    backed_up: Path, elsewhere: Callable[[str], str]
) -> None:
    whole = backed_up.read_bytes()
    url = StoreUrl.parse(elsewhere("sqlite"))
    for length in (0, 10, len(whole) // 2, len(whole) - 30):
        backed_up.write_bytes(whole[:length])
        with pytest.raises(Refused, match=r"no backup of Standline|is damaged"):
            restore(backed_up, url, silent)
    assert list(url.log_path.parent.iterdir()) == []


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Alter the parts of a backup as somebody would who also gives the manifest their hashes."""
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    change(parts)
    manifest = json.loads(parts.pop("manifest.json"))
    for part in manifest["parts"]:
        content = parts[part["name"]]
        part |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    with zipfile.ZipFile(path, "w") as file:
        for name, content in (*parts.items(), ("manifest.json", json.dumps(manifest).encode())):
            file.writestr(name, content)


def drop_the_last_event(parts: dict[str, bytes]) -> None:
    parts["log.jsonl"] = b"".join(parts["log.jsonl"].splitlines(keepends=True)[:-1])


def make_jonas_an_admin(parts: dict[str, bytes]) -> None:
    parts["desk.jsonl"] = parts["desk.jsonl"].replace(b'"role":"coder"', b'"rule":"admin"')


def add_a_table(parts: dict[str, bytes]) -> None:
    parts["desk.jsonl"] += b'["people; --",{}]\n'


def add_nonsense(parts: dict[str, bytes]) -> None:
    parts["desk.jsonl"] += b'["people",[1]]\n'


def come_from_the_future(parts: dict[str, bytes]) -> None:
    parts["manifest.json"] = parts["manifest.json"].replace(b'"version": 1', b'"version": 2')


@pytest.mark.few(2)
@pytest.mark.parametrize(
    ("change", "why"),
    [
        (drop_the_last_event, "is not the one that its manifest describes"),
        (make_jonas_an_admin, "a row of 'people' is none that this desk keeps"),
        (add_a_table, "a row of 'people; --' is none that this desk keeps"),
        (add_nonsense, "the backup is damaged"),
        (come_from_the_future, "made by a newer version"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_an_altered_backup_is_refused_and_leaves_nothing(
    backed_up: Path,
    kind: str,
    change: Callable[[dict[str, bytes]], None],
    why: str,
    elsewhere: Callable[[str], str],
) -> None:
    rewritten(backed_up, change)
    url = StoreUrl.parse(elsewhere(kind))
    with pytest.raises(Refused, match=why):
        restore(backed_up, url, silent)
    if url.is_sqlite:
        assert list(url.log_path.parent.iterdir()) == []
    else:
        with closing(open_store(url.text)) as services:
            assert services.log.head() == 0
            services.desk.require_empty()


def test_another_archive_is_no_backup(tmp_path: Path, elsewhere: Callable[[str], str]) -> None:
    with zipfile.ZipFile(tmp_path / "holiday.zip", "w") as file:
        file.writestr("beach.jpg", b"")
    with pytest.raises(Refused, match=r"^holiday.zip: this is no backup of Standline"):
        restore(tmp_path / "holiday.zip", StoreUrl.parse(elsewhere("sqlite")), silent)


def test_a_store_that_holds_something_is_refused_and_left_alone(
    newsroom: Services, backed_up: Path
) -> None:
    before = newsroom.log.place()
    newsroom.close()
    with pytest.raises(Refused, match=r"is there already|into an empty store"):
        restore(backed_up, newsroom.url, silent)
    with closing(open_store(newsroom.url.text, create=False)) as again:
        assert again.log.place() == before
        assert again.desk.drafts.count() == 1


def test_what_is_left_of_a_store_without_its_log_is_left_alone(
    sqlite_newsroom: Services, backed_up: Path
) -> None:
    sqlite_newsroom.close()
    sqlite_newsroom.url.log_path.unlink()
    with pytest.raises(Refused, match=r"newsroom.desk.db is there already; move the files of that"):
        restore(backed_up, sqlite_newsroom.url, silent)
    assert sqlite_newsroom.url.beside("desk.db").exists()


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("kind", "links"), [("sqlite", True), ("sqlite", False), ("postgres", True)]
)
def test_a_restore_that_is_killed_at_any_step_leaves_no_store_and_can_be_made_again(
    backed_up: Path,
    elsewhere: Callable[[str], str],
    kind: str,
    links: bool,  # noqa: FBT001
) -> None:
    with Archive.opened(backed_up) as archive:
        seal = archive.manifest.seal
    for steps in count():
        address = elsewhere(kind)
        if not is_killed(backed_up, address, steps, links=links):
            break
        url = StoreUrl.parse(address)
        if url.is_sqlite and url.log_path.exists() and url.log_path.stat().st_size:
            continue_with_the_whole(url, seal.head)
            continue
        restore(backed_up, url, silent)
        continue_with_the_whole(url, seal.head)
    assert steps >= (4 if kind == "sqlite" else 1)


def test_a_place_that_a_kill_left_empty_is_no_store(
    sqlite_newsroom: Services, backed_up: Path, elsewhere: Callable[[str], str]
) -> None:
    url = StoreUrl.parse(elsewhere("sqlite"))
    sqlite_newsroom.close()
    sqlite_newsroom.url.beside("desk.db").rename(url.beside("desk.db"))
    url.log_path.touch()
    with pytest.raises(StandlineError, match=r"is missing or empty, but record\.desk\.db"):
        open_store(url.text)
    with pytest.raises(Refused, match="is there already"):
        restore(backed_up, url, silent)


def continue_with_the_whole(url: StoreUrl, head: int) -> None:
    with closing(open_store(url.text, create=False)) as services:
        assert services.log.head() == head
        assert services.desk.drafts.count() == 1


def test_two_restores_into_one_place_do_not_mix(
    backed_up: Path, elsewhere: Callable[[str], str]
) -> None:
    url = StoreUrl.parse(elsewhere("sqlite"))
    told: list[str] = []

    def try_as_well(_what: str, _done: int, _of: int) -> None:
        if not told and url.beside("restoring").exists():
            with pytest.raises(StandlineError) as refused:
                restore(backed_up, url, silent)
            told.append(str(refused.value))

    restore(backed_up, url, try_as_well)
    assert "another process restores a backup" in told[0]
    with closing(EventLog.open(url, create=False)) as log:
        assert log.head()


def test_names_of_backups_sort_by_time_and_tell_stores_apart(tmp_path: Path) -> None:
    for at in (NOON, NOON + 3_600 * SECOND, NOON - 86_400 * SECOND):
        for store in ("record", "record-two"):
            (tmp_path / file_name(store, at)).write_text("a backup")
    (tmp_path / "record-notes.standline.zip").write_text("notes")
    found = [file.name for file in backups_in(tmp_path, "record")]
    assert found[0] == "record-20251214T120000Z.standline.zip"
    assert len(found) == 3
    assert found == sorted(found)


def test_a_place_that_a_kill_left_empty_is_no_backup(tmp_path: Path) -> None:
    (tmp_path / file_name("record", NOON)).write_text("a backup")
    (tmp_path / file_name("record", NOON + SECOND)).touch()
    assert [file.name for file in backups_in(tmp_path, "record")] == [file_name("record", NOON)]


def test_the_backup_just_made_stays_whatever_the_clock_said_before(tmp_path: Path) -> None:
    hours = [tmp_path / file_name("record", NOON + hour * 3_600 * SECOND) for hour in range(5)]
    for file in hours:
        file.write_text("a backup")
    first, *later = hours
    assert superseded(first, "record", 1) == later
    assert superseded(first, "record", 3) == later[:2]
    assert superseded(first, "record", 5) == []
    assert superseded(first, "record", 9) == []
    assert superseded(hours[4], "record", 2) == hours[:3]
