"""Read an uploaded file in a process of its own, with limits on time and memory.

A parser of foreign files may hang, run out of memory or crash; the server goes on.
"""

from __future__ import annotations

import time
from contextlib import suppress
from multiprocessing import get_context
from threading import Timer
from typing import TYPE_CHECKING

import msgspec

from timeline.capture.files.article_file import (
    ARTICLE_FILE_TOO_LARGE,
    FILE_NOT_READ,
    FILE_TAKES_TOO_LONG,
    MOST_BYTES,
    REFUSALS,
    ArticleFile,
)
from timeline.domain.errors import Refused

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

PATIENCE = 20.0
"""Most seconds for a file, with the start of its process."""

MEMORY = 2_000_000_000
"""Most bytes of address space of that process, if the system can limit it."""


class ReadingResult(msgspec.Struct, frozen=True):
    """The answer of the process: an article, or the code of a refusal."""

    article: ArticleFile | None = None
    refused: str = ""


_decode = msgspec.json.Decoder(ReadingResult).decode


def read_file(data: bytes, name: str, *, patience: float | None = None) -> ArticleFile:
    """Return the article in a file; raises `Refused`.

    ``data`` are its bytes, ``name`` is its file name; ``patience`` is in seconds and defaults to
    `PATIENCE`.
    """
    until = time.monotonic() + (PATIENCE if patience is None else patience)
    if len(data) > MOST_BYTES:
        raise Refused(
            ARTICLE_FILE_TOO_LARGE, field="file", size=f"{len(data):,}", limit=f"{MOST_BYTES:,}"
        )
    spawning = get_context("spawn")
    ours, theirs = spawning.Pipe()
    # The file is sent afterwards: `start` would wait for a process that is slow to read it.
    process = spawning.Process(target=_answer, args=(theirs, name), daemon=True)
    process.start()
    theirs.close()
    # Every wait ends with the process: for reading the file, or for half an answer.
    end = Timer(max(0.0, until - time.monotonic()), process.kill)
    end.start()
    try:
        ours.send_bytes(data)
        answer = _decode(ours.recv_bytes())
    except (EOFError, OSError):
        is_over = time.monotonic() >= until
        raise Refused(FILE_TAKES_TOO_LONG if is_over else FILE_NOT_READ, field="file") from None
    finally:
        end.cancel()
        end.join()
        process.kill()
        process.join()
        ours.close()
    if answer.article is None:
        raise Refused(REFUSALS.get(answer.refused, FILE_NOT_READ), field="file")
    return answer.article


def _answer(to: Connection, name: str) -> None:
    """Read a file within limits and send the result; after a crash send nothing."""
    _bound()
    data = to.recv_bytes()
    from timeline.capture.files.readers import read_article  # noqa: PLC0415 - bounded from here on

    try:
        answer = ReadingResult(read_article(data, name))
    except Refused as error:
        answer = ReadingResult(refused=error.code)
    except Exception:  # noqa: BLE001 - whatever a parser raises, the file cannot be read
        answer = ReadingResult(refused=FILE_NOT_READ.code)
    to.send_bytes(msgspec.json.encode(answer))


def _bound() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not on every system

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (round(PATIENCE), round(PATIENCE)))
