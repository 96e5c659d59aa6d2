"""Answers that are no pages: JSON, CSV, feeds, files to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response

if TYPE_CHECKING:
    from collections.abc import Iterable


def data_answer(
    body: bytes | str | Iterable[bytes] | Iterable[str], mimetype: str, *, file_name: str = ""
) -> Response:
    """Return data of a type; with ``file_name`` browsers keep it as a file of that name.

    What is given piece by piece is sent so, and never whole in memory.
    """
    answer = Response(body, mimetype=mimetype)
    if file_name:
        answer.headers["Content-Disposition"] = f"attachment; filename={file_name}"
    return answer
