"""Addresses that a request names: whose they are, and whether they are ours."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit


def host_of(address: str) -> str:
    """Return host and port of an address; of what is none, nothing."""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def is_for_programs(path: str) -> bool:
    """Tell whether an address is of the interface for programs, which is answered with JSON."""
    return path.startswith("/api/")


def in_language(address: str, language: str = "") -> str:
    """Return an address that asks for a language by ``lang``, or for none."""
    parts = urlsplit(address)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    other_pairs = [pair for pair in pairs if pair[0] != "lang"]
    if pairs == other_pairs and not language:
        return address
    said = [("lang", language)] if language else []
    return urlunsplit(parts._replace(query=urlencode([*other_pairs, *said], safe="@:,")))


def address_here(target: str) -> str:
    """Return a page to go back to, if it is one of this site (two slashes name another)."""
    clean = target.isprintable() and "\\" not in target
    return target if clean and target.startswith("/") and target[1:2] != "/" else "/"
