"""An archive in storage that speaks S3: brought here to be asked, and sent there file by file."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from timeline.analysis.archiving import OURS, archive
from timeline.analysis.manifest import MANIFEST, TABLES_FILE, Manifest, read_manifest
from timeline.domain.errors import NotFound, Refused, StandlineError
from timeline.domain.messages import Message
from timeline.stores.progress import OnProgress, silent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.analysis.archiving import Record

S3_MISSING = Message(
    "s3_missing",
    "what speaks with S3 storage is not installed",
    fix="pip install 'standline[s3]'",
)
NOT_A_BUCKET = Message(
    "not_a_bucket", "%(path)s is no place in S3 storage", fix="write it like s3://bucket/folder"
)
STORAGE_REFUSES = Message(
    "storage_refuses",
    "the storage of %(path)s does not do it: %(why)s",
    fix="see whether it is up, and AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and"
    " AWS_REGION are right",
)
ARCHIVE_WRITTEN_MEANWHILE = Message(
    "archive_written_meanwhile",
    "somebody else wrote the archive %(path)s meanwhile",
    fix="try again; one run at a time writes",
)

SCHEME = "s3://"
PATIENCE = {"max_retries": 2, "retry_timeout": timedelta(seconds=20)}


class Bucket:
    """A folder of a bucket. Who may read and write it stands in the environment (``AWS_…``)."""

    def __init__(self, address: str) -> None:
        """Name it as ``s3://bucket/folder``; raises `Refused` for what is none, or without S3."""
        try:
            from obstore.store import S3Store  # noqa: PLC0415 - an extra
        except ImportError:
            raise Refused(S3_MISSING) from None
        parts = urlsplit(address)
        if not parts.netloc:
            raise Refused(NOT_A_BUCKET, path=address)
        self.address = address
        with self._in_one_line():
            self._store: Any = S3Store(
                parts.netloc,
                prefix=parts.path.strip("/") or None,
                retry_config=PATIENCE,  # type: ignore[arg-type]  # a dictionary of its keys
                client_options={"connect_timeout": "5s", "allow_http": True},
            )

    def archive(
        self, record: Record, *, afresh: bool = False, on_progress: OnProgress = silent
    ) -> Manifest:
        """Bring the archive there up to what pages show; raises as `archiving.archive` does.

        The manifest goes last, and only if nobody else wrote one since: what it names is there.
        """
        with tempfile.TemporaryDirectory(prefix="standline-archive-") as made:
            folder = Path(made)
            before = self._bring(MANIFEST, folder)
            manifest = archive(record, folder, afresh=afresh, on_progress=on_progress)
            for place in sorted(folder.glob("*.parquet")):
                self._send(place)
            self._send(folder / TABLES_FILE)
            self._send(folder / MANIFEST, mode=before or "create")
        if before:
            self._remove_others(manifest)
        return manifest

    @contextmanager
    def brought(self, scratch: Path | None = None) -> Iterator[Path]:
        """Lend a folder with the whole archive; raises `NotFound` where there is none."""
        with tempfile.TemporaryDirectory(prefix="standline-archive-", dir=scratch) as made:
            folder = Path(made)
            self._bring(MANIFEST, folder)
            for file in self.manifest(folder).named:
                self._bring(file, folder)
            yield folder

    def named(self) -> set[str]:
        """Return the names of the files that are there."""
        with self._in_one_line():
            return {one["path"] for piece in self._store.list() for one in piece}

    def manifest(self, folder: Path) -> Manifest:
        """Return what was brought as a manifest; raises `NotFound` where there is none."""
        try:
            return read_manifest(folder)
        except NotFound as error:
            raise NotFound(error.template, path=self.address) from None

    def _bring(self, name: str, folder: Path) -> dict[str, Any]:
        """Copy a file here and return what tells it from a later one; nothing if it is not there.

        What is not as it was written is found by its hash, when it is read.
        """
        with self._in_one_line():
            try:
                answer = self._store.get(name)
            except FileNotFoundError:
                return {}
            with (folder / name).open("wb") as file:
                for piece in answer.stream():
                    file.write(piece)
            meta = answer.meta
            return {name: meta[name] for name in ("e_tag", "version") if meta[name] is not None}

    def _send(self, place: Path, mode: Any = "overwrite") -> None:  # noqa: ANN401 - the library's
        with self._in_one_line():
            # What is to come under a condition goes in one piece.
            conditional = mode != "overwrite"
            self._store.put(
                place.name, place, mode=mode, use_multipart=False if conditional else None
            )

    def _remove_others(self, manifest: Manifest) -> None:
        named = set(manifest.named)
        for name in self.named():
            if OURS.fullmatch(name) and name not in named:
                with self._in_one_line():
                    self._store.delete(name)

    @contextmanager
    def _in_one_line(self) -> Iterator[None]:
        from obstore.exceptions import (  # noqa: PLC0415 - an extra
            AlreadyExistsError,
            BaseError,
            PreconditionError,
        )

        try:
            yield
        except (AlreadyExistsError, PreconditionError):
            raise StandlineError(ARCHIVE_WRITTEN_MEANWHILE, path=self.address) from None
        except (BaseError, OSError) as error:
            why = str(error).splitlines()[0].rpartition(" - ")[2].partition(": <")[0]
            raise StandlineError(STORAGE_REFUSES, path=self.address, why=why) from None
