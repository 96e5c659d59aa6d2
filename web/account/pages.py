"""The contents of the pages of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from timeline.desk.accounts.people import Person
from timeline.desk.accounts.roles import Role
from timeline.desk.accounts.sessions import Session
from timeline.desk.accounts.tokens import SCOPES, Token
from timeline.domain.instants import MICROSECONDS
from web.i18n import dates
from web.i18n.translate import gettext
from web.shell.errors import describe
from web.shell.policies import needed_role
from web.shell.request import services, this_request

if TYPE_CHECKING:
    from timeline.domain.errors import StandlineError
    from web.shell.identity import Identity


class Notice(msgspec.Struct, frozen=True):
    """A notice at the top of a page; ``secret`` is shown once and never again."""

    title: str
    text: str = ""
    secret: str = ""
    is_bad: bool = False


class SignInPage(msgspec.Struct, frozen=True, kw_only=True):
    """The sign-in page; ``handle`` is what was typed, ``following`` the address to go to then."""

    following: str
    handle: str
    notice: Notice | None
    signs_in: bool
    is_editor: bool
    admins: tuple[str, ...]


class PersonForm(msgspec.Struct, frozen=True):
    """The values of the form that adds a person, shown again if it was refused."""

    name: str = ""
    handle: str = ""
    role: str = Role.CODER.word


class SessionRow(msgspec.Struct, frozen=True, kw_only=True):
    """A session as its owner sees it."""

    id: str
    browser: str
    address: str
    signed_in: str
    last_used: str
    is_this: bool


class TokenRow(msgspec.Struct, frozen=True, kw_only=True):
    """A token as its owner sees it."""

    id: str
    name: str
    hint: str
    scope: str
    until: str
    last_used: str


class OwnPage(msgspec.Struct, frozen=True, kw_only=True):
    """The page of one's own account.

    ``begins_anew`` means that people whom only the provider knows get a new account;
    ``second_factor`` is since when they have one, or empty.
    """

    name: str
    handle: str
    role: str
    notice: Notice | None
    sessions: tuple[SessionRow, ...]
    tokens: tuple[TokenRow, ...]
    scopes: tuple[tuple[str, str], ...]
    has_password: bool
    has_provider: bool
    begins_anew: bool
    admins: tuple[str, ...]
    second_factor: str
    codes_left: int


class PersonRow(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody as admins see them."""

    handle: str
    name: str
    role: str
    signs_in_by: str
    last_used: str
    sessions: int
    is_you: bool
    is_disabled: bool
    has_password: bool
    has_second_factor: bool


class PeoplePage(msgspec.Struct, frozen=True, kw_only=True):
    """The page of all people; ``typed`` fills the form that adds a person."""

    people: tuple[PersonRow, ...]
    may_sign_in: int
    signed_in: int
    invited: int
    disabled: int
    roles: tuple[tuple[str, str], ...]
    table: tuple[tuple[str, tuple[RoleRow, ...]], ...]
    notice: Notice | None
    typed: PersonForm | None


def sign_in_page(following: str, notice: Notice | None = None, handle: str = "") -> SignInPage:
    """Return the sign-in page."""
    signs_in = this_request().signs_in
    return SignInPage(
        following=following,
        handle=handle,
        notice=notice,
        signs_in=signs_in,
        is_editor=this_request().identity.may(Role.EDITOR),
        admins=_admins() if signs_in else (),
    )


def own_page(who: Identity, notice: Notice | None = None) -> OwnPage:
    """Return the page of one's own account."""
    desk, now = services().desk, this_request().instant
    person, provider = desk.people.find(who.handle), this_request().provider
    factor = desk.second_factors.find(who.handle)
    return OwnPage(
        name=who.name,
        handle=who.handle,
        role=role_word(who.role),
        notice=notice,
        sessions=tuple(_session(session, who) for session in desk.sessions.of(who.handle, now)),
        tokens=tuple(_token(token) for token in desk.tokens.of(who.handle)),
        scopes=tuple((scope, scope_word(scope)) for scope in SCOPES),
        has_password=person.has_password,
        has_provider=person.has_provider,
        begins_anew=provider is not None and provider.newcomers is not None,
        admins=_admins(but=who.handle),
        second_factor=dates.moment_us(factor.since) if factor else "",
        codes_left=factor.codes_left if factor else 0,
    )


def _admins(but: str = "") -> tuple[str, ...]:
    """Return the names of some admins other than ``but``."""
    people = services().desk.people.everyone()
    persons = [
        person for person in people if person.role is Role.ADMIN and person.disabled_at is None
    ]
    return tuple(person.name for person in persons if person.handle != but)[:3]


def people_page(
    now: int, notice: Notice | None = None, typed: PersonForm | None = None
) -> PeoplePage:
    """Return the page of all people, at a moment in seconds UTC."""
    people = services().desk.people.everyone()
    enabled = [person for person in people if person.disabled_at is None]
    return PeoplePage(
        people=tuple(_person(person, now) for person in people),
        may_sign_in=len(
            [person for person in enabled if person.has_password or person.has_provider]
        ),
        signed_in=len([person for person in enabled if person.sessions]),
        invited=len([person for person in enabled if _is_invited(person, now)]),
        disabled=len(people) - len(enabled),
        roles=tuple((role.word, role_word(role)) for role in Role),
        table=role_table(),
        notice=notice,
        typed=typed,
    )


def error_notice(error: StandlineError) -> Notice:
    """Return the notice of an error."""
    message, fix = describe(error)
    return Notice(_sentence(message), _sentence(fix), is_bad=True)


def link_notice(person: Person, address: str) -> Notice:
    """Return the notice with a new one-time link."""
    return Notice(
        gettext(
            "Give this link to %(name)s (%(handle)s). It works once, for 48 hours, and is shown "
            "once.",
            name=person.name,
            handle=person.handle,
        ),
        gettext("Whoever opens it sets the password; an earlier link works no more."),
        address,
    )


def token_notice(secret: str) -> Notice:
    """Return the notice with a new token."""
    return Notice(
        gettext("Copy the token now. It is shown once."),
        gettext("Send it as “Authorization: Bearer …”. It never may more than you."),
        secret,
    )


def role_word(role: Role) -> str:
    """Return a role in the reader's language."""
    words = {
        Role.READER: gettext("reader"),
        Role.CODER: gettext("coder"),
        Role.EDITOR: gettext("editor"),
        Role.ADMIN: gettext("admin"),
    }
    return words[role]


def scope_word(scope: str) -> str:
    """Return the scope of a token in the reader's language."""
    return {"read": gettext("read"), "record": gettext("record and correct")}[scope]


def _session(session: Session, who: Identity) -> SessionRow:
    return SessionRow(
        id=session.id,
        browser=session.browser or gettext("unknown browser"),
        address=session.address,
        signed_in=dates.moment_us(session.signed_in),
        last_used=dates.moment_us(session.last_used),
        is_this=session.id == who.session,
    )


def _token(token: Token) -> TokenRow:
    return TokenRow(
        id=token.id,
        name=token.name,
        hint=token.hint,
        scope=scope_word(token.scope),
        until=dates.day(token.expires_at // MICROSECONDS),
        last_used=dates.moment_us(token.last_used) if token.last_used else gettext("never"),
    )


def _person(person: Person, now: int) -> PersonRow:
    return PersonRow(
        handle=person.handle,
        name=person.name,
        role=person.role.word,
        signs_in_by=_signs_in_by(person, now),
        last_used=dates.moment_us(person.last_used) if person.last_used else gettext("never"),
        sessions=person.sessions,
        is_you=person.handle == this_request().identity.handle,
        is_disabled=person.disabled_at is not None,
        has_password=person.has_password,
        has_second_factor=person.second_factor is not None,
    )


def _is_invited(person: Person, now: int) -> bool:
    return person.invited_until is not None and person.invited_until > now * MICROSECONDS


def _signs_in_by(person: Person, now: int) -> str:
    if person.disabled_at is not None:
        return gettext("disabled %(date)s", date=dates.day(person.disabled_at // MICROSECONDS))
    if _is_invited(person, now):
        until = dates.moment_us(person.invited_until or 0)
        return gettext("invited, link until %(date)s", date=until)
    provider = this_request().provider
    ways = [provider.name] if provider is not None and person.has_provider else []
    if person.has_password:
        ways.append(_password(person))
    return ", ".join(ways) or gettext("no way yet; make a link")


def _password(person: Person) -> str:
    if person.second_factor is not None:
        return gettext("password and code")
    if this_request().needs_second_factor(person.role):
        return gettext("password, no code yet")
    return gettext("password")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""


class RoleRow(msgspec.Struct, frozen=True):
    """An act, and which roles may do it, from reader to admin."""

    act: str
    may: tuple[bool, ...]


def role_table() -> tuple[tuple[str, tuple[RoleRow, ...]], ...]:
    """Return the acts in groups with titles."""
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
