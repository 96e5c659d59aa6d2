"""Whatever stands in a foreign file: rows, or one clear line, and never a traceback."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile, is_zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.interchange.desk import Desk
from tests.interchange.foreign.dna_project import dna_database, dna_list
from tests.interchange.foreign.test_claimreview import review
from tests.interchange.foreign.test_feed import ATOM, JSON, RSS
from tests.interchange.foreign.test_sheet import NATIVE, ods, xlsx
from tests.interchange.foreign.test_timelinejs import NEW, OLD
from tests.support.tiers import scaled, thorough
from timeline.domain.errors import StandlineError
from timeline.interchange.formats.registry import importers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from timeline.interchange import Summary

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
QUICK = settings(
    max_examples=scaled(20),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A newsroom that files are tried on; nothing is recorded."""
    folder = tmp_path_factory.mktemp("damaged")
    with Desk.opened(f"sqlite:///{folder / 'newsroom.db'}", folder) as desk:
        desk.take_rows({"kind": "topic", "topic": "harbour", "topic_question": "Should it?"})
        yield desk


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder: Path = tmp_path_factory.mktemp("samples")
    return {
        "old.dna": dna_database(folder / "old.dna", 2).read_bytes(),
        "new.dna": dna_database(folder / "new.dna", 3).read_bytes(),
        "list.csv": dna_list().encode(),
        "rows.xlsx": xlsx(("Coded", NATIVE)),
        "rows.ods": ods(("Coded", NATIVE)),
        "feed.xml": RSS.encode(),
        "feed.atom": ATOM.encode(),
        "feed.json": JSON.encode(),
        "review.json": json.dumps(review()).encode(),
        "new.json": json.dumps(NEW).encode(),
        "old.json": json.dumps(OLD).encode(),
    }


NAMES = (
    *("old.dna", "new.dna", "list.csv", "rows.xlsx", "rows.ods", "feed.xml", "feed.atom"),
    *("feed.json", "review.json", "new.json", "old.json"),
)


def tried(desk: Desk, content: bytes, name: str, **options: Any) -> Summary | None:  # noqa: ANN401 - options of an import
    """Return what would become of the rows of a file; of one that is refused whole, nothing."""
    with suppress(StandlineError):
        return desk.take(desk.file(content, name), dry_run=True, **options)
    return None


def told(summary: Summary) -> int:
    """Return of how many rows something is told."""
    on_record = summary.recorded + summary.known + summary.repeated
    return on_record + summary.conflicting + summary.rejected + sum(summary.left_out.values())


def listed(value: Any) -> int:  # noqa: ANN401 - JSON holds any value
    """Return how many rows of a file of JSON have to be told at the least."""
    if not isinstance(value, dict):
        return 0
    timeline = value.get("timeline")
    old = timeline.get("date") if isinstance(timeline, dict) else None
    lists = [value.get("items"), value.get("events"), old]
    return sum(len(one) for one in lists if isinstance(one, list))


@pytest.mark.few(4)
@pytest.mark.parametrize("name", NAMES)
@QUICK
@given(st.data())
def test_a_file_that_was_damaged_on_its_way(
    shared: Desk, samples: dict[str, bytes], name: str, data: st.DataObject
) -> None:
    content = samples[name]
    if is_zipfile(io.BytesIO(content)) and data.draw(st.booleans()):
        parts = unpacked(content)
        part = data.draw(st.sampled_from(sorted(parts)))
        content = packed(parts | {part: damaged(parts[part], data)})
    else:
        content = damaged(content, data)
    tried(shared, content, name)


def damaged(content: bytes, data: st.DataObject) -> bytes:
    """Change a few bytes, and cut off one file in four."""
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(1, len(changed)))
    return bytes(changed[: end if data.draw(st.integers(0, 3)) == 3 else None])


def unpacked(content: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(content)) as archive:
        return {name: found for name in archive.namelist() if (found := archive.read(name))}


def packed(parts: dict[str, bytes]) -> bytes:
    with ZipFile(written := io.BytesIO(), "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return written.getvalue()


JSON_FORMS = {
    "feed.json": "feed",
    "review.json": "claimreview",
    "new.json": "timelinejs",
    "old.json": "timelinejs",
}
FIRST_FORM, *OTHER_FORMS = JSON_FORMS
JSON_NAMES = pytest.mark.parametrize("name", [FIRST_FORM, *thorough(*OTHER_FORMS)])


@pytest.mark.scaled
@JSON_NAMES
def test_what_is_cut_off_is_never_lost_without_a_word(
    shared: Desk, samples: dict[str, bytes], name: str
) -> None:
    content = samples[name]
    whole = tried(shared, content, name, topic="harbour")
    assert whole is not None
    ends = {*range(1, len(content), max(1, len(content) // scaled(40))), *range(-3, 0)}
    for end in ends:
        summary = tried(shared, content[:end], name, topic="harbour")
        assert summary is None or not summary.clean or told(summary) == told(whole), end


@JSON_NAMES
@QUICK
@given(st.data())
def test_values_of_any_kind_where_others_are_meant(
    shared: Desk, samples: dict[str, bytes], name: str, data: st.DataObject
) -> None:
    value = json.loads(samples[name])
    inside = value
    for _ in range(data.draw(st.integers(1, 5))):
        keys = list(inside) if isinstance(inside, dict) else list(range(len(inside)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if not isinstance(inside[key], dict | list) or data.draw(st.booleans()):
            inside[key] = data.draw(ANY)
            break
        inside = inside[key]
    content = json.dumps(value).encode()
    summary = tried(shared, content, name, topic="harbour", format=JSON_FORMS[name])
    assert summary is None or told(summary) >= listed(value)


BEGINNINGS = (
    *(
        b"",
        b"kind,topic,actor\nstatement,",
        b'{"kind": "statement", "topic": ',
        b'{"entries": [{',
        b"[{",
    ),
    *(b'{"events": [{', b'{"v": 1, "type": "statement.recorded", ', b"<rss><channel><item><title>"),
    *(
        b"<feed><entry><title>",
        b"PAR1",
        b"PK\x03\x04",
        b"SQLite format 3\0",
        b"\xff\xfe",
        b"\x1f\x8b\x08",
    ),
)


@pytest.mark.few(4)
@pytest.mark.parametrize("form", sorted(importers()))
@QUICK
@given(
    st.sampled_from(BEGINNINGS),
    st.binary(min_size=1, max_size=200) | st.text('{}[]"<>:,;aä\n ', min_size=1).map(str.encode),
)
def test_any_bytes_named_as_any_format(
    shared: Desk, form: str, begun: bytes, content: bytes
) -> None:
    tried(shared, begun + content, "file", format=form)
