#!/usr/bin/env python3
"""Check, offline, that an entry of a Standline record is as it was recorded.

    python3 check.py ENTRY.tlog-proof [OLDER.checkpoint GROWTH.proof] [--key NAME+ID+KEY]
                     [--keys KEYS]
    python3 check.py --tiles FOLDER [OLDER.checkpoint] [--key NAME+ID+KEY] [--keys KEYS]

The second way makes the root of a whole record anew, from its entries: FOLDER holds a copy of the
record's checkpoint and of its tile/entries, laid out as they are served (C2SP tlog-tiles).

This file needs Python 3.9 or later and nothing else; read it before you run it. The forms are
C2SP tlog-proof, tlog-checkpoint, tlog-tiles and signed-note, the tree is that of RFC 6962,
signatures are Ed25519 (RFC 8032). The proof says which key signed; whether that key is the
newsroom's, only a copy of the key from elsewhere can tell: give it with --key. Where another key
took its place since, --keys leads from it to that one.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Point = tuple[int, int, int, int]
Event = dict[str, Any]
Tenure = tuple[str, "int | None"]


class Wrong(Exception):
    """What does not hold."""


# Ed25519, to check only


P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def x_of(y: int, sign: int) -> int:
    if y >= P:
        raise Wrong("a signature holds no point of the curve")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (not x and sign):
        raise Wrong("a signature holds no point of the curve")
    return P - x if x & 1 != sign else x


def point(data: bytes) -> Point:
    number = int.from_bytes(data, "little")
    y, sign = number & (1 << 255) - 1, number >> 255
    x = x_of(y, sign)
    return x, y, 1, x * y % P


def add(left: Point, right: Point) -> Point:
    a = (left[1] - left[0]) * (right[1] - right[0]) % P
    b = (left[1] + left[0]) * (right[1] + right[0]) % P
    c = 2 * left[3] * right[3] * D % P
    d = 2 * left[2] * right[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, base: Point) -> Point:
    result = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = add(result, base)
        base = add(base, base)
        number >>= 1
    return result


def same(left: Point, right: Point) -> bool:
    across = (left[0] * right[2] - right[0] * left[2]) % P
    return not across and not (left[1] * right[2] - right[1] * left[2]) % P


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (x_of(BASE_Y, 0), BASE_Y, 1, x_of(BASE_Y, 0) * BASE_Y % P)


def is_signed(public: bytes, text: bytes, signature: bytes) -> bool:
    if len(public) != 32 or len(signature) != 64:
        return False
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    if s >= L:
        return False
    try:
        key, point_r = point(public), point(r)
    except Wrong:
        return False
    h = int.from_bytes(hashlib.sha512(r + public + text).digest(), "little") % L
    return same(times(s, BASE), add(point_r, times(h, key)))


# The tree


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def climb(at: int, last: int) -> tuple[int, int]:
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def included_root(index: int, size: int, node: bytes, proof: list[bytes]) -> bytes:
    """Return the root to which a proof leads from a leaf."""
    if not 0 <= index < size:
        raise Wrong("the record has no event at this place")
    at, last = index, size - 1
    for sibling in proof:
        if not last:
            raise Wrong("the proof is too long")
        if at & 1 or at == last:
            node = node_hash(sibling, node)
            at, last = climb(at, last)
        else:
            node = node_hash(node, sibling)
        at, last = at >> 1, last >> 1
    if last:
        raise Wrong("the proof is too short")
    return node


def grew(old: int, old_root: bytes, size: int, root: bytes, proof: list[bytes]) -> bool:
    """Tell whether the first events of a record are those of an older one."""
    if old == size:
        return not proof and old_root == root
    if not 0 < old < size:
        return False
    path = [old_root] + proof if old & (old - 1) == 0 else proof
    if not path:
        return False
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    was = now = path[0]
    for sibling in path[1:]:
        if not last:
            return False
        if at & 1 or at == last:
            was, now = node_hash(sibling, was), node_hash(sibling, now)
            at, last = climb(at, last)
        else:
            now = node_hash(now, sibling)
        at, last = at >> 1, last >> 1
    return not last and (was, now) == (old_root, root)


# Notes, checkpoints and proofs


def decoded(text: str, what: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Wrong(what + " is not base64") from None


def number(text: str, what: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18 or text != str(int(text)):
        raise Wrong(what + " is not a number")
    return int(text)


def hashes(lines: list[str]) -> list[bytes]:
    decoded_lines = [decoded(line, "a line of the proof") for line in lines]
    if any(len(line_hash) != 32 for line_hash in decoded_lines):
        raise Wrong("a line of the proof is not a hash")
    return decoded_lines


class Note:
    """Lines that are signed, and the signatures below them."""

    def __init__(self, written: str) -> None:
        text, blank, below = written.rpartition("\n\n")
        self.lines = text.split("\n")
        if not blank or len(self.lines) < 3:
            raise Wrong("this is not a checkpoint")
        self.text = (text + "\n").encode()
        self.signatures: list[tuple[str, bytes, bytes]] = []
        for line in below.splitlines():
            dash, name, signature = (line.split(" ") + ["", ""])[:3]
            if dash != "\u2014":
                raise Wrong("a line below the checkpoint is not a signature")
            data = decoded(signature, "a signature")
            self.signatures.append((name, data[:4], data[4:]))

    def has(self, key: str) -> bool:
        """Tell whether a published key signed."""
        parts = key.split("+", 2)
        if len(parts) != 3:
            raise Wrong("the key is not written as name+id+key")
        name, published, public = parts[0], parts[1], decoded(parts[2], "the key")
        key_id = hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
        if key_id.hex() != published:
            raise Wrong("the key does not fit its id")
        for who, used, signature in self.signatures:
            text = self.text
            if (who, used) != (name, key_id):
                continue
            if public[:1] == b"\4":
                time, signature = int.from_bytes(signature[:8], "big"), signature[8:]
                text = b"cosignature/v1\ntime %d\n" % time + text
            if is_signed(public[1:], text, signature):
                return True
        return False


class Checkpoint(Note):
    """How many events the record had, and the root over them all."""

    def __init__(self, written: str) -> None:
        super().__init__(written)
        self.origin = self.lines[0]
        self.size = number(self.lines[1], "the second line of the checkpoint")
        self.root = decoded(self.lines[2], "the third line of the checkpoint")

    def check(self, keys: list[Tenure]) -> None:
        """Raise unless one of the keys signed that might."""
        for key, until in keys:
            if (until is None or self.size <= until) and self.has(key):
                return
        raise Wrong("the checkpoint is not signed by " + keys[-1][0].partition("+")[0])


def follow(key: str, rotations: str) -> list[Tenure]:
    """Return a key and those that took its place, each with the largest size that it may sign."""
    tenures: list[Tenure] = []
    parts = rotations.strip("\n").split("\n\n") if rotations.strip() else []
    if len(parts) % 2:
        raise Wrong("these are not the keys of a record")
    for at in range(0, len(parts), 2):
        note = Note(parts[at] + "\n\n" + parts[at + 1] + "\n")
        if note.lines[0] != "standline-key/v1" or len(note.lines) != 4:
            raise Wrong("these are not the keys of a record")
        _, old, new, size = note.lines
        if old == key and note.has(old) and note.has(new):
            tenures.append((old, number(size, "the last line of a key")))
            key = new
    return [*tenures, (key, None)]


def read_proof(written: str) -> tuple[Event, int, list[bytes], Checkpoint]:
    """Return event, place, hashes and checkpoint of a proof."""
    head, blank, checkpoint = written.partition("\n\n")
    lines = head.split("\n")
    if not blank or lines[0] != "c2sp.org/tlog-proof@v1" or len(lines) < 3:
        raise Wrong("this is not a proof")
    if not lines[1].startswith("extra ") or not lines[2].startswith("index "):
        raise Wrong("this is not a proof of Standline's")
    event = json.loads(decoded(lines[1][6:], "the event"))
    return event, number(lines[2][6:], "the place"), hashes(lines[3:]), Checkpoint(checkpoint)


# Events


def part(event: Event, name: str) -> bytes:
    return decoded(event[name] or "", "the event's " + name)


def entry_of(event: Event) -> bytes:
    head = "standline-event/v1\n{position}\n{stream}\n{version}\n{type}\n".format(**event)
    return head.encode() + part(event, "committed")


WIDTHS = dict(enumerate((1, 2, 4, 0, 0, 0, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8), 0xC4))
WIDTHS.update({0xD9: 1, 0xDA: 2, 0xDB: 4, 0xDC: 2, 0xDD: 4, 0xDE: 2, 0xDF: 4})
"""How many bytes of a length or a number follow a tag."""


def unpacked(data: bytes) -> Any:
    """Return what MessagePack bytes hold; it knows the forms that Standline writes."""
    value, rest = _unpack(data)
    if rest:
        raise Wrong("the event's bytes go on after their end")
    return value


def _unpack(data: bytes) -> tuple[Any, bytes]:
    if not data:
        raise Wrong("the event's bytes end too early")
    tag, rest = data[0], data[1:]
    if tag < 0x80:
        return tag, rest
    if tag < 0x90:
        return _map(tag & 15, rest)
    if tag < 0xA0:
        return _list(tag & 15, rest)
    if tag < 0xC0:
        return _text(tag & 31, rest)
    if tag >= 0xE0:
        return tag - 256, rest
    if tag in (0xC0, 0xC2, 0xC3):
        return {0xC0: None, 0xC2: False, 0xC3: True}[tag], rest
    width = WIDTHS.get(tag)
    if not width or len(rest) < width:
        raise Wrong("the event's bytes are not what Standline writes")
    size, rest = int.from_bytes(rest[:width], "big", signed=0xD0 <= tag <= 0xD3), rest[width:]
    if tag <= 0xC6:
        return rest[:size], rest[size:]
    if tag <= 0xD3:
        return size, rest
    if tag <= 0xDB:
        return _text(size, rest)
    return _list(size, rest) if tag <= 0xDD else _map(size, rest)


def _text(size: int, data: bytes) -> tuple[str, bytes]:
    return data[:size].decode(), data[size:]


def _list(count: int, data: bytes) -> tuple[list[Any], bytes]:
    items = []
    for _ in range(count):
        value, data = _unpack(data)
        items.append(value)
    return items, data


def _map(count: int, data: bytes) -> tuple[dict[Any, Any], bytes]:
    items: dict[Any, Any] = {}
    for _ in range(count):
        name, data = _unpack(data)
        items[name], data = _unpack(data)
    return items, data


def texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield the words of an event with the names of their fields."""
    if isinstance(value, dict):
        for key in value:
            yield from texts(value[key], str(key))
    elif isinstance(value, list):
        for item in value:
            yield from texts(item, name)
    elif isinstance(value, str) and value:
        yield name, value


def check_words(event: Event) -> Any:
    """Raise unless the words are those that the event is bound to; return them."""
    bound = unpacked(part(event, "committed")).get("hash")
    if event["content"] is None:
        return None if bound else {}
    words = part(event, "content")
    if bound is None or hashlib.sha256(part(event, "salt") + words).digest() != bound:
        raise Wrong("the words are not those that were recorded")
    return unpacked(words)


# A whole record


def bundle_of(folder: str, at: int, size: int) -> bytes:
    """Return the entries from a place on, as a file of a copy of the record has them.

    Those at the end of the record may lie in a file that was filled since.
    """
    parts = [str(at // 256 % 1000).zfill(3)]
    above = at // 256_000
    while above:
        parts.insert(0, "x" + str(above % 1000).zfill(3))
        above //= 1000
    whole = Path(folder, "tile", "entries", *parts)
    part = Path(str(whole) + ".p", str(size - at))
    return (part if size - at < 256 and part.exists() else whole).read_bytes()


def entries_in(folder: str, size: int) -> Iterator[bytes]:
    """Yield the entries of a record of so many events."""
    for begin in range(0, size, 256):
        data, at = bundle_of(folder, begin, size), 0
        for _ in range(min(256, size - begin)):
            end = at + 2 + int.from_bytes(data[at : at + 2], "big")
            if len(data) < at + 2 or len(data) < end:
                raise Wrong("the entries end too early")
            yield data[at + 2 : end]
            at = end


def roots_over(entries: Iterator[bytes], sizes: set[int]) -> dict[int, bytes]:
    """Return the roots over the first entries, of each of these numbers of them."""
    roots: dict[int, bytes] = {}
    complete: list[tuple[int, bytes]] = []
    for size, entry in enumerate(entries, 1):
        node, height = leaf_hash(entry), 0
        while complete and complete[-1][0] == height:
            node, height = node_hash(complete.pop()[1], node), height + 1
        complete.append((height, node))
        if size in sizes:
            root = node
            for _, left in reversed(complete[:-1]):
                root = node_hash(left, root)
            roots[size] = root
    return roots


def check_record(folder: str, keys: list[Tenure], older: str = "") -> None:
    """Check that all entries of a copy make the root that is signed; raise `Wrong` else."""
    checkpoint = Checkpoint(Path(folder, "checkpoint").read_bytes().decode())
    saved = [Checkpoint(older)] if older else []
    if keys:
        checkpoint.check(keys)
        print("the checkpoint is signed by", plain(keys[-1][0].partition("+")[0]), "  ok")
    else:
        print("no key given: who signed the checkpoint was not checked")
    sizes = {older_checkpoint.size for older_checkpoint in [checkpoint, *saved]}
    roots = roots_over(entries_in(folder, checkpoint.size), sizes)
    if roots.get(checkpoint.size) != checkpoint.root:
        raise Wrong("the entries are not those of the checkpoint")
    print("the", checkpoint.size, "entries of", plain(checkpoint.origin), "make its root   ok")
    for older_checkpoint in saved:
        if keys:
            older_checkpoint.check(keys)
        if (
            older_checkpoint.origin != checkpoint.origin
            or roots.get(older_checkpoint.size) != older_checkpoint.root
        ):
            raise Wrong("the record has not grown out of the older one: it was rewritten")
        print("the record of", older_checkpoint.size, "events that you kept is its beginning   ok")


# What is said


def plain(text: str) -> str:
    """Return text without what would move a terminal's cursor."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def short(digest: bytes) -> str:
    return digest.hex()[:16]


def check(proof: str, keys: list[Tenure], older: str = "", growth: str = "") -> None:
    """Check and print, line by line; raise `Wrong` at what does not hold."""
    event, index, path, checkpoint = read_proof(proof)
    words = check_words(event)
    position = event["position"]
    if words is None:
        print("event", position, ": its words were erased; all else of it is checked")
    else:
        print("event", position, "holds the words that it is bound to   ok")
    leaf = leaf_hash(entry_of(event))
    if included_root(index, checkpoint.size, leaf, path) != checkpoint.root:
        raise Wrong("the event is not in the record of this checkpoint")
    print("it is event", index + 1, "of", checkpoint.size, "in", plain(checkpoint.origin), "  ok")
    print("    event", short(leaf), " record", short(checkpoint.root))
    if keys:
        checkpoint.check(keys)
        print("the checkpoint is signed by", plain(keys[-1][0].partition("+")[0]), "  ok")
    else:
        print("no key given: who signed the checkpoint was not checked")
    if older:
        check_growth(Checkpoint(older), checkpoint, growth, keys)
    for name, text in texts(words or {}):
        print("   ", name + ":", plain(text))


def check_growth(
    older: Checkpoint, checkpoint: Checkpoint, growth: str, keys: list[Tenure]
) -> None:
    """Check that an older checkpoint is of the same record, or of its beginning."""
    if keys:
        older.check(keys)
    head, _, later = growth.partition("\n\n")
    lines = head.split("\n") if growth else [f"old {older.size}"]
    if growth and Checkpoint(later).root != checkpoint.root:
        raise Wrong("the proof of growth is of another checkpoint than the event's")
    if lines[0] != f"old {older.size}" or older.origin != checkpoint.origin:
        raise Wrong("the proof of growth is not from this older checkpoint")
    if not grew(older.size, older.root, checkpoint.size, checkpoint.root, hashes(lines[1:])):
        raise Wrong("the record has not grown out of the older one: it was rewritten")
    print("the record of", older.size, "events that you kept is its beginning   ok")


def main(arguments: list[str]) -> int:
    """Return 0 where all holds, 1 where not, 2 where nothing could be read."""
    options = {"--key": "", "--keys": "", "--tiles": ""}
    files: list[str] = []
    while arguments:
        argument = arguments.pop(0)
        if argument in options and arguments:
            options[argument] = arguments.pop(0)
        else:
            files.append(argument)
    fewest, most = (0, 1) if options["--tiles"] else (1, 3)
    is_help = bool({"-h", "--help"} & set(files))
    if is_help or not fewest <= len(files) <= most:
        print(__doc__)
        return 0 if is_help else 2
    try:
        written = [open(file, encoding="utf-8", newline="").read() for file in files]
        rotations = options["--keys"] and open(options["--keys"], encoding="utf-8").read()
        keys = follow(options["--key"], rotations) if options["--key"] else []
        if options["--tiles"]:
            check_record(options["--tiles"], keys, *written)
        else:
            check(written[0], keys, *written[1:])
    except OSError as error:
        print("cannot be read:", error)
        return 2
    except UnicodeError:
        print("DOES NOT HOLD: a file is damaged: it holds bytes that are no text")
        return 1
    except (Wrong, KeyError, TypeError, ValueError) as error:
        print("DOES NOT HOLD:", error if isinstance(error, Wrong) else "this is not a proof")
        return 1
    print("unchanged since it was recorded")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
