"""Rules of addresses compiled once for all sites of a test run, instead of once for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug.routing import Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

_KEPT: dict[Hashable, Callable[..., tuple[str, str]]] = {}


class CompiledRule(Rule):
    """A rule whose addresses are built by what an equal rule of an earlier site was compiled to.

    Compiling them is most of what making a site takes.
    """

    def _compile_builder(
        self,
        append_unknown: bool = True,  # noqa: FBT001, FBT002 - werkzeug's
    ) -> Callable[..., tuple[str, str]]:
        given: dict[str, Any] = dict(self.defaults or {})
        key = (self.rule, tuple(self._trace), repr(sorted(given.items())), append_unknown)
        if key not in _KEPT:
            _KEPT[key] = super()._compile_builder(append_unknown)
        return _KEPT[key]
