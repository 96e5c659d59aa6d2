"""A format that another package brings: a statement a line, its fields between bars."""

from tests.docs.additions.addition import Addition

FORMATS = Addition(
    rows=("import format", "export format"),
    files={
        "plain_lines.py": '''
            """Statements as plain lines: who, on what, which stance, when, in which outlet."""

            from __future__ import annotations

            from typing import TYPE_CHECKING

            from timeline.interchange.exporting.export import native_rows
            from timeline.interchange.formats.source_row import SourceRow

            if TYPE_CHECKING:
                from collections.abc import Iterator
                from typing import BinaryIO

                from timeline.interchange.formats.contracts import ExportOptions, Store
                from timeline.interchange.formats.opening import SourceFile
                from timeline.interchange.formats.source_row import Layout

            FIELDS = ("actor", "topic", "stance", "said_at", "source.outlet")


            class PlainFormat:
                name = "plain"

                def recognises(self, file: SourceFile) -> bool:
                    return file.head.count("|") >= 4

                def rows(self, file: SourceFile, layout: Layout) -> PlainRows:
                    return PlainRows(file)


            class PlainRows:
                columns = None
                delimiter = None

                def __init__(self, file: SourceFile) -> None:
                    self._text = file.text

                def __iter__(self) -> Iterator[SourceRow]:
                    for number, line in enumerate(self._text, 1):
                        cells = [cell.strip() for cell in line.split("|")]
                        yield SourceRow(number, dict(zip(FIELDS, cells)), line)


            class PlainExporter:
                name = "plain"

                def write(self, store: Store, options: ExportOptions, out: BinaryIO) -> None:
                    for row in native_rows(store, options):
                        if "stance" in row:
                            cells = (str(row.get(name, "")) for name in FIELDS)
                            out.write(" | ".join(cells).encode() + b"\\n")
        ''',
        "plain_lines-1.dist-info/METADATA": "Name: plain-lines\nVersion: 1\n",
        "plain_lines-1.dist-info/entry_points.txt": """
            [standline.importers]
            plain = plain_lines:PlainFormat
            [standline.exporters]
            plain = plain_lines:PlainExporter
        """,
    },
)
