"""What each role may do, as a table for people, read off the table of policies."""

from __future__ import annotations

import msgspec

from timeline.desk.accounts.roles import Role
from web.i18n.translate import gettext
from web.shell.policies import needed_role


class RoleRow(msgspec.Struct, frozen=True):
    """An act, and for each role from reader to admin whether it may."""

    act: str
    may: tuple[bool, ...]


def role_table() -> tuple[tuple[str, tuple[RoleRow, ...]], ...]:
    """Return groups of acts, each with a title."""
    return (
        (
            gettext("The record"),
            (
                _row(gettext("Read, search, download and verify"), "topic.show", "GET"),
                _row(gettext("Record statements and developments"), "record.statement.take"),
                _row(gettext("Correct, retract and link entries"), "record.correcting.take"),
                _row(gettext("Edit and merge actors, topics and stories"), "record.actor.take"),
                _row(gettext("Download the full log, rebuild what pages read"), "log.rebuild"),
                _row(gettext("Erase what a law wants gone"), "record.erasing.take"),
            ),
        ),
        (
            gettext("People"),
            (
                _row(gettext("See and end own sessions, make own tokens"), "account.change_own"),
                _row(gettext("People, roles, other people’s sessions"), "account.change_person"),
            ),
        ),
    )


def _row(act: str, endpoint: str, method: str = "POST") -> RoleRow:
    needed = needed_role(endpoint, method)
    return RoleRow(act, tuple(needed is not None and role >= needed for role in Role))
