"""The texts of statements in feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.i18n.translate import gettext, translator
from web.shell.publisher import publisher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web.entries.views import StatementView


def paragraphs(said: StatementView) -> tuple[str, ...]:
    """Return the quote, our texts in the reader's language, source and replies, as lines."""
    return (*_words(said), *_source(said), *_replies(said))


def _words(said: StatementView) -> Iterator[str]:
    who = said.speaker.name
    if said.on_behalf_of:
        who = gettext("%(speaker)s (%(actor)s)", speaker=who, actor=said.on_behalf_of.name)
    ours = [text for field in ("translation", "paraphrase") if (text := _ours(said, field))]
    if said.withheld:
        ours = [gettext("The words are withheld.")]
    quote = f"{said.quote} ({said.in_translation})" if said.in_translation else said.quote
    if said.summary_first and (summary := _ours(said, "paraphrase")):
        ours = [summary, quote, *ours[:-1]]
    elif quote:
        ours = [quote, *ours]
    yield f"{who}: {ours[0] if ours else said.stance.word}"
    yield from ours[1:]
    if condition := _ours(said, "condition"):
        yield f"{gettext('Condition:')} {condition}"


def _ours(said: StatementView, field: str) -> str:
    """Return our texts if they are in the reader's language."""
    lang = translator().code.partition("_")[0]
    if field == "translation" and said.quote_lang.partition("-")[0] == lang:
        return ""
    is_read = field in said.translated or lang == publisher().language.partition("-")[0]
    return str(getattr(said, field)) if is_read else ""


def _replies(said: StatementView) -> Iterator[str]:
    for view in said.replies:
        if view.text:
            yield gettext("Reply, %(date)s: %(words)s", date=view.when, words=view.text)


def _source(said: StatementView) -> Iterator[str]:
    for source in said.sources[:1]:
        where = ", ".join(filter(None, (source.label, source.href)))
        text = gettext("Source: %(name)s", name=where)
        yield f"{text} ({said.attribution})" if said.attribution else text
