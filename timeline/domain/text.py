"""Text as it may enter the record: composed (NFC), visible, and addresses that lead outside."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from urllib.parse import SplitResult, urlsplit

from timeline.domain.errors import Refused

URL_LENGTH = 4_000
_PORTS = {"http": 80, "https": 443}
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"  # no XML document, so no feed, can carry them
    "|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"  # Unicode property Bidi_Control
    "|[\ud800-\udfff]"
)
_NOT_IN_URL = re.compile(r"""[\s"'<>`\\^{}|\x00-\x1f\x7f-\x9f\xad\u200b-\u200d\u2060\ufeff]""")
_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
_NUMERIC = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")
_INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "home.arpa")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

type_of_address = ipaddress.IPv4Address | ipaddress.IPv6Address


def clean(text: str, field: str, limit: int | None = None) -> str:
    """Return the text in Unicode NFC, line breaks and all.

    ``limit`` counts code points. Raises `Refused` for text that is too long and for characters
    that cannot be stored or shown for what they are: NUL and other controls, lone surrogates,
    and controls that turn the direction of writing.
    """
    if found := _UNFIT.search(text):
        raise _unfit(found, field)
    composed = unicodedata.normalize("NFC", text)
    if limit is not None and len(composed) > limit:
        msg = f"the text has {len(composed)} characters, {limit} are allowed"
        raise Refused(msg, field=field, fix="shorten it")
    return composed


def clean_url(text: str, field: str = "source.url") -> str:
    """Return a web address with scheme and host in lower case, as RFC 3986 compares them.

    Raises `Refused` for anything but http and https, for credentials, quotes and spaces, and
    for a host that only exists inside some network.
    """
    written = clean(text.strip(), field, URL_LENGTH)
    if found := _NOT_IN_URL.search(written):
        msg = f"the address contains {_named(found[0])}"
        raise Refused(msg, field=field, fix=f"write it as {_quoted(found[0])}")
    try:
        parts = urlsplit(written)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        msg = "the address has no readable host or port"
        raise Refused(msg, field=field, fix="copy it from the browser once more") from None
    _check_parts(parts, host, field)
    _check_host(host, field)
    place = f"[{host}]" if ":" in host else host
    if port is not None and port != _PORTS[parts.scheme]:
        place = f"{place}:{port}"
    return parts._replace(netloc=place, path=parts.path or "/").geturl()


def _unfit(found: re.Match[str], field: str) -> Refused:
    character = found[0]
    if "\ud800" <= character <= "\udfff":
        what = f"half of a character (a lone surrogate, U+{ord(character):04X})"
        fix = "encode the text anew as UTF-8"
    elif character < " " or character > "\ufffd":
        what = f"the control character U+{ord(character):04X}"
        fix = "remove it"
    else:
        what = f"an invisible character that turns the writing round (U+{ord(character):04X})"
        fix = "remove it"
    msg = f"the text contains {what} at character {found.start() + 1}"
    return Refused(msg, field=field, fix=fix)


def _check_parts(parts: SplitResult, host: str, field: str) -> None:
    if parts.scheme not in _PORTS:
        msg = f"the address begins with {parts.scheme!r}" if parts.scheme else "no web address"
        raise Refused(msg, field=field, fix="give one that begins with https:// or http://")
    if not host:
        msg = "the address has no host"
        raise Refused(msg, field=field, fix="write it like https://example.org/article")
    if "@" in parts.netloc:
        msg = "the address contains a user name or password"
        raise Refused(msg, field=field, fix="leave out everything up to the @")


def _check_host(host: str, field: str) -> None:
    address = _address(host)
    labels = host.split(".")
    if address is None and not all(map(_LABEL.fullmatch, labels)):
        msg = f"{host!r} is not the name of a host"
        raise Refused(msg, field=field, fix="write it like https://example.org/article")
    if address is None and _NUMERIC.fullmatch(labels[-1]):
        msg = f"{host!r} is a number in the place of a name"
        raise Refused(msg, field=field, fix="give the host by its name")
    named_inside = len(labels) == 1 or any(f".{host}".endswith(f".{end}") for end in _INSIDE)
    if not address.is_global if address else named_inside:
        msg = f"the host {host!r} is not on the public internet"
        raise Refused(msg, field=field, fix="give an address that readers can open, or none")
