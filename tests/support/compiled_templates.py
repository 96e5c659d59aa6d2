"""Templates compiled once for all sites of a test run, instead of once for each."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from jinja2 import BytecodeCache, FileSystemBytecodeCache

if TYPE_CHECKING:
    from pathlib import Path
    from types import CodeType

    from jinja2.bccache import Bucket


class CompiledTemplates(BytecodeCache):
    """Keeps compiled templates in memory, each until its source changes.

    What one process of a run has compiled, the others find in a folder that they share.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType | None] = {}
        self._shared: FileSystemBytecodeCache | None = None

    def share(self, folder: Path) -> None:
        """Share from here on what is compiled with all who share the same folder."""
        folder.mkdir(exist_ok=True)
        self._shared = FileSystemBytecodeCache(str(folder))

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))
        if bucket.code is None and self._shared is not None:
            self._shared.load_bytecode(bucket)
            self._kept[bucket.key, bucket.checksum] = bucket.code

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.code
        if self._shared is not None:
            # Where a test lets the disk be full, it is not for this.
            with suppress(OSError):
                self._shared.dump_bytecode(bucket)


COMPILED = CompiledTemplates()
"""The templates of every site that a test makes."""
