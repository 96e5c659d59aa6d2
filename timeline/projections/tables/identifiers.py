"""Ids of entries: UUIDs as 16 bytes in place of 36 characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import LargeBinary
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy import Dialect

SIZE = 16


class Identifier(TypeDecorator[str]):
    """A column of ids; queries say and get them as text."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> bytes | None:
        return None if value is None else packed(value)

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> str | None:
        return None if value is None else unpacked(value)


def packed(text: str) -> bytes:
    """Return the bytes of a UUID; what is none, or is written otherwise, as more than these."""
    try:
        found = bytes.fromhex(text.replace("-", ""))
    except ValueError:
        found = b""
    if len(found) == SIZE and _written(found) == text:
        return found
    return bytes(SIZE) + b"\1" + text.encode()


def unpacked(stored: bytes) -> str:
    """Return the id that was packed."""
    if len(stored) == SIZE:
        return _written(stored)
    return bytes(stored[SIZE + 1 :]).decode()


def _written(found: bytes) -> str:
    digits = found.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
