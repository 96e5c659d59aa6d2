"""Find texts to translate: those of the site, and messages of errors.

`make messages` runs it over the sources in pyproject.toml. Modules define their messages at the
top, so they are imported to read them.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.messages.extract import extract_python

from timeline.domain.messages import Advice, Message, Word
from web.wording.refusals import CONTEXT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from types import ModuleType
    from typing import IO

    from babel.messages.extract import _PyOptions


def extract(
    file: IO[bytes],
    keywords: Mapping[str, Any],
    comment_tags: Collection[str],
    options: _PyOptions,
) -> Iterator[tuple[Any, ...]]:
    """Yield the texts and messages of one source, as Babel wants them."""
    yield from extract_python(file, keywords, comment_tags, options)
    place = Path(file.name).resolve().relative_to(Path.cwd()).with_suffix("")
    module = import_module(".".join(place.parts).removesuffix(".__init__"))
    for line, template in enumerate(templates(module), 1):
        yield line, "pgettext", (CONTEXT, template), []


def templates(module: ModuleType) -> Iterator[str]:
    """Yield the templates of all messages of a module."""
    for var in vars(module).values():
        if isinstance(var, (Message, Advice, Word)):
            yield from filter(None, (var.text, getattr(var, "fix", "")))
