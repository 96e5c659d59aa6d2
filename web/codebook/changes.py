"""What a version of a codebook changed in the one before, rule by rule and word by word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.domain.codebook import reworded
from web.entries.variables import VariableView, kind_word, view_variables
from web.i18n.translate import gettext
from web.wording import stances
from web.wording.changed_words import Piece, reword

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timeline.domain.codebook import Codebook, Example
    from timeline.domain.scales import Scale
    from timeline.projections.queries.translations import Texts


class Changed(msgspec.Struct, frozen=True):
    """One place that changed: what it is called, and its words before and after in pieces.

    ``lang`` is that of the reader where all of it is translated into it, else empty.
    """

    label: str
    then: tuple[Piece, ...]
    later: tuple[Piece, ...]
    lang: str = ""


def changes_between(
    before: Codebook | None, after: Codebook | None, scale: Scale, translated: Texts, lang: str
) -> tuple[Changed, ...]:
    """Return what changed, in the order of the page; nothing where either was erased.

    Versions are compared as they are ``translated``, by the original, if both are as a whole.
    """
    if before is None or after is None:
        return ()
    if not all(text in translated for text in (*before.texts, *after.texts)):
        translated, lang = {}, ""
    then, later = (dict(_parts(reworded(one, translated), scale)) for one in (before, after))
    labels = dict.fromkeys([*later, *then])
    return tuple(
        _changed(label, then.get(label, ""), later.get(label, ""), lang)
        for label in labels
        if then.get(label, "") != later.get(label, "")
    )


def _changed(label: str, then: str, later: str, lang: str) -> Changed:
    if then and later and (compared := reword(then, later)).is_marked:
        return Changed(label, compared.then, compared.later, lang)
    return Changed(
        label,
        (Piece(then, "gone"),) if then else (),
        (Piece(later, "new"),) if later else (),
        lang,
    )


def _parts(codebook: Codebook, scale: Scale) -> Iterator[tuple[str, str]]:
    """Yield every place of a codebook by what it is called."""
    yield gettext("What is asked"), codebook.about
    for stance in (*reversed(scale.steps), None):
        guide, word = codebook.guide(stance), stances.word(scale, stance)
        yield word, guide.rule
        for kind, cases in (
            (gettext("%(stance)s, clear", stance=word), guide.clear),
            (gettext("%(stance)s, borderline", stance=word), guide.borderline),
        ):
            yield kind, " · ".join(_case(one, scale) for one in cases)
    for place, rule in enumerate(codebook.rules, 1):
        label = gettext("Rule %(number)d", number=place)
        yield label, f"{rule.title}. {rule.text}".strip()
    for one in view_variables(codebook, {}):
        yield one.id, _variable(one)


def _variable(one: VariableView) -> str:
    asked = gettext("required") if one.required else ""
    words = ", ".join(word for _, word in one.choices)
    return " · ".join(filter(None, (one.label, kind_word(one.kind), words, asked)))


def _case(example: Example, scale: Scale) -> str:
    """Return a case in a line; the words of a statement stay with it."""
    words = example.words or gettext("a statement on record")
    parts = (words, example.source, stances.word(scale, example.stance), example.why)
    return ", ".join(filter(None, parts))
