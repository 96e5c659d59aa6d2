"""Tables drawn with dirty cells: import and mended rejects agree with an independent reading."""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.interchange.desk import Desk, table
from tests.interchange.test_dirty_files import said
from tests.support.tiers import scaled, some_of
from timeline.interchange import ImportOptions, import_files
from timeline.interchange.maps.map_file import checked_map

Row = dict[str, str]

MEANT: dict[str, dict[str, str]] = {
    "who": {
        **{name: name for name in ("Ann", "taz", "e-on", "Na", "Nan")},
        "['Ann']": "Ann",
        "European\nUnion": "European Union",
    },
    "what": {"Tax": "Tax", "Toll": "Toll", "Toll\nroads": "Toll roads"},
    "how": {"yes": "for", "No": "against"},
    "when": {"2025-05-01": "2025-05-01", "2025-05-01T23:30:00Z": "2025-05-02"},
}
"""What cells mean, as a person reads them; all others below mean nothing, or several things."""
DIRTY = {
    "who": ["NA", "None", "-", "?", "k.A.", "", "['Ann', 'Bob']", "Ann; Bob", "\u200b", "[]"],
    "what": ["N/A", "[100, 101]", "null", " "],
    "how": ["1", "-1", "NA", "perhaps", ""],
    "when": ["0000", "0000-00-00", "20150113", "nan", "2025-02-30"],
}
CLEAN: Row = {"who": "Ann", "what": "Tax", "how": "No", "when": "2025-05-01"}
ROWS = st.fixed_dictionaries(
    {name: st.sampled_from([*MEANT[name]] * 2 + DIRTY[name]) for name in CLEAN}
)
MAP: dict[str, Any] = {
    "namespace": "dirty",
    "columns": {"actor": "who", "stance": "how", "said_at": "when"},
    "values": {"stance": {"yes": "for", "no": "against"}},
    "dates": {"zone": "Europe/Berlin", "times": "drop"},
    "topics": {"column": "what", "scale": "vote"},
    "templates": {"key": "{line}"},
}


def read(row: Row) -> tuple[str, ...] | None:
    """Return who said what of which topic when; nothing for a row that does not say that."""
    meant = [MEANT[name].get(row[name]) for name in CLEAN]
    return None if None in meant else tuple(filter(None, meant))


def mended(row: Row) -> Row:
    return {name: cell if cell in MEANT[name] else CLEAN[name] for name, cell in row.items()}


EACH = [CLEAN | {name: cell} for name in CLEAN for cell in (*MEANT[name], *DIRTY[name])]
"""Each cell beside clean ones: few of the tables that are drawn hold a certain one so."""


@settings(max_examples=scaled(30), deadline=None)
@example(some_of(EACH, 20))
@given(st.lists(ROWS, min_size=3, max_size=8))
def test_a_drawn_table_and_its_mended_rejects_say_what_a_person_reads(rows: list[Row]) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        Desk.opened(f"sqlite:///{folder}/dirty.db", Path(folder)) as desk,
    ):
        rejects = Path(folder) / "rejects.csv"
        first, mapping = desk.file(table(*rows)), checked_map(MAP)

        def take(path: Path, **more: Any) -> Any:  # noqa: ANN401 - options and a summary
            return import_files(desk, [path], ImportOptions(by="carl", mapping=mapping, **more))

        def recorded() -> Counter[tuple[str, ...]]:
            return Counter(map(tuple, said(desk)))

        take(first, rejects=rejects)
        assert recorded() == Counter(filter(None, map(read, rows)))
        if rejects.exists():
            refused = [*csv.DictReader(io.StringIO(rejects.read_text(), newline=""))]
            again = [one | mended({name: one[name] for name in CLEAN}) for one in refused]
            summary = take(desk.file(table(*again), "mended.csv"), update="mended")
            assert (summary.recorded, summary.corrected) == (len(refused), 0)
        assert recorded() == Counter(filter(None, map(read, map(mended, rows))))
        whole = take(desk.file(table(*map(mended, rows))))
        assert (whole.known, whole.clean) == (len(rows), True), whole.rejections
