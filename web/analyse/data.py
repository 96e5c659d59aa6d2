"""An answer as a file: CSV, JSON, Parquet, and the question as SQL."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from timeline.analysis.answers import ANSWERS
from timeline.analysis.written import write_answers
from timeline.domain.position.edition2 import RULE
from timeline.interchange.formats.guarded import guarded
from web.shell.data_answer import data_answer, json_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.wrappers import Response

    from timeline.analysis.inquiry import Found, Inquiry

PIECE = 1 << 16


def as_file(form: str, inquiry: Inquiry, found: Found) -> Response:
    """Return an answer in a form; raises `Refused` for one that is too large."""
    name = inquiry.question
    if form == "json":
        return data_answer(_json(inquiry, found), "application/json")
    if form == "csv":
        return data_answer(_csv(name, found), "text/csv", file_name=f"{name}.csv")
    if form == "sql":
        return data_answer(found.sql, "text/plain", file_name=f"{name}.sql")
    pieces = _parquet(name, found)
    return data_answer(pieces, "application/vnd.apache.parquet", file_name=f"{name}.parquet")


def _json(inquiry: Inquiry, found: Found) -> Iterator[bytes]:
    asked = {name: value for name, value in msgspec.to_builtins(inquiry).items() if value}
    head = {"asked": asked | {"every": found.every}, "known_at": found.known_at, "rule": RULE}
    return json_object(head, {"answers": lambda: found.answers})


def _csv(name: str, found: Found) -> Iterator[str]:
    columns = [field.encode_name for field in msgspec.structs.fields(ANSWERS[name])]
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, columns, lineterminator="\r\n")
    table.writeheader()
    for one in found.answers:
        yield text.getvalue()
        text.seek(0)
        text.truncate()
        row = msgspec.to_builtins(one)
        table.writerow({column: guarded(_cell(row[column])) for column in columns})
    yield text.getvalue()


def _cell(value: Any) -> Any:  # noqa: ANN401 - any field of an answer
    """Return numbers of statements in one cell, and what has fields of its own as JSON."""
    if isinstance(value, list | tuple):
        return ";".join(map(str, value))
    return msgspec.json.encode(value).decode() if isinstance(value, dict) else value


def _parquet(name: str, found: Found) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory(prefix="standline-") as folder:
        place = Path(folder) / "answers.parquet"
        write_answers(place, ANSWERS[name], found.answers)
        with place.open("rb") as made:
            while piece := made.read(PIECE):
                yield piece
