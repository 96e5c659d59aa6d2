"""The messages of all errors, and their table in the documentation.

`python -m tests.support.messages` writes docs/errors.md anew; `make messages` does so, too.
"""

from __future__ import annotations

import pkgutil
import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import timeline
import web
from timeline.domain.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

TABLE = Path(__file__).parents[2] / "docs" / "errors.md"
VALUE = re.compile(r"%\((\w+)\)s")
HEAD = """\
# Errors

Whatever is refused, missing or out of reach has a code, which stays when the words change. Problem
details (RFC 9457) carry it as `code`, and what stands in braces below as `values`; the site says
the same in the language of its reader. Some fixes depend on the case and are not listed.

| Code | What is wrong | How to mend it |
|---|---|---|
"""


def modules() -> Iterator[ModuleType]:
    """Yield every module of the project."""
    for package in (timeline, web):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not info.name.endswith("__main__"):
                yield import_module(info.name)


def messages() -> dict[Message, str]:
    """Return every message by the name of its constant."""
    return {
        value: name
        for module in modules()
        for name, value in vars(module).items()
        if isinstance(value, Message)
    }


def values_of(template: str) -> set[str]:
    """Return the names of a template's values."""
    return set(VALUE.findall(template))


def table() -> str:
    """Return the documentation of all errors."""
    every = sorted(messages(), key=lambda message: message.code)
    return HEAD + "".join(
        f"| `{message.code}` | {_readable(message.text)} | {_readable(message.fix)} |\n"
        for message in every
    )


def _readable(template: str) -> str:
    return VALUE.sub(r"{\1}", template).replace("%%", "%").replace("|", "\\|")


if __name__ == "__main__":
    TABLE.write_text(table(), "utf-8")
