"""Damaged files, and files made to do damage: refused in a line, recorded whole or not at all."""

from __future__ import annotations

import json
import random
from contextlib import closing
from typing import TYPE_CHECKING

from tests.attacks.corpus import CORPUS
from tests.interchange.desk import jsonl, row, table
from timeline.bootstrap import open_store
from timeline.cli.exit_status import describe
from timeline.domain.entry import FURTHER_SOURCES
from timeline.domain.errors import StandlineError
from timeline.interchange import ExportOptions, ImportOptions, export, import_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from timeline.bootstrap import Services

FEW, MANY = 200, 5_000
IN_ONE_STORE = 50
"""Damaged files that go into one store; full logs each get one of their own."""

LOGS = 10
"""One of so many is a full log."""

ROWS = [
    row(key="one", paraphrase="Wants it.", translations={"de": {"paraphrase": "Will es."}}),
    row(
        key="two",
        stance="no_position",
        no_position_reason="declined",
        asked="When?",
        quote__text="Not yet.",
        attribution="quoted",
        quote__lang="en",
    ),
    {
        "kind": "development",
        "title": "Talks",
        "topics": ["eu-accession"],
        "status": "confirmed",
        "happened_at": "2025-12-14",
        "source.outlet": "Der Standard",
        "source.published_at": "2025-12-15",
        FURTHER_SOURCES: [{"outlet": "Die Presse", "published_at": "2025-12-15"}],
    },
    {"kind": "actor", "actor": "poland", "actor_name": "Poland", "actor_kind": "state"},
    {"kind": "link", "key": "one", "relation": "contradicts", "target": "two"},
]


class Vandal:
    """Damages files, always in the same random way."""

    def __init__(self) -> None:
        self._chance = random.Random(2025)  # noqa: S311 - nothing to keep secret

    def damaged(self, text: str) -> bytes:
        """Return a text with one to three things wrong."""
        data = text.encode()
        for _ in range(self._chance.randint(1, 3)):
            data = self._chance.choice((self._cut, self._flip, self._put, self._word, self._twice))(
                data
            )
        return data

    def rows(self) -> tuple[str, str]:
        """Return the name and the text of a file of rows in which a value was changed."""
        rows = [json.loads(json.dumps(one)) for one in ROWS]
        for one in self._chance.sample(rows, 2):
            name = self._chance.choice([*one])
            one[name] = self._chance.choice((*CORPUS, *CORPUS, None, [], {}, [[]], 7, 1e300, True))
        if self._chance.random() < 0.5:
            return "rows.jsonl", jsonl(rows)
        return "rows.csv", table(*rows)

    def _place(self, data: bytes) -> int:
        return self._chance.randrange(len(data) + 1)

    def _cut(self, data: bytes) -> bytes:
        start, length = self._place(data), self._chance.choice((1, 2, 20, 10_000))
        return data[:start] + data[start + length :]

    def _flip(self, data: bytes) -> bytes:
        at = self._place(data)
        return data[:at] + bytes([self._chance.randrange(256)]) + data[at + 1 :]

    def _put(self, data: bytes) -> bytes:
        at = self._place(data)
        marks = b'"', b"{", b"[" * 5_000, b"\n", b"\r", b"\0", b"\xff", b",", b";", b"\\u0000"
        return data[:at] + self._chance.choice(marks) + data[at:]

    def _word(self, data: bytes) -> bytes:
        at = self._place(data)
        return data[:at] + self._chance.choice(CORPUS).encode("utf-8", "replace") + data[at:]

    def _twice(self, data: bytes) -> bytes:
        at = self._place(data)
        return data[:at] + data[at // 2 :]


def mistake(services: Services, file: Path, *, strict: bool) -> str:
    """Import a file and return what is wrong with how that went, or nothing."""
    head, count = services.log.head(), services.log.count()
    try:
        summary = import_files(services, [file], ImportOptions(by="carl", strict=strict))
    except StandlineError as error:
        refused = "\n" in str(error) and f"{error!s} is more than a line"
        return refused or ("" if services.log.count() == count or not strict else "half-recorded")
    except Exception as error:  # noqa: BLE001 - which one it is is told
        return describe(error)
    told = [str(one) for one in (*summary.rejections, *summary.doubts, *summary.refused_files)]
    if any("\n" in line for line in told):
        return "more than a line"
    if strict and not summary.clean and services.log.head() != head:
        return "half-recorded"
    return ""


def whole(services: Services) -> str:
    """Return what is wrong with a record into which files were imported, or nothing."""
    services.models.catch_up()
    with services.models.engine().connect() as conn:
        if aside := conn.exec_driver_sql("SELECT position, error FROM quarantine").all():
            return f"not shown: {aside[0]}"
    out = _Nowhere()
    for name in ("jsonl", "csv", "log"):
        export(services, out, name, ExportOptions())  # type: ignore[arg-type]
    return ""


class _Nowhere:
    def write(self, data: bytes) -> int:
        return len(data)

    def writelines(self, lines: Iterator[bytes]) -> None:
        for _ in lines:
            pass


def test_no_file_of_rows_is_a_mistake_of_ours_or_half_recorded(
    tmp_path: Path,
    many: bool,  # noqa: FBT001 - a fixture
) -> None:
    vandal, wrong = Vandal(), list[str]()
    wanted = MANY if many else FEW
    for start in range(0, wanted, IN_ONE_STORE):
        with closing(open_store(f"sqlite:///{tmp_path / f'{start}.db'}", create=True)) as services:
            for turn in range(start, start + IN_ONE_STORE):
                name, text = vandal.rows()
                file = tmp_path / name
                file.write_bytes(text.encode() if turn % 3 == 0 else vandal.damaged(text))
                if problem := mistake(services, file, strict=turn % 2 == 0):
                    wrong.append(f"{problem} {file.read_bytes()[:300]!r}")
            if problem := whole(services):
                wrong.append(problem)
    assert not wrong, "\n".join(wrong[:20])


def test_no_full_log_is_a_mistake_of_ours_or_half_restored(
    tmp_path: Path,
    many: bool,  # noqa: FBT001 - a fixture
) -> None:
    log, vandal, wrong = _log(tmp_path), Vandal(), list[str]()
    for turn in range((MANY if many else FEW) // LOGS):
        file = tmp_path / "log.jsonl"
        file.write_bytes(vandal.damaged(log))
        url = f"sqlite:///{tmp_path / f'log{turn}.db'}"
        with closing(open_store(url, create=True)) as services:
            problem = mistake(services, file, strict=True)
            if not problem and services.log.head():
                problem = whole(services)
            if problem:
                wrong.append(f"{problem} {file.read_bytes()[:300]!r}")
    assert not wrong, "\n".join(wrong[:20])


def _log(folder: Path) -> str:
    file = folder / "rows.jsonl"
    file.write_text(jsonl(ROWS))
    with closing(open_store(f"sqlite:///{folder / 'sound.db'}", create=True)) as services:
        import_files(services, [file], ImportOptions(by="carl"))
        out = bytearray()
        export(services, _Into(out), "log", ExportOptions())  # type: ignore[arg-type]
        return out.decode()


class _Into:
    def __init__(self, kept: bytearray) -> None:
        self._kept = kept

    def writelines(self, lines: Iterator[bytes]) -> None:
        for line in lines:
            self._kept += line
