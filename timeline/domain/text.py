"""Clean texts and web addresses for the record: NFC, only visible characters, public hosts."""

from __future__ import annotations

import re
import unicodedata
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from timeline.domain.errors import Refused
from timeline.domain.messages import Advice, InQuotes, Message, Word

_WRITE = "write it like https://example.org/article"

UNFIT_CHARACTER = Message(
    "unfit_character",
    "the text contains %(what)s, U+%(code_point)s, in place %(place)s",
    fix="remove it",
)
CONTROL = Word("a control character")
DIRECTION = Word("an invisible character that turns the direction of writing")
INVISIBLE = Word("an invisible character")
NO_CHARACTER = Word("a code that is no character")
HALF_A_CHARACTER = Word("half of a character (a lone surrogate)")
SAVE_AGAIN = Advice("save the text as UTF-8 once more")
TEXT_TOO_LONG = Message(
    "text_too_long", "the text has %(length)s characters, %(limit)s are allowed", fix="shorten it"
)
CHARACTER_NOT_IN_ADDRESS = Message(
    "character_not_in_address",
    "the address contains the character %(character)s",
    fix="write %(encoded)s in its place",
)
ADDRESS_UNREADABLE = Message(
    "address_unreadable",
    "the address has a host or port that nobody can read",
    fix=_WRITE,
)
ADDRESS_SCHEME = Message(
    "address_scheme",
    "the address begins with neither https:// nor http://",
    fix=_WRITE,
)
ADDRESS_WITHOUT_HOST = Message(
    "address_without_host",
    "the address names no host",
    fix=_WRITE,
)
ADDRESS_WITH_CREDENTIALS = Message(
    "address_with_credentials",
    "the address contains a user name or password",
    fix="leave out everything up to the @",
)
NOT_A_HOST = Message(
    "not_a_host",
    "%(host)s is not the name of a host",
    fix=_WRITE,
)
HOST_IS_A_NUMBER = Message(
    "host_is_a_number", "the host %(host)s is a number", fix="give the host by its name"
)
HOST_NOT_PUBLIC = Message(
    "host_not_public",
    "the host %(host)s is not on the public internet",
    fix="give an address that readers can open, or none",
)

URL_LENGTH = 4_000
DIGITS = 18
"""Most digits of a whole number from outside: so many always fit into 64 bits."""

_PORTS = {"http": 80, "https": 443}
_UNSEEN = re.compile("[\u200b\u2060\ufeff]")
"""Zero-width characters that are no part of a word: optional and forbidden breaks, and BOMs.

Joiners (U+200C, U+200D) are not among them: some scripts need them to tell words apart.
"""
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"  # no XML document, so no feed, can carry them
    "|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"  # the Unicode property Bidi_Control
    "|[\ud800-\udfff]"
)
_UNFIT_IN_NAMES = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\ue000-\uf8ff]"
    # The Unicode property Default_Ignorable_Code_Point, without what chooses the look of a sign.
    "|[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
_JOINERS = re.compile("[\u200c\u200d]")
_NOT_IN_ADDRESS = re.compile(r"""[\s"'<>`\\\x7f-\x9f\xad\u200b-\u200d\u2060\ufeff]""")
_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "home.arpa")
_NAT64 = ip_network("64:ff9b::/96")
_SET_ASIDE = tuple(
    map(
        ip_network,
        ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "2001::/23", "3fff::/20"),
    )
)
"""Networks that are reserved by IANA but public to `ipaddress` of some Pythons, and the metadata
address of Azure."""
_UNICAST = ip_network("2000::/3")
"""The IPv6 addresses that IANA assigns to the public internet."""


def _later_bytes() -> dict[str, int]:
    """Return the UTF-8 continuation bytes by their characters in Windows-1252 and Latin-1."""
    bytes_ = {chr(byte): byte for byte in range(0x80, 0xC0)}
    for byte in range(0x80, 0xA0):
        bytes_[bytes([byte]).decode("cp1252", "ignore") or chr(byte)] = byte
    return bytes_


_LATER = _later_bytes()
_SIGN = f"[{''.join(map(re.escape, _LATER))}]"
_GARBLED = re.compile(f"[ÂÃÐÑ]{_SIGN}|â{_SIGN}{{2}}")
"""UTF-8 read as Windows-1252: accents, Cyrillic letters, quotation marks and dashes. Other letters
begin such pairs too, but also end words before a closing quotation mark, as in „FPÖ“."""


def repair_mojibake(text: str) -> str:
    """Undo a decoding of UTF-8 as Windows-1252; most texts come back unchanged."""
    return text if text.isascii() else _GARBLED.sub(_as_utf_8, text)


def _as_utf_8(match: re.Match[str]) -> str:
    later = (_LATER[sign] for sign in match[0][1:])
    return bytes([ord(match[0][0]), *later]).decode("utf-8", "replace")


def whole_number(text: str) -> int | None:
    """Read a whole number in digits; ``None`` for anything else."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= DIGITS
    return int(text) if is_number else None


def clean(text: str, field: str, limit: int | None = None) -> str:
    """Return the text in Unicode NFC without zero-width characters; line breaks stay.

    ``limit`` counts code points. Raises `Refused` for text that is too long and for unfit
    characters: NUL and other controls, lone surrogates, and controls of the writing direction.
    """
    if match := _UNFIT.search(text):
        raise _unfit(match, field)
    composed = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    if limit is not None and len(composed) > limit:
        raise Refused(TEXT_TOO_LONG, field=field, length=len(composed), limit=limit)
    return composed


def without_unfit(text: str) -> str:
    """Return a text without the characters that `clean` refuses or removes."""
    return _UNFIT.sub("", _UNSEEN.sub("", text))


def is_public(address: str) -> bool:
    """Tell whether a text is an IP address on the public internet."""
    parsed = _address(address)
    return parsed is not None and _is_public(parsed)


def check_name(name: str, field: str) -> None:
    """Raise `Refused` for a name with an invisible character or a line break.

    Joiners are allowed between signs that they join (Persian, Indian scripts, emoji), not next to
    letters that have capitals.
    """
    match = _UNFIT_IN_NAMES.search(name) or next(
        (joiner for joiner in _JOINERS.finditer(name) if not _joins(name, joiner.start())), None
    )
    if match:
        raise _unfit(match, field)


def _joins(name: str, place: int) -> bool:
    signs = name[max(place - 1, 0) : place], name[place + 1 : place + 2]
    return all(sign > "~" and sign.lower() == sign.upper() and not sign.isspace() for sign in signs)


def clean_url(text: str, field: str = "source.url") -> str:
    """Return a web address in NFC, stripped.

    Raises `Refused` for anything but http and https, for credentials, quotes and spaces, and for a
    host that is not public.
    """
    written = clean(text.strip(), field, URL_LENGTH)
    if match := _NOT_IN_ADDRESS.search(text.strip()):
        encoded = "".join(f"%{byte:02X}" for byte in match[0].encode())
        raise Refused(
            CHARACTER_NOT_IN_ADDRESS, field=field, character=InQuotes(match[0]), encoded=encoded
        )
    try:
        parts = urlsplit(written)
        host, _ = host_of(parts), parts.port
    except ValueError:
        raise Refused(ADDRESS_UNREADABLE, field=field) from None
    _check_parts(parts, host, field)
    _check_host(host, field)
    return written


def canonical_url(text: str) -> str:
    """Normalise an address so that equal addresses are equal texts (RFC 3986, section 6.2)."""
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
    """Return the host in lower case, with compatibility characters as browsers read them (NFKC)."""
    return unicodedata.normalize("NFKC", parts.hostname or "").lower().rstrip(".")


def _unfit(match: re.Match[str], field: str) -> Refused:
    code, kinds = ord(match[0]), {"Cs": HALF_A_CHARACTER, "Cc": CONTROL, "Cf": INVISIBLE}
    what = kinds.get(unicodedata.category(match[0]), NO_CHARACTER)
    what = DIRECTION if _TURNS.match(match[0]) else what
    return Refused(
        UNFIT_CHARACTER,
        field=field,
        fix=SAVE_AGAIN if what is HALF_A_CHARACTER else None,
        what=what,
        code_point=f"{code:04X}",
        place=match.start() + 1,
    )


def _check_parts(parts: SplitResult, host: str, field: str) -> None:
    if parts.scheme not in _PORTS:
        raise Refused(ADDRESS_SCHEME, field=field)
    if not host:
        raise Refused(ADDRESS_WITHOUT_HOST, field=field)
    if "@" in parts.netloc:
        raise Refused(ADDRESS_WITH_CREDENTIALS, field=field)


def _check_host(host: str, field: str) -> None:
    address, labels = _address(host), host.split(".")
    if address is None and not all(map(_LABEL.fullmatch, labels)):
        raise Refused(NOT_A_HOST, field=field, host=InQuotes(host))
    if address is None and _NUMBER.fullmatch(labels[-1]):
        raise Refused(HOST_IS_A_NUMBER, field=field, host=InQuotes(host))
    inside = len(labels) == 1 or any(f".{host}".endswith(f".{end}") for end in _INSIDE)
    if inside if address is None else not _is_public(address):
        raise Refused(HOST_NOT_PUBLIC, field=field, host=InQuotes(host))


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    is_inside = any(address in network for network in _SET_ASIDE)
    is_given_out = isinstance(address, IPv4Address) or address in _UNICAST
    return address.is_global and is_given_out and not address.is_multicast and not is_inside


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """Read an IP address; one that embeds another counts as the embedded one."""
    try:
        address = ip_address(host)
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
