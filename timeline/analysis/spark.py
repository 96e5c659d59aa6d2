"""Ask an archive through a Spark Connect server: Apache Spark, Databricks, or Sail.

Some servers compute a step again wherever it is named, so each step is written as Parquet and read
back. The server and its workers must see the archive and the scratch folder under the same path.
"""

from __future__ import annotations

import shutil
import socket
import uuid
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from timeline.analysis.manifest import check_edition, verified
from timeline.analysis.tables import TABLES
from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import DataFrame, SparkSession

    from timeline.analysis.manifest import Manifest
    from timeline.analysis.text import Question, SmallTables

SPARK_NEEDS_EXTRA = Message(
    "spark_needs_extra",
    "asking a Spark Connect server needs packages that are not installed",
    fix="install standline[spark]",
)
SPARK_OUT_OF_REACH = Message(
    "spark_out_of_reach",
    "the server at %(address)s does not answer: %(why)s",
    fix="make sure that it is up and speaks Spark Connect",
)
SPARK_GAVE_UP = Message(
    "spark_gave_up",
    "the server at %(address)s gave up: %(why)s",
    fix="look at its log; archive and --scratch must be where it sees them",
)

PORT, PATIENCE = 15_002, 10.0
"""The default port of a server, and the seconds that it may take to accept a connection."""

_TYPES = {"VARCHAR": "string", "BIGINT": "bigint", "INTEGER": "int"}


class SparkEngine:
    """Answers questions over the files of an archive."""

    def __init__(
        self, session: SparkSession, folder: Path, manifest: Manifest, scratch: Path
    ) -> None:
        self._session, self._scratch, self.manifest = session, scratch, manifest
        for table, columns in TABLES.items():
            paths = [str(verified(folder, file).resolve()) for file in manifest.files(table)]
            if paths:
                rows = session.read.schema(_schema(columns)).parquet(*paths)
            else:
                rows = session.sql(f"select {_nothing(columns)} where 1 = 0")
            rows.createOrReplaceTempView(table)

    def answer(self, question: Question, tables: SmallTables) -> Iterator[dict[str, Any]]:
        """Yield the rows of an answer; ``tables`` are the small tables that the question names."""
        for table, (columns, rows) in tables.items():
            frame = self._session.createDataFrame([tuple(row) for row in rows], _schema(columns))
            frame.createOrReplaceTempView(table)
        for name, text in question.steps.items():
            self._keep(name, self._session.sql(text))
        answer = self._session.sql(question.last)
        for row in answer.collect():
            yield dict(zip(answer.columns, row, strict=True))

    def _keep(self, name: str, rows: DataFrame) -> None:
        place = str(self._scratch / name)
        rows.write.mode("overwrite").parquet(place)
        self._session.read.schema(rows.schema).parquet(place).createOrReplaceTempView(name)


@contextmanager
def open_spark(
    address: str, folder: Path, manifest: Manifest, scratch: Path
) -> Iterator[SparkEngine]:
    """Open an archive for questions to a server; remove its scratch files afterwards.

    Raises `Refused` if the client is not installed, and `StandlineError` if the server cannot be
    reached or gives up, or a file was changed.
    """
    try:
        from pyspark.errors import PySparkException  # noqa: PLC0415 - an extra, and large
        from pyspark.sql import SparkSession  # noqa: PLC0415
    except ImportError:
        raise Refused(SPARK_NEEDS_EXTRA) from None
    check_edition(folder, manifest)
    _reach(address)
    own = scratch.resolve() / f"standline-{uuid.uuid4().hex}"
    own.mkdir()
    try:
        session = SparkSession.builder.remote(address).create()
        try:
            yield SparkEngine(session, folder, manifest, own)
        finally:
            session.stop()
    except PySparkException as error:
        why = str(error).strip().partition("\n")[0]
        raise StandlineError(SPARK_GAVE_UP, address=address, why=why) from None
    finally:
        shutil.rmtree(own, ignore_errors=True)


def _reach(address: str) -> None:
    """Raise `StandlineError` if nobody listens: the client would retry for minutes."""
    try:
        parts = urlsplit(address)
        port = parts.port or PORT
        socket.create_connection((parts.hostname or "", port), PATIENCE).close()
    except (OSError, ValueError) as error:
        raise StandlineError(SPARK_OUT_OF_REACH, address=address, why=error) from None


def _schema(columns: Any) -> str:  # noqa: ANN401 - types by name
    return ", ".join(f"{name} {_TYPES[type_]}" for name, type_ in columns.items())


def _nothing(columns: Any) -> str:  # noqa: ANN401 - types by name
    return ", ".join(f"cast(null as {_TYPES[type_]}) as {name}" for name, type_ in columns.items())
