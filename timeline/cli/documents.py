"""The command that checks entries against the stored texts of their sources."""

from __future__ import annotations

import click

from timeline.cli.groups import CommandGroup
from timeline.cli.options import open_services, store_option
from timeline.cli.output import format_options, print_answers
from timeline.projections.queries.anchors import check_documents

COLUMNS = ("document", "name", "texts", "entries", "found", "missing", "alike")


@click.group("documents", cls=CommandGroup)
def documents() -> None:
    """Check entries against the texts of their sources."""


@documents.command("check")
@format_options
@store_option
def check(store: str, form: str) -> None:
    """Say which entries their source's latest text no longer has.

    For each source: the versions of its text, the entries from it, those whose words were found in
    the latest version, the numbers of those whose words were not, and other sources with much the
    same text, such as another outlet's copy of an agency's report. Nothing is changed: an entry
    stays with the version from which it was recorded.
    """
    with open_services(store) as services, services.models.engine().connect() as conn:
        print_answers(check_documents(conn, services.log), form, COLUMNS, COLUMNS)
