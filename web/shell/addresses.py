"""Addresses that a request names: whose they are, and whether they are ours."""

from __future__ import annotations

from urllib.parse import urlsplit


def host_of(address: str) -> str:
    """Return host and port of an address; of what is none, nothing."""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def is_for_programs(path: str) -> bool:
    """Tell whether an address is of the interface for programs, which is answered with JSON."""
    return path.startswith("/api/")


def address_here(target: str) -> str:
    """Return a page to go back to, if it is one of this site (two slashes name another)."""
    clean = target.isprintable() and "\\" not in target
    return target if clean and target.startswith("/") and target[1:2] != "/" else "/"
