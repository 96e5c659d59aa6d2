"""Slugs for addresses, and ids that are the same for the same record."""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
import uuid
from json.encoder import encode_basestring_ascii

from timeline.domain.spelling import name_key, nearest, romanise
from timeline.domain.text import canonical_url
from timeline.domain.word_cache import cached_words

__all__ = [
    "document_id",
    "hashed_id",
    "is_slug",
    "keyed_id",
    "name_key",
    "nearest",
    "new_id",
    "slug_of",
    "slugify",
    "stable_id",
]

SLUG_LENGTH = 80
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_STANDLINE = uuid.UUID("f3ec7a59-f516-484c-8104-da21fc17cfc6")
_BIAS = 1 << 31
_SHORT_HASH = 8
_VARIANT = {f"{digit:x}": f"{digit & 3 | 8:x}" for digit in range(16)}
"""The hexadecimal digit of an id that holds its variant (RFC 9562)."""


def slugify(name: str) -> str:
    """Return a short name for addresses: lower-case ASCII letters and digits with hyphens.

    A name that is too long or has no letter gets part of its hash, so that names cut short do not
    share a slug. A blank name gives an empty text.
    """
    composed = unicodedata.normalize("NFC", name)
    slug = "-".join(re.findall("[a-z0-9]+", romanise(composed.translate(_GERMAN))))
    if (slug and len(slug) <= SLUG_LENGTH) or not composed.strip():
        return slug
    mark = hashlib.sha256(composed.encode("utf-8", "surrogatepass")).hexdigest()[:_SHORT_HASH]
    stem = slug[: SLUG_LENGTH - _SHORT_HASH - 1].rstrip("-")
    return f"{stem or 'name'}-{mark}"


def is_slug(text: str) -> bool:
    """Tell whether a text is a slug."""
    return len(text) <= SLUG_LENGTH and _SLUG.fullmatch(text) is not None


@cached_words(1 << 14)
def slug_of(text: str) -> str:
    """Return a slug unchanged, and the slug of any other text."""
    return text if is_slug(text) else slugify(text)


@cached_words(1 << 14)
def stable_id(kind: str, slug: str) -> str:
    """Return the id of a story, topic or actor; it keeps slugs unique in the log."""
    return _uuid5("slug", kind, slug)


def keyed_id(namespace: str, key: str) -> str:
    """Return the id of an imported row that has a key."""
    return _uuid5("key", namespace, key)


def change_id(
    topic: str, lane: str, edition: int, before: tuple[int, ...], after: tuple[int, ...]
) -> str:
    """Return the id of a change between two ends of a lane, by edition of the rule."""
    ends = (",".join(map(str, sorted(numbers))) for numbers in (before, after))
    return _uuid5("change", topic, lane, str(edition), *ends)


@cached_words(1 << 13)
def document_id(url: str, outlet: str, title: str, published_at: str) -> str:
    """Return the id of a document by its address, else by outlet, title and date."""
    if url:
        return _uuid5("url", canonical_url(url))
    digest = hashlib.sha256(_framed((outlet, title, published_at))).digest()
    return _uuid(8, int.from_bytes(digest[:16]))


def hashed_id(earliest_day: int, row: bytes) -> str:
    """Return the id of an imported row without a key: UUIDv8, its day in front, then its hash.

    Ids in order of days load several times as fast. Days count from 1970-01-01, clamped to 32
    bits.
    """
    digits = hashlib.sha256(row).hexdigest()
    variant = _VARIANT[digits[8]]
    return (
        f"{_day(earliest_day)}-{digits[:4]}-8{digits[5:8]}-{variant}{digits[9:12]}-{digits[12:24]}"
    )


def new_id(us: int, random: bytes) -> str:
    """Return a UUIDv7 (RFC 9562) of an instant in microseconds UTC and eight random bytes."""
    milliseconds, rest = divmod(us, 1000)
    fraction = rest * 4096 // 1000
    return _uuid(7, milliseconds << 80 | fraction << 64 | int.from_bytes(random[:8]))


def _uuid5(*parts: str) -> str:
    """Return the UUIDv5 of some texts under our namespace."""
    digest = hashlib.sha1(_STANDLINE.bytes + _framed(parts), usedforsecurity=False).digest()
    return _uuid(5, int.from_bytes(digest[:16]))


def _framed(parts: tuple[str, ...]) -> bytes:
    """Write texts as a JSON array, so that different texts never give the same bytes."""
    return f"[{', '.join(map(encode_basestring_ascii, parts))}]".encode()


@functools.lru_cache(maxsize=1 << 12)
def _day(earliest_day: int) -> str:
    """Write a day as the first eight digits of an id."""
    return f"{min(max(earliest_day + _BIAS, 0), 2 * _BIAS - 1):08x}"


def _uuid(version: int, bits: int) -> str:
    """Write 128 bits as a UUID with version and variant (RFC 9562)."""
    bits = bits & ~(0xF << 76) | version << 76
    bits = bits & ~(0x3 << 62) | 0x2 << 62
    digits = f"{bits:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
