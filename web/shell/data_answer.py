"""Answers that are no pages: JSON, CSV, feeds, files to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from flask import Response

from web.shell.downloads import download

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    Lists = Mapping[str, Callable[[], Iterable[Any]]]

_encode = msgspec.json.Encoder().encode


def data_answer(
    body: bytes | str | Iterable[bytes] | Iterable[str],
    mimetype: str,
    *,
    file_name: str = "",
    goes_on: bool = False,
) -> Response:
    """Return data of a type; with ``file_name`` browsers keep it as a file of that name.

    What is given piece by piece is never whole in memory; raises `Refused` where it is too large.
    It ``goes_on`` while it is sent, however long it is, if all but its first piece needs nothing of
    the request.
    """
    headers = _headers(mimetype, file_name)
    if isinstance(body, bytes | str):
        return Response(body, headers=headers)
    pieces = (piece.encode() if isinstance(piece, str) else piece for piece in body)
    return download(pieces, headers, goes_on=goes_on)


def json_object(head: Mapping[str, Any], lists: Lists) -> Iterator[bytes]:
    """Yield a JSON object piece by piece; each list is asked for when it is written."""
    yield _encode(head)[:-1]
    for place, (name, ask) in enumerate(lists.items()):
        yield (b"," if head or place else b"") + _encode(name) + b":["
        for at, item in enumerate(ask()):
            yield (b"," if at else b"") + _encode(item)
        yield b"]"
    yield b"}"


def streamed_answer(body: Iterable[bytes], mimetype: str, *, file_name: str) -> Response:
    """Return data of any length that is sent while it is read, for the few who may have it."""
    return Response(body, headers=_headers(mimetype, file_name))


def _headers(mimetype: str, file_name: str) -> dict[str, str]:
    is_text = mimetype.startswith("text/") or mimetype.endswith("+xml")
    headers = {"Content-Type": f"{mimetype}; charset=utf-8" if is_text else mimetype}
    if file_name:
        headers["Content-Disposition"] = f"attachment; filename={file_name}"
    return headers
