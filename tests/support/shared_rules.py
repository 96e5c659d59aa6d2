"""Rules of addresses bound once for all sites of a test run, instead of once for each."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from werkzeug.routing import Map, Rule

if TYPE_CHECKING:
    from collections.abc import Hashable

    from werkzeug.routing import RuleFactory

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
