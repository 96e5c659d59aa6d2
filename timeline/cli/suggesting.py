"""The command that suggests statements in a news text."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from timeline.capture.scoring import SCORED, compare
from timeline.capture.suggesters import suggest, suggester_names
from timeline.capture.suggestion import Article, Suggestion
from timeline.capture.topics import with_topics
from timeline.cli.options import read_connection
from timeline.cli.output import format_options, print_answers, print_table
from timeline.domain.common_words import language_of
from timeline.domain.dates import parse_date, query_date
from timeline.domain.errors import NotFound, Refused
from timeline.domain.messages import Message
from timeline.rooms import RULES

TEXT_MISSING = Message("text_missing", "there is no such text", fix="check the path")
TEXT_NOT_UTF8 = Message(
    "text_not_utf8", "the text is not in UTF-8", fix="save it as plain text in UTF-8"
)
ARTICLE_TOO_LONG = Message(
    "article_too_long",
    "the text has %(length)s characters, and %(most)s are read at the most",
    fix="give one article at a time",
)

MOST = 1_000_000
HEADER = ("at", "by", "form", "speaker", "said", "sure", "words")
WIDEST = 60
"""Most characters of a passage in a table."""


@click.command("suggest")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True), metavar="FILE")
@click.option("--lang", metavar="LANG", help="Its language, de or en; else what it looks like.")
@click.option("--published", default="", metavar="DATE", help="When it was published, in EDTF.")
@click.option(
    "--with",
    "names",
    multiple=True,
    default=(RULES,),
    show_default=True,
    type=click.Choice(suggester_names()),
    help="Who suggests; may be given more than once.",
)
@click.option(
    "--store",
    envvar="STANDLINE_STORE",
    metavar="URL",
    show_envvar=True,
    help="A store whose topics are named as candidates.",
)
@click.option(
    "--compare",
    "compared",
    default="",
    metavar="NAMES",
    help="Score them instead, such as rules,llm: FILE is a folder of texts and labels.json then.",
)
@format_options
def suggest_(
    file: Path,
    lang: str | None,
    published: str,
    names: tuple[str, ...],
    store: str | None,
    compared: str,
    form: str,
) -> None:
    """Read a news text and suggest what may be a statement.

    Each passage with its words, its speaker, how the text gives it, and when it was said. Never a
    stance: that is for you to code. FILE is plain text, a dash stands for standard input. What goes
    into a file or another program is JSON. Of two who suggest the same words the surer comes first.
    """
    if compared:
        names = tuple(filter(None, map(str.strip, compared.split(","))))
        print_answers(compare(file, names), form, SCORED, SCORED)
        return
    text = _read(file)
    article = Article(text, lang or language_of(text), _check_date(published))
    suggestions = suggest(article, names)
    if store:
        with read_connection(store) as conn:
            suggestions = with_topics(conn, text, suggestions)
    if form or not sys.stdout.isatty():
        print_answers(suggestions, form or "json", (), Suggestion.__struct_fields__)
    elif suggestions:
        print_table(
            HEADER,
            [
                line_of(alternative)
                for suggestion in suggestions
                for alternative in (suggestion, *suggestion.others)
            ],
        )
    else:
        click.echo("nothing found")


def _read(file: Path) -> str:
    """Return a text; raises `StandlineError` if it cannot be read."""
    is_input = str(file) == "-"
    if not is_input and not file.is_file():
        raise NotFound(TEXT_MISSING, field=str(file))
    try:
        text = (sys.stdin.buffer.read() if is_input else file.read_bytes()).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(TEXT_NOT_UTF8, field=str(file)) from None
    if len(text) > MOST:
        raise Refused(ARTICLE_TOO_LONG, field=str(file), length=f"{len(text):,}", most=f"{MOST:,}")
    return text


def _check_date(published: str) -> str:
    """Return a publication date; raises `Refused` if it is invalid."""
    return parse_date(query_date(published), "--published").text if published else ""


def line_of(suggestion: Suggestion) -> tuple[str, ...]:
    """Return a suggestion as a row of a table: place, suggester, form, speaker and words."""
    words = " ".join(suggestion.exact.split())
    cut = words if len(words) <= WIDEST else f"{words[: WIDEST - 1]}…"
    marked = f"{cut} (conditional)" if suggestion.condition else cut
    place = f"{suggestion.start}–{suggestion.end}"
    by = (
        f"{suggestion.by} ({suggestion.model}, {suggestion.tokens:,} tokens)"
        if suggestion.model
        else suggestion.by
    )
    speaker = suggestion.speaker or " or ".join(f"{name}?" for name in suggestion.speakers) or "–"
    return (
        place,
        by,
        suggestion.form,
        speaker,
        suggestion.said_at or "–",
        f"{suggestion.confidence:.2f}",
        marked,
    )
