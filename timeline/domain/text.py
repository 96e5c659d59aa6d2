"""Text as it may enter the record: composed (NFC), visible, and addresses that lead outside."""

from __future__ import annotations

import re
import unicodedata
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from timeline.domain.errors import Refused

URL_LENGTH = 4_000
_PORTS = {"http": 80, "https": 443}
_WRITE = "write it like https://example.org/article"
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"  # no XML document, so no feed, can carry them
    "|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"  # the Unicode property Bidi_Control
    "|[\ud800-\udfff]"
)
_NOT_IN_ADDRESS = re.compile(r"""[\s"'<>`\\\x7f-\x9f\xad\u200b-\u200d\u2060\ufeff]""")
_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "home.arpa")
_NAT64 = ip_network("64:ff9b::/96")


def _later_bytes() -> dict[str, int]:
    """Return what Windows-1252 and Latin-1 make of the bytes that follow the first in UTF-8."""
    found = {chr(byte): byte for byte in range(0x80, 0xC0)}
    for byte in range(0x80, 0xA0):
        found[bytes([byte]).decode("cp1252", "ignore") or chr(byte)] = byte
    return found


_LATER = _later_bytes()
_SIGN = f"[{''.join(map(re.escape, _LATER))}]"
_GARBLED = re.compile(f"[ÂÃÐÑ]{_SIGN}|â{_SIGN}{{2}}")
"""UTF-8 read as Windows-1252: accents, Cyrillic letters, quotation marks and dashes. Other letters
begin such pairs too, but also end words before a closing quotation mark, as in „FPÖ“."""


def likely(text: str) -> str:
    """Return what a text was before somebody read it in the wrong encoding: mostly the text."""
    return text if text.isascii() else _GARBLED.sub(_as_utf_8, text)


def _as_utf_8(found: re.Match[str]) -> str:
    later = (_LATER[sign] for sign in found[0][1:])
    return bytes([ord(found[0][0]), *later]).decode("utf-8", "replace")


def clean(text: str, field: str, limit: int | None = None) -> str:
    """Return the text in Unicode NFC, line breaks and all.

    ``limit`` counts code points. Raises `Refused` for text that is too long and for characters
    that cannot be stored, or not be seen for what they are: NUL and other controls, lone
    surrogates, and controls that turn the direction of writing.
    """
    if found := _UNFIT.search(text):
        raise _unfit(found, field)
    composed = unicodedata.normalize("NFC", text)
    if limit is not None and len(composed) > limit:
        msg = f"the text has {len(composed)} characters, {limit} are allowed"
        raise Refused(msg, field=field, fix="shorten it")
    return composed


def clean_url(text: str, field: str = "source.url") -> str:
    """Return a web address as given, in NFC and without surrounding space.

    Raises `Refused` for anything but http and https, for credentials, quotes and spaces, and
    for a host that exists only inside some network.
    """
    written = clean(text.strip(), field, URL_LENGTH)
    if found := _NOT_IN_ADDRESS.search(written):
        encoded = "".join(f"%{byte:02X}" for byte in found[0].encode())
        msg = f"the address contains the character {found[0]!r}"
        raise Refused(msg, field=field, fix=f"write {encoded} in its place")
    try:
        parts = urlsplit(written)
        host, _ = host_of(parts), parts.port
    except ValueError:
        msg = "the address has a host or port that nobody can read"
        raise Refused(msg, field=field, fix=_WRITE) from None
    _check_parts(parts, host, field)
    _check_host(host, field)
    return written


def canonical_url(text: str) -> str:
    """Return the form in which equal addresses are equal texts (RFC 3986, section 6.2)."""
    try:
        parts = urlsplit(text.strip())
        host, port = host_of(parts), parts.port
    except ValueError:
        return text
    if parts.scheme not in _PORTS or not host:
        return text
    place = f"[{host}]" if ":" in host else host
    if port not in (None, _PORTS[parts.scheme]):
        place = f"{place}:{port}"
    return parts._replace(netloc=place, path=parts.path or "/").geturl()


def host_of(parts: SplitResult) -> str:
    """Return the host in lower case, its wide and circled characters as browsers read them."""
    return unicodedata.normalize("NFKC", parts.hostname or "").lower().rstrip(".")


def _unfit(found: re.Match[str], field: str) -> Refused:
    code = ord(found[0])
    if code < ord(" "):
        what, fix = "a control character", "remove it"
    elif unicodedata.category(found[0]) == "Cs":
        what, fix = "half of a character (a lone surrogate)", "save the text as UTF-8 once more"
    elif unicodedata.category(found[0]) == "Cf":
        what, fix = "an invisible character that turns the direction of writing", "remove it"
    else:
        what, fix = "a code that is no character", "remove it"
    msg = f"the text contains {what}, U+{code:04X}, in place {found.start() + 1}"
    return Refused(msg, field=field, fix=fix)


def _check_parts(parts: SplitResult, host: str, field: str) -> None:
    if parts.scheme not in _PORTS:
        msg = "the address begins with neither https:// nor http://"
        raise Refused(msg, field=field, fix=_WRITE)
    if not host:
        msg = "the address names no host"
        raise Refused(msg, field=field, fix=_WRITE)
    if "@" in parts.netloc:
        msg = "the address contains a user name or password"
        raise Refused(msg, field=field, fix="leave out everything up to the @")


def _check_host(host: str, field: str) -> None:
    address, labels = _address(host), host.split(".")
    if address is None and not all(map(_LABEL.fullmatch, labels)):
        msg = f"{host!r} is not the name of a host"
        raise Refused(msg, field=field, fix=_WRITE)
    if address is None and _NUMBER.fullmatch(labels[-1]):
        msg = f"the host {host!r} is a number"
        raise Refused(msg, field=field, fix="give the host by its name")
    inside = len(labels) == 1 or any(f".{host}".endswith(f".{end}") for end in _INSIDE)
    if inside if address is None else not address.is_global or address.is_multicast:
        msg = f"the host {host!r} is not on the public internet"
        raise Refused(msg, field=field, fix="give an address that readers can open, or none")


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """Read an IP address; one that carries another inside counts as that other."""
    try:
        address = ip_address(host)
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
