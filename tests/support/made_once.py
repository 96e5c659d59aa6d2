"""What is made once in a test run for all its stores and sites: SQL, templates and rules."""

from __future__ import annotations

from contextlib import suppress
from copy import copy
from typing import TYPE_CHECKING, Any

from jinja2 import BytecodeCache, FileSystemBytecodeCache
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Map, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from pathlib import Path
    from types import CodeType

    from jinja2.bccache import Bucket
    from werkzeug.routing import RuleFactory

MOST = 2_000
"""Statements that are kept."""

_KEPT: LRUCache[Any, Any] = LRUCache(MOST)


def share_compiled_statements() -> None:
    """Let engines of one kind of database use what any of them has compiled.

    A dialect is part of the key, and each engine has one of its own: those of a kind are equal.
    """
    make: Callable[..., None] = Engine.__init__

    def make_sharing(engine: Engine, *given: Any, **named: Any) -> None:  # noqa: ANN401 - an engine's
        make(engine, *given, **named)
        engine._compiled_cache = _KEPT  # noqa: SLF001

    Engine.__init__ = make_sharing  # type: ignore[method-assign,assignment]
    DefaultDialect.__eq__ = _is_of_the_same_kind  # type: ignore[method-assign,assignment]
    DefaultDialect.__hash__ = _hash_of_the_kind  # type: ignore[method-assign,assignment]


def _is_of_the_same_kind(dialect: DefaultDialect, other: object) -> bool:
    return isinstance(other, DefaultDialect) and (dialect.name, dialect.driver) == (
        other.name,
        other.driver,
    )


def _hash_of_the_kind(dialect: DefaultDialect) -> int:
    return hash((dialect.name, dialect.driver))


class CompiledTemplates(BytecodeCache):
    """Keeps compiled templates in memory, each until its source changes.

    What one process of a run has compiled, the others find in a folder that they share.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType | None] = {}
        self._shared: FileSystemBytecodeCache | None = None

    def share(self, folder: Path) -> None:
        """Share from here on what is compiled with all who share the same folder."""
        folder.mkdir(exist_ok=True)
        self._shared = FileSystemBytecodeCache(str(folder))

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))
        if bucket.code is None and self._shared is not None:
            self._shared.load_bytecode(bucket)
            self._kept[bucket.key, bucket.checksum] = bucket.code

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.code
        if self._shared is not None:
            # Where a test lets the disk be full, it is not for this.
            with suppress(OSError):
                self._shared.dump_bytecode(bucket)


COMPILED = CompiledTemplates()
"""The templates of every site that a test makes."""


_BOUND: dict[Hashable, Map] = {}


class SharedRules(Map):
    """The rules of a site, which are those of an earlier site if that was given the same.

    Compiling rules and sorting them in is most of what making a site takes. They are looked at when
    the first address is sought: until then, and later on, a site may be given more.
    """

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - a map's
        super().__init__(*given, **named)
        self._given: list[Rule] = []

    def add(self, rulefactory: RuleFactory) -> None:
        """Note what the site is given."""
        self._given += rulefactory.get_rules(self)
        self._remap = True

    def update(self) -> None:
        """Take the rules over from an earlier site, or bind them for those to come."""
        if not self._remap:
            return
        key = (self.host_matching, *self.converters.items(), *map(_what_makes, self._given))
        if key not in _BOUND:
            _BOUND[key] = self._bound()
        one_for_all = _BOUND[key]
        self._matcher = one_for_all._matcher  # noqa: SLF001
        self._rules_by_endpoint = one_for_all._rules_by_endpoint  # noqa: SLF001
        self._remap = False

    def _bound(self) -> Map:
        # A rule is bound once: with the next one that it is given, this site binds all again.
        unbound = map(copy, self._given)
        made = Map(unbound, converters=self.converters, host_matching=self.host_matching)
        made.update()
        return made


def _what_makes(rule: Rule) -> Hashable:
    defaults = tuple(sorted((rule.defaults or {}).items()))
    return (rule.rule, rule.endpoint, frozenset(rule.methods or ()), rule.strict_slashes, defaults)
