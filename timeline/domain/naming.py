"""What things are called: slugs, ids that never change, and one key for all spellings."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import uuid
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from text_unidecode import unidecode

if TYPE_CHECKING:
    from collections.abc import Iterable

STANDLINE = uuid.uuid5(uuid.NAMESPACE_URL, "tag:standline,2025:ids")
"""The namespace of all name-based ids (UUIDv5, RFC 9562)."""

SLUG_LIMIT = 80
DAY_BIAS = 1 << 31
MAX_DAY = (1 << 32) - 1
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def slugify(name: str) -> str:
    """Return a lower-case ASCII slug with hyphens; a hash where no letter is left."""
    folded = unidecode(unicodedata.normalize("NFC", name).lower().translate(_GERMAN)).lower()
    slug = re.sub(r"[^a-z0-9]+", "-", folded.replace("'", "")).strip("-")
    if len(slug) > SLUG_LIMIT:
        slug = f"{slug[: SLUG_LIMIT - 9].rstrip('-')}-{_short_hash(name)}"
    return slug or _short_hash(name)


def is_slug(text: str) -> bool:
    """Tell whether a text is a slug as it stands."""
    return _SLUG.fullmatch(text) is not None


def stable_id(kind: str, slug: str) -> str:
    """Return the id of a story, topic or actor: the same slug always means the same stream."""
    return str(uuid.uuid5(STANDLINE, f"{kind}:{slug}"))


def document_id(url: str, outlet: str, title: str, published_at: str) -> str:
    """Return a document's id: of its address, else of outlet, title and date."""
    if url:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, url))
    digest = hashlib.sha256("\0".join((outlet, title, published_at)).encode()).digest()
    return str(_version_8(digest[:16]))


def keyed_id(namespace: str, key: str) -> str:
    """Return the id of an imported row that carries a key of its own."""
    return str(uuid.uuid5(uuid.uuid5(STANDLINE, f"import:{namespace}"), key))


def hashed_id(day: int, row: bytes) -> str:
    """Return the id of an imported row without a key: its day in front, then its hash.

    ``day`` counts from 1970-01-01, biased and clamped to 32 bits, so that rows in order of time
    have ids in order (UUIDv8, RFC 9562).
    """
    front = min(max(day + DAY_BIAS, 0), MAX_DAY).to_bytes(4, "big")
    return str(_version_8(front + hashlib.sha256(row).digest()[:12]))


def new_id(at: int, random: bytes) -> str:
    """Return a new id (UUIDv7, RFC 9562) for ``at`` in microseconds and ten random bytes."""
    value = int.from_bytes((at // 1000).to_bytes(6, "big") + random[:10], "big")
    value = value & ~(0xF << 76) | 7 << 76
    return str(uuid.UUID(int=value & ~(0x3 << 62) | 2 << 62))


def name_key(name: str) -> str:
    """Return one key for the spellings of a name, from whichever alphabet: Selenskyj, Zelensky."""
    words = slugify(name).split("-")
    return " ".join(_fold(word) for word in words)


def nearest(name: str, candidates: Iterable[str], n: int = 3) -> list[str]:
    """Return the candidates that come closest to a name, best first, none that is far."""
    wanted = name_key(name)
    scored = [
        (SequenceMatcher(None, wanted, name_key(one)).ratio(), one)
        for one in candidates
    ]
    return [one for score, one in sorted(scored, key=lambda x: (-x[0], x[1])) if score > 0.6][:n]  # noqa: PLR2004


_FOLDS = (
    (r"schtsch|shch", "sc"), (r"tsch|tch|ch", "c"), (r"sch|sh", "s"), (r"zh|dsch|dj", "j"),
    (r"ph", "f"), (r"ae", "a"), (r"oe", "o"), (r"ue", "u"), (r"kh", "h"), (r"ts|tz|cz", "z"),
    (r"ck|q|c(?=[aou])", "k"), (r"x", "ks"), (r"w", "v"), (r"ff\b|v\b", "f"), (r"^s(?=[eaiou])", "z"),
    (r"(?:sk|ck)(?:yy|yj|ij|iy|yi|ii|i|y|j)$", "ski"), (r"[yj]+", "i"), (r"i+", "i"),
    (r"(.)\1", r"\1"), (r"h", ""),
)  # fmt: skip


def _fold(word: str) -> str:
    for pattern, plain in _FOLDS:
        word = re.sub(pattern, plain, word)
    return word


def _version_8(raw: bytes) -> uuid.UUID:
    value = int.from_bytes(raw, "big") & ~(0xF << 76) | 8 << 76
    return uuid.UUID(int=value & ~(0x3 << 62) | 2 << 62)


def _short_hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:8]
