"""What a power cut leaves of files: all that was brought to the disk, and of the rest anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from random import Random

    from tests.support.faulty_disk import Call

SECTOR = 512
SHARED_MEMORY = "-shm"


class Moment(NamedTuple):
    """The power goes after so many calls, when ``acknowledged`` was the last number told."""

    calls: int
    acknowledged: int


def moments(calls: Sequence[Call]) -> Iterator[Moment]:
    """Yield every moment at which the power may go."""
    acknowledged = 0
    for done, call in enumerate(calls):
        yield Moment(done, acknowledged)
        if call.what == "!":
            acknowledged = call.offset


def left_by_a_cut(
    before: Mapping[str, bytes], calls: Iterable[Call], chance: Random
) -> dict[str, bytes]:
    """Return the files as they may be found; ``before`` are those that there were, by path.

    What came after a file was last brought to the disk may have come there too, or not, in any
    order, and a write that was under way sector by sector.
    """
    made: dict[str, list[Call]] = {}
    for call in calls:
        if call.what != "!" and not call.path.endswith(SHARED_MEMORY):
            made.setdefault(call.path, []).append(call)
    files = dict(before)
    for path, own in made.items():
        synced = max((at for at, call in enumerate(own, 1) if call.what == "s"), default=0)
        kept = [*own[:synced], *_by_chance(own[synced:], chance)]
        found = _applied(files.get(path), kept)
        if found is None:
            files.pop(path, None)
        else:
            files[path] = found
    return files


def _by_chance(pending: list[Call], chance: Random) -> list[Call]:
    how = chance.randrange(4)
    if how == 0:
        return []
    if how == 1:
        return pending
    some = [part for call in pending if chance.random() < 0.7 for part in _torn(call, chance)]
    if how == 2:
        chance.shuffle(some)
    return some


def _torn(call: Call, chance: Random) -> list[Call]:
    if call.what != "w" or chance.random() < 0.5:
        return [call]
    sectors = range(0, len(call.content), SECTOR)
    return [
        call._replace(offset=call.offset + at, content=call.content[at : at + SECTOR])
        for at in sectors
        if chance.random() < 0.6
    ]


def _applied(content: bytes | None, calls: Iterable[Call]) -> bytes | None:
    file = None if content is None else bytearray(content)
    for call in calls:
        if call.what == "u":
            file = None
            continue
        file = bytearray() if file is None else file
        end = call.offset + len(call.content)
        if call.what == "w":
            file.extend(bytes(max(0, end - len(file))))
            file[call.offset : end] = call.content
        elif call.what == "t":
            del file[call.offset :]
            file.extend(bytes(call.offset - len(file)))
    return None if file is None else bytes(file)


def written(files: Mapping[str, bytes], folder: Path, was: Path) -> None:
    """Write files, whose paths are in the folder where they ``was``, into another one."""
    folder.mkdir()
    for path, content in files.items():
        (folder / path.removeprefix(f"{was}/")).write_bytes(content)
