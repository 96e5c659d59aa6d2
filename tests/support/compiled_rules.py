"""Rules of addresses compiled once for all sites of a test run, instead of once for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug.routing import Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

COMPILED = ("_parts", "_trace", "_converters", "arguments")
"""What a rule knows once it is compiled, beside how its addresses are built."""

_KEPT: dict[Hashable, dict[str, Any]] = {}
_BUILDERS: dict[Hashable, Callable[..., tuple[str, str]]] = {}


class CompiledRule(Rule):
    """A rule that is what an equal rule of an earlier site was compiled to.

    Compiling them is most of what making a site takes.
    """

    def compile(self) -> None:
        """Parse the rule, or take what an equal one was parsed to."""
        key = self._key()
        if key in _KEPT:
            self.__dict__.update(_KEPT[key])
            self._build = self._compile_builder(append_unknown=False).__get__(self, None)
            self._build_unknown = self._compile_builder(append_unknown=True).__get__(self, None)
        else:
            super().compile()
            _KEPT[key] = {name: self.__dict__[name] for name in COMPILED}

    def _compile_builder(
        self,
        append_unknown: bool = True,  # noqa: FBT001, FBT002 - werkzeug's
    ) -> Callable[..., tuple[str, str]]:
        key = (self._key(), append_unknown)
        if key not in _BUILDERS:
            _BUILDERS[key] = super()._compile_builder(append_unknown)
        return _BUILDERS[key]

    def _key(self) -> Hashable:
        given = repr(sorted((self.defaults or {}).items()))
        return (self.rule, self.subdomain, self.merge_slashes, self.strict_slashes, given)
