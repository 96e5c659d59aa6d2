"""People sign in at an OpenID Connect provider, and only those whom it truly vouches for."""

from __future__ import annotations

import base64
import html
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tests.support.authenticator import shown_code
from tests.support.web_server import served
from tests.web.paper import START, Paper
from tests.web.site import Site, plain
from tests.web.test_account import WORDS, Newsroom, head, record
from timeline.desk.accounts.provider import Provider, ProviderSettings, read_provider
from timeline.desk.accounts.roles import Role
from timeline.desk.accounts.tries import MINUTE
from timeline.domain.errors import Refused, StandlineError
from web.account.at_provider import AWAY
from web.shell.safety_log import LOGGER

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
"""Of the provider that the tests run, and of what it imports."""

CLIENT, SHARED = "standline", "a secret that both of them know, and nobody else"
SIGNED_IN = 303


def settings(issuer: str, newcomers: str = "") -> ProviderSettings:
    return ProviderSettings(
        name="Newsroom login",
        issuer=issuer,
        client_id=CLIENT,
        client_secret=SHARED,
        newcomers=newcomers,  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Yield the address of a provider that believes whoever says who they are."""
    import oidc_provider_mock  # noqa: PLC0415 - it warns of what it imports

    people = [
        oidc_provider_mock.User(sub="u-1", claims={"name": "Mira M", "email": "mira@x.example"}),
        oidc_provider_mock.User(sub="u-2", claims={"preferred_username": "Jürgen.Groß"}),
    ]
    with served(oidc_provider_mock.app(require_nonce=True, user_claims=people)) as address:
        yield address


@pytest.fixture
def desk(paper: Paper, issuer: str) -> Newsroom:
    return at_provider(paper, settings(issuer))


def at_provider(paper: Paper, where: ProviderSettings) -> Newsroom:
    return Newsroom(paper, provider=Provider(where))


def gone_there(browser: Site, start: str, subject: str = "u-1") -> str:
    """Leave for the provider, say who one is there, and return the address that leads back."""
    leaving = browser.open(start)
    assert leaving.status_code == SIGNED_IN, plain(leaving.text)
    answer = httpx.post(leaving.location, data={"sub": subject})
    return "/" + answer.headers["location"].split("/", 3)[3]


def tying(browser: Site, **proof: str) -> TestResponse:
    """Give the password again, to sign in at the provider from then on."""
    return browser.post("/account/provider", {"old": WORDS} | proof)


def there_to_tie(browser: Site, subject: str = "u-1", **proof: str) -> str:
    """Leave for the provider on one's own account; return the address that leads back."""
    page = tying(browser, **proof)
    assert page.status_code == 200, plain(page.text)
    match = re.search(r'href="([^"]+)" hx-disable>Go there', page.text)
    assert match is not None
    answer = httpx.post(html.unescape(match[1]), data={"sub": subject})
    return "/" + answer.headers["location"].split("/", 3)[3]


def tied(browser: Site, subject: str = "u-1", **proof: str) -> TestResponse:
    return browser.open(there_to_tie(browser, subject, **proof))


def come_back(browser: Site, start: str, subject: str = "u-1") -> TestResponse:
    return browser.open(gone_there(browser, start, subject))


def invited(desk: Newsroom, handle: str) -> str:
    secret = desk.services.desk.people.link(handle, desk.services.clock())
    return f"/join/{secret}"


def test_a_one_time_link_ties_an_account_that_signs_in_from_then_on(desk: Newsroom) -> None:
    link = invited(desk, "mira")
    before_it = desk.browser("mira")
    first = desk.browser()
    assert "Sign in at Newsroom login" in first.read(link)
    assert come_back(first, f"{link}/provider").status_code == SIGNED_IN
    assert before_it.open("/account").status_code == SIGNED_IN
    again = desk.browser()
    answer = come_back(again, "/sign-in/provider?next=/a/aland")
    assert (answer.status_code, answer.location) == (SIGNED_IN, "/a/aland")
    before = head(desk)
    assert record(again).status_code == SIGNED_IN
    (*_, event) = [event for _, event in desk.services.log.stream(before)]
    assert event.recorded_by == "mira"
    assert desk.browser().open(link).status_code == 422


def test_whom_the_desk_does_not_know_is_not_let_in(desk: Newsroom) -> None:
    answer = come_back(desk.browser(), "/sign-in/provider", "u-2")
    assert answer.status_code == 422
    assert "Nobody at this desk signs in as “Jürgen.Groß”" in plain(answer.text)


def test_newcomers_are_let_in_where_the_operator_says_so(paper: Paper, issuer: str) -> None:
    desk = at_provider(paper, settings(issuer, "coder"))
    desk.services.desk.people.add("jurgen.gross", "Somebody Else", Role.READER, START)
    answer = come_back(desk.browser(), "/sign-in/provider", "u-2")
    assert answer.status_code == SIGNED_IN
    person = desk.services.desk.people.find("jurgen.gross-2")
    assert (person.role, person.has_provider, person.has_password) == (Role.CODER, True, False)
    assert "Newsroom login" in desk.browser("ada").read("/people")


def test_who_is_signed_in_ties_their_account_and_unties_it(desk: Newsroom) -> None:
    jonas = desk.browser("jonas")
    assert tied(jonas).location == "/account"
    own = jonas.read("/account")
    assert "You sign in at Newsroom login, too." in own
    assert "gets a new account" not in own
    assert come_back(desk.browser(), "/sign-in/provider").status_code == SIGNED_IN
    assert jonas.post("/account/untie").status_code == SIGNED_IN
    assert come_back(desk.browser(), "/sign-in/provider").status_code == 422


def test_who_is_signed_in_and_no_more_ties_no_account(desk: Newsroom) -> None:
    jonas = desk.browser("jonas")
    assert jonas.open("/account/provider").status_code == 405
    refused = tying(jonas, old="wrong")
    assert refused.status_code == 422
    assert "password is not right" in plain(refused.text)
    halves, now = desk.services.desk.half_sign_ins, desk.services.clock()
    for proof in ("made up", halves.begin("jonas", now, proven_by="password")):
        back = gone_there(jonas, "/sign-in/provider")
        kept = jonas.reader.get_cookie(AWAY)
        assert kept is not None
        away = json.loads(base64.urlsafe_b64decode(kept.decoded_value))
        made = base64.urlsafe_b64encode(json.dumps(away | {"proof": proof}).encode()).decode()
        jonas.reader.set_cookie(AWAY, made)
        assert jonas.open(back).status_code == 422
    assert not desk.services.desk.people.find("jonas").has_provider


def test_a_second_factor_is_asked_for_before_an_account_is_tied(desk: Newsroom) -> None:
    mira = with_second_factor(desk, "mira")
    assert tying(mira).status_code == 422
    assert tying(mira, code="000000").status_code == 422
    desk.later += MINUTE
    answer = tied(mira, code=shown_code(KEYS["mira"], desk.services.clock()))
    assert (answer.status_code, answer.location) == (SIGNED_IN, "/account")
    assert desk.services.desk.people.find("mira").has_provider


def test_a_one_time_link_goes_around_no_second_factor_at_the_provider(desk: Newsroom) -> None:
    link, stranger = invited(desk, "mira"), desk.browser()
    back = gone_there(stranger, f"{link}/provider")
    mira = with_second_factor(desk, "mira")
    answer = stranger.open(back)
    assert answer.status_code == 422
    assert "A one-time link does not go around your second factor." in plain(answer.text)
    assert "/provider" not in stranger.open(link).text
    assert stranger.open(f"{link}/provider").status_code == 422
    assert "Signed in as" not in stranger.read("/t/union")
    assert not desk.services.desk.people.find("mira").has_provider
    assert "Signed in as Mira" in mira.read("/t/union")


KEYS: dict[str, str] = {}


def with_second_factor(desk: Newsroom, handle: str) -> Site:
    """Return the browser of somebody who turned one on, signed in by both."""
    factors, now = desk.services.desk.second_factors, desk.services.clock()
    KEYS[handle] = factors.offer(handle, "here", now)
    factors.turn_on(handle, "here", shown_code(KEYS[handle], now), now)
    browser = desk.browser(handle)
    desk.later += MINUTE
    code = shown_code(KEYS[handle], desk.services.clock())
    assert browser.post("/sign-in/code", {"code": code}).status_code == SIGNED_IN
    return browser


def test_an_account_signs_in_one_person_only(desk: Newsroom) -> None:
    tied(desk.browser("jonas"))
    answer = tied(desk.browser("mira"))
    assert answer.status_code == 422
    assert "signs in somebody else at this desk" in plain(answer.text)


def test_nobody_unties_their_only_way_in(paper: Paper, issuer: str) -> None:
    desk = at_provider(paper, settings(issuer, "coder"))
    newcomer = desk.browser()
    come_back(newcomer, "/sign-in/provider", "u-2")
    answer = newcomer.post("/account/untie")
    assert answer.status_code == 422
    assert "You would have no way in left" in plain(answer.text)
    assert "By a one-time link of an admin you can set one." in plain(answer.text)
    answer = tying(newcomer)
    assert answer.status_code == 422
    assert "You have no password by which you could prove" in plain(answer.text)
    shown = newcomer.open("/account").text
    assert "set a password first: an admin makes you a one-time link (Ada)" in shown
    assert "/account/untie" not in shown
    link = invited(desk, "jurgen.gross")
    assert newcomer.post(link, {"password": WORDS}).status_code == SIGNED_IN
    shown = newcomer.open("/account").text
    assert "/account/untie" in shown
    assert "Whoever signs in there then gets a new account." in plain(shown)
    assert newcomer.post("/account/untie").status_code == SIGNED_IN


def test_who_was_disabled_stays_out(desk: Newsroom) -> None:
    tied(desk.browser("jonas"))
    desk.services.desk.people.disable("jonas", desk.services.clock())
    assert come_back(desk.browser(), "/sign-in/provider").status_code == 422


def test_an_answer_counts_once_and_in_the_browser_that_asked(desk: Newsroom) -> None:
    tied(desk.browser("jonas"))
    jonas = desk.browser()
    back = gone_there(jonas, "/sign-in/provider")
    for other in (desk.browser(), begun(desk)):
        assert "begun in another browser" in plain(other.open(back).text)
    assert jonas.open(back).status_code == SIGNED_IN
    assert jonas.open(back).status_code == 422


def begun(desk: Newsroom) -> Site:
    """Return the browser of somebody who is at the provider on their own account."""
    browser = desk.browser()
    browser.open("/sign-in/provider")
    return browser


def test_a_refusal_of_the_provider_is_told(desk: Newsroom) -> None:
    browser = desk.browser()
    state = parse_qs(urlsplit(browser.open("/sign-in/provider").location).query)["state"][0]
    answer = browser.open(f"/sign-in/provider/back?error=access_denied&state={state}")
    assert answer.status_code == 422
    assert "Newsroom login did not sign you in: “access_denied”" in plain(answer.text)


@pytest.mark.few(1)
@pytest.mark.parametrize("elsewhere", ["//evil.example/", "https://evil.example/", "/\\evil"])
def test_signing_in_leads_nowhere_else(desk: Newsroom, elsewhere: str) -> None:
    tied(desk.browser("jonas"))
    assert come_back(desk.browser(), f"/sign-in/provider?next={elsewhere}").location == "/"


def test_without_a_provider_there_is_no_such_page(paper: Paper) -> None:
    desk = Newsroom(paper)
    assert desk.browser().open("/sign-in/provider").status_code == 404
    assert "/sign-in/provider" not in desk.browser().open("/sign-in").text


def test_a_provider_that_is_away_is_told_and_passwords_still_serve(
    paper: Paper, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", LOGGER)
    desk = at_provider(paper, settings("http://127.0.0.1:9"))
    answer = desk.browser().open("/sign-in/provider")
    assert answer.status_code == 503
    assert "Newsroom login cannot be asked now. Try again in a moment" in plain(answer.text)
    assert "why=provider_away/ConnectionError" in caplog.text
    assert desk.browser("mira", WORDS).open("/account").status_code == 200


def test_who_is_invited_while_the_provider_is_away_keeps_the_form_of_their_link(
    paper: Paper,
) -> None:
    desk = at_provider(paper, settings("http://127.0.0.1:9"))
    link = invited(desk, "mira")
    answer = desk.browser().open(f"{link}/provider")
    assert answer.status_code == 503
    assert "Newsroom login cannot be asked now" in plain(answer.text)
    assert f'action="{link}"' in answer.text


KEY, OTHER = RSAKey.generate_key(2048), RSAKey.generate_key(2048)
Doctored = Callable[[dict[str, Any]], dict[str, Any]]


@contextmanager
def vouching(doctored: Doctored, sign: Callable[[dict[str, Any]], str]) -> Iterator[str]:
    """Serve a provider that says something else than it should."""
    app, nonces = Flask("provider"), list[str]()

    @app.get("/.well-known/openid-configuration")
    def metadata() -> dict[str, Any]:
        own = address[0]
        return {
            "issuer": own,
            "authorization_endpoint": f"{own}/authorize",
            "token_endpoint": f"{own}/token",
            "jwks_uri": f"{own}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }

    @app.get("/keys")
    def keys() -> dict[str, Any]:
        return {"keys": [{**KEY.as_dict(private=False), "kid": "1"}]}

    @app.post("/token")
    def token() -> dict[str, Any]:
        now = int(time.time())
        claims: dict[str, Any] = {"iss": address[0], "aud": CLIENT, "sub": "u-1"}
        claims |= {"nonce": nonces[-1], "iat": now, "exp": now + 60}
        signed = sign(doctored(claims))
        return {"access_token": "t", "token_type": "Bearer", "id_token": signed}

    address: list[str] = []
    app.extensions["nonces"] = nonces
    with served(app) as own:
        address.append(own)
        NONCES[own] = nonces
        yield own


NONCES: dict[str, list[str]] = {}


def by_key(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "1"}, claims, KEY)


def by_other_key(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "1"}, claims, OTHER)


def by_shared_secret(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "HS256", "kid": "1"}, claims, OctKey.import_key(SHARED))


def by_nobody(claims: dict[str, Any]) -> str:
    head, body, _ = by_key(claims).split(".")
    unsigned = "eyJhbGciOiJub25lIn0"
    assert head != unsigned
    return f"{unsigned}.{body}."


def as_it_is(claims: dict[str, Any]) -> dict[str, Any]:
    return claims


DOCTORED: dict[str, tuple[Doctored, Callable[[dict[str, Any]], str]]] = {
    "another nonce": (lambda it: it | {"nonce": "another"}, by_key),
    "no nonce": (lambda it: {k: v for k, v in it.items() if k != "nonce"}, by_key),
    "for another site": (lambda it: it | {"aud": "another"}, by_key),
    "for another site, by us": (lambda it: it | {"aud": "another", "azp": CLIENT}, by_key),
    "by another provider": (lambda it: it | {"iss": "https://another.example"}, by_key),
    "of nobody": (lambda it: {k: v for k, v in it.items() if k != "sub"}, by_key),
    "too old": (lambda it: it | {"exp": it["exp"] - 3600}, by_key),
    "another key": (as_it_is, by_other_key),
    "the shared secret": (as_it_is, by_shared_secret),
    "no key": (as_it_is, by_nobody),
}


def vouched_for(issuer: str) -> str:
    """Sign in at a provider of `vouching`; return whom it vouches for."""
    provider = Provider(settings(issuer))
    address, step = provider.begin("http://localhost/back")
    NONCES[issuer].append(step.nonce)
    assert parse_qs(urlsplit(address).query)["code_challenge_method"] == ["S256"]
    return provider.finish(
        step, {"code": "c", "state": step.state}, "http://localhost/back"
    ).subject


def test_what_a_provider_says_in_order_is_believed() -> None:
    with vouching(as_it_is, by_key) as issuer:
        assert vouched_for(issuer) == "u-1"


@pytest.mark.parametrize("what", DOCTORED)
def test_what_a_provider_says_otherwise_is_not_believed(what: str) -> None:
    with vouching(*DOCTORED[what]) as issuer, pytest.raises(Refused) as refused:
        vouched_for(issuer)
    assert refused.value.code == "provider_not_believed"


def test_a_provider_that_calls_itself_otherwise_is_not_asked_further() -> None:
    with vouching(as_it_is, by_key) as issuer, pytest.raises(Refused) as refused:
        Provider(settings(f"{issuer}/")).begin("http://localhost/back")
    assert refused.value.code == "provider_called_otherwise"


@pytest.mark.parametrize("answer", [[], "no", {"issuer": 1}])
def test_a_provider_that_talks_nonsense_is_told_in_a_line(answer: object) -> None:
    app = Flask("nonsense")
    app.add_url_rule("/.well-known/openid-configuration", view_func=lambda: json.dumps(answer))
    with served(app) as issuer, pytest.raises(Refused):
        Provider(settings(issuer)).begin("http://localhost/back")


FILE = {"name": "Login", "issuer": "https://login.example", "client_id": "s", "client_secret": "x"}


def written(folder: Path, **changes: str) -> Path:
    path = folder / "provider.toml"
    told = {**FILE, **changes}
    lines = [f"{name} = {json.dumps(value)}" for name, value in told.items()]
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_settings_are_read_from_a_file(tmp_path: Path) -> None:
    found = read_provider(written(tmp_path, newcomers="editor"))
    assert (found.name, found.newcomers) == ("Login", "editor")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"issuer": "http://login.example"}, "beginning with https://"),
        ({"newcomers": "admin"}, "newcomers"),
        ({"client": "s"}, "client"),
    ],
)
def test_settings_that_would_not_do_are_refused_in_a_line(
    tmp_path: Path, changes: dict[str, str], words: str
) -> None:
    with pytest.raises(Refused) as refused:
        read_provider(written(tmp_path, **changes))
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StandlineError, match="cannot read"):
        read_provider(tmp_path / "none.toml")
