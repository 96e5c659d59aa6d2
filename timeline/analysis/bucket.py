"""An archive in S3 storage: downloaded to be asked, uploaded file by file."""

from __future__ import annotations

import re
import tempfile
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timeline.analysis.archiving import OURS, archive
from timeline.analysis.manifest import MANIFEST, TABLES_FILE, Manifest, read_manifest
from timeline.domain.errors import Refused, StandlineError
from timeline.domain.messages import Message
from timeline.stores.progress import OnProgress, silent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
_ADDRESS = re.compile(r"s3://(?P<bucket>[\w.-]+)(?:/(?P<folder>[^?#@]*))?")
PATIENCE = {"max_retries": 2, "retry_timeout": timedelta(seconds=20)}


class Bucket:
    """A folder of a bucket; the credentials come from the environment (``AWS_…``)."""

    def __init__(self, address: str) -> None:
        """Open ``s3://bucket/folder``; raises `Refused` for another form, or without S3 support."""
        try:
            from obstore.store import S3Store  # noqa: PLC0415 - an extra
        except ImportError:
            raise Refused(S3_MISSING) from None
        parts = _ADDRESS.fullmatch(address)
        if parts is None:
            # Some programs take keys before an "@": they are not to be shown.
            raise Refused(NOT_A_BUCKET, path=address.rpartition("@")[2])
        self.address = address
        with self._short_errors():
            self._store: Any = S3Store(
                parts["bucket"],
                prefix=(parts["folder"] or "").strip("/") or None,
                retry_config=PATIENCE,  # type: ignore[arg-type]  # a dictionary of its keys
                client_options={"connect_timeout": "5s", "allow_http": True},
            )

    def archive(
        self,
        record: Record,
        *,
        afresh: bool = False,
        known_at: int | None = None,
        on_progress: OnProgress = silent,
    ) -> Manifest:
        """Bring the archive up to what pages show; raises what `archiving.archive` does.

        The manifest is uploaded last, after all files that it names, and only if nobody else wrote
        one since.
        """
        with self._folder() as folder:
            before = self._download(MANIFEST, folder)
            manifest = archive(
                record, folder, afresh=afresh, known_at=known_at, on_progress=on_progress
            )
            for place in sorted(folder.glob("*.parquet")):
                self._upload(place)
            self._upload(folder / TABLES_FILE)
            # A run that starts after this manifest is there may upload more before we remove.
            there = self.named() if before else set()
            self._upload(folder / MANIFEST, mode=before or "create")
        self._remove(name for name in there - {*manifest.named} if OURS.fullmatch(name))
        return manifest

    @contextmanager
    def local_copy(self, scratch: Path | None = None) -> Iterator[Path]:
        """Lend a folder with a copy of the archive; raises `NotFound` if there is none."""
        with self._folder(scratch) as folder:
            self._download(MANIFEST, folder)
            for file in read_manifest(folder).named:
                self._download(file, folder)
            yield folder

    def named(self) -> set[str]:
        """Return the names of the files that are there."""
        with self._short_errors():
            return {file["path"] for page in self._store.list() for file in page}

    @contextmanager
    def _folder(self, scratch: Path | None = None) -> Iterator[Path]:
        """Lend a folder for copies; errors name the file in the bucket, not its copy."""
        with tempfile.TemporaryDirectory(prefix="standline-archive-", dir=scratch) as name:
            try:
                yield Path(name)
            except StandlineError as error:
                path = str(error.values.get("path", ""))
                if not path.startswith(name):
                    raise
                values: dict[str, Any] = dict(error.values)
                values["path"] = path.replace(name, self.address.rstrip("/"))
                raise type(error)(error.template, **values) from None

    def _download(self, name: str, folder: Path) -> dict[str, Any]:
        """Copy a file here and return its version, empty if it is not there.

        A damaged file is found by its hash, when it is read.
        """
        with self._short_errors():
            try:
                answer = self._store.get(name)
            except FileNotFoundError:
                return {}
            with (folder / name).open("wb") as file:
                for piece in answer.stream():
                    file.write(piece)
            meta = answer.meta
            return {name: meta[name] for name in ("e_tag", "version") if meta[name] is not None}

    def _upload(self, place: Path, mode: Any = "overwrite") -> None:  # noqa: ANN401 - the library's
        with self._short_errors():
            # A conditional upload must be sent in one piece.
            conditional = mode != "overwrite"
            self._store.put(
                place.name, place, mode=mode, use_multipart=False if conditional else None
            )

    def _remove(self, names: Iterable[str]) -> None:
        with self._short_errors():
            for name in names:
                self._store.delete(name)

    @contextmanager
    def _short_errors(self) -> Iterator[None]:
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
