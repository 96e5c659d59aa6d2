"""Accounts: sign in and out, one's own sessions and tokens, and everybody's roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from timeline.desk.accounts.roles import Role
from timeline.domain.errors import StandlineError
from web.account import at_provider, factor_pages, joining, second_step
from web.account.beginning import begin_session, check_password, status_of
from web.account.pages import (
    Notice,
    PersonForm,
    SignInPage,
    error_notice,
    link_notice,
    own_page,
    people_page,
    sign_in_page,
    token_notice,
)
from web.shell.addresses import address_here
from web.shell.cookies import drop_cookie
from web.shell.identity import LINK, PASSWORD, SESSION
from web.shell.kept_form import packed
from web.shell.rendering import render, see_other
from web.shell.request import services, this_request
from web.shell.safety_log import note

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response

    from timeline.desk.desk import Desk

blueprint = Blueprint("account", __name__)
blueprint.register_blueprint(at_provider.blueprint)
blueprint.register_blueprint(joining.blueprint)
blueprint.register_blueprint(second_step.blueprint)
blueprint.register_blueprint(factor_pages.blueprint)

UNPROCESSABLE = 422
OWN = "/account"


@blueprint.after_request
def keep_nowhere(response: Response) -> Response:
    """Forbid browsers to store pages of accounts, which may have secrets (RFC 9111, 5.2.2.5)."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/sign-in")
def ask() -> Response:
    """Show the form; ``next`` is the address to go to after it."""
    return render("account/sign_in.html", page=sign_in_page(_next()))


@blueprint.post("/sign-in")
def sign_in() -> Response:
    """Begin a session and redirect, or ask for a second factor; an old session ends."""
    form = this_request().form
    handle = form.get("handle", "")
    try:
        person = check_password(handle, form.get("password", ""))
    except StandlineError as error:
        return _again(sign_in_page(_next(), error_notice(error), handle), error)
    return second_step.after_first(person, _next(), by=PASSWORD)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End this session."""
    who = this_request().identity
    if who.session:
        _desk().sessions.end(who.handle, who.session)
        note("signed out", who.handle)
    response = see_other("/")
    drop_cookie(response, SESSION)
    # Clear the pages that the browser has stored for this person (W3C Clear Site Data).
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.get("/join/<secret>")
def join(secret: str) -> Response:
    """Show the form of a one-time link; raises `Refused` for a spent one."""
    person = _desk().people.invited(secret, this_request().instant)
    return render(
        "account/join.html", person=person, secret=secret, notice=None, typed=PersonForm()
    )


@blueprint.post("/join/<secret>")
def redeem(secret: str) -> Response:
    """Set the password, spend the link and sign in, with the second factor if there is one."""
    form, now = this_request().form, this_request().instant
    people = _desk().people
    invited = people.invited(secret, now)
    try:
        person = people.redeem(
            secret,
            form.get("password", ""),
            now,
            handle=form.get("handle", ""),
            name=form.get("name", ""),
        )
    except StandlineError as error:
        typed = PersonForm(form.get("name", ""), form.get("handle", ""))
        response = render(
            "account/join.html",
            person=invited,
            secret=secret,
            notice=error_notice(error),
            typed=typed,
        )
        response.status_code = UNPROCESSABLE
        return response
    return second_step.after_first(person, _next(), by=LINK)


@blueprint.get("/account")
def own() -> Response:
    """Show one's own sessions and tokens."""
    return _own()


@blueprint.post("/account/<any(session, others, token, revoke, password, untie):act>")
def change_own(act: str) -> Response:
    """End own sessions, make or revoke own tokens, change the password, unlink the provider."""
    who, now = this_request().identity, this_request().instant
    if not who.session:
        return see_other(f"/sign-in?next={OWN}")
    form, desk = this_request().form, _desk()

    def password() -> Notice | None:
        check_password(who.handle, form.get("old", ""))
        desk.people.set_password(who.handle, form.get("password", ""))
        return None

    def token() -> Notice | None:
        days = form.get("days", "")
        count = int(days) if days.isdecimal() and len(days) < len("1000") else 0
        secret = desk.tokens.make(
            who.handle, form.get("name", ""), form.get("scope", ""), count, now
        )
        return token_notice(secret)

    acts: dict[str, Callable[[], Notice | None]] = {
        "session": lambda: desk.sessions.end(who.handle, form.get("id", "")),
        "others": lambda: desk.sessions.end_all(who.handle, but=who.session),
        "revoke": lambda: desk.tokens.revoke(who.handle, form.get("id", "")),
        "token": token,
        "password": password,
        "untie": lambda: desk.provider_accounts.untie(who.handle),
    }
    try:
        notice = acts[act]()
    except StandlineError as error:
        return _own_again(error_notice(error))
    note(f"changed {act}", who.handle)
    if act == "password":
        return begin_session(who.handle, OWN, by=PASSWORD, proves=who.proven_by)
    return _own(notice) if notice else see_other(OWN)


@blueprint.get("/people")
def people() -> Response:
    """Show everybody who may sign in, and what each role may do."""
    return render("account/people.html", page=people_page(this_request().now))


@blueprint.post("/people")
def add_person() -> Response:
    """Add somebody, and show the link with which they set their password."""
    form, now = this_request().form, this_request().instant
    handle = form.get("handle", "").strip()

    def add() -> Notice:
        role = Role.named(form.get("role", ""))
        _desk().people.add(handle, form.get("name", ""), role, now)
        note(f"added as {role.word}", handle)
        return _link(handle)

    return _changed(add, PersonForm(form.get("name", ""), handle, form.get("role", "")))


@blueprint.post("/people/<handle>/<any(role, link, disable, enable, sessions, factor):act>")
def change_person(handle: str, act: str) -> Response:
    """Change somebody's role, make a new link, disable or enable the account, end its sessions.

    Or remove a lost second factor.
    """
    form, desk, now = this_request().form, _desk(), this_request().instant
    acts: dict[str, Callable[[], Notice | None]] = {
        "role": lambda: desk.people.set_role(handle, Role.named(form.get("role", ""))),
        "link": lambda: _link(handle),
        "disable": lambda: desk.people.disable(handle, now),
        "enable": lambda: desk.people.enable(handle),
        "sessions": lambda: desk.sessions.end_all(handle),
        "factor": lambda: desk.second_factors.take_off(handle),
    }

    def change() -> Notice | None:
        notice = acts[act]()
        note(f"changed {act}", handle, why=form.get("role", "") if act == "role" else "")
        return notice

    return _changed(change)


def _changed(act: Callable[[], Notice | None], typed: PersonForm | None = None) -> Response:
    try:
        notice = act()
    except StandlineError as error:
        page = people_page(this_request().now, error_notice(error), typed)
        response = render("account/people.html", page=page)
        response.status_code = UNPROCESSABLE
        return response
    if notice is None:
        return see_other("/people")
    return render("account/people.html", page=people_page(this_request().now, notice))


def _link(handle: str) -> Notice:
    secret = _desk().people.link(handle, this_request().instant)
    return link_notice(_desk().people.find(handle), f"{this_request().host}join/{secret}")


def _own(notice: Notice | None = None) -> Response:
    who = this_request().identity
    if not who.session:
        return see_other(f"/sign-in?next={OWN}")
    return render("account/you.html", page=own_page(who, notice))


def _own_again(notice: Notice) -> Response:
    response = _own(notice)
    response.status_code = UNPROCESSABLE
    return response


def _again(page: SignInPage, error: StandlineError) -> Response:
    response = render("account/sign_in.html", page=page, kept=packed(this_request().form))
    response.status_code = status_of(error)
    return response


def _next() -> str:
    address = this_request().query.get("next") or this_request().form.get("next", "/")
    return address_here(address)


def _desk() -> Desk:
    return services().desk
