from __future__ import annotations

import gc
import io
import json
import re
import tempfile
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from tests.web.site import Site
from web.shell.identity import everybody_reads

if TYPE_CHECKING:
    from tests.web.paper import Paper
    from timeline.bootstrap import Services

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
PAGES = [
    "/",
    "/t/eu-accession",
    "/t/eu-accession?view=table",
    "/t/eu-accession/why/russia",
    "/a/russia",
    "/actors",
    "/log",
    "/log/diff",
    "/corrections",
    "/search?q=union",
    "/keys",
    "/record",
    "/record/topic",
    "/record/actor",
    "/record/development",
    "/t/nowhere",
    "/nowhere",
    "/t/eu-accession?as_of=soon",
]


@pytest.mark.few(5)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_the_policy_to_the_letter(demo: Site, path: str) -> None:
    for headers in ({}, {"HX_Request": "true"}):
        answer = demo.open(path, **headers)
        assert answer.mimetype == "text/html"
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.few(5)
@pytest.mark.parametrize("path", PAGES)
def test_no_page_needs_what_the_policy_forbids(demo: Site, path: str) -> None:
    page = demo.open(path).text
    assert not re.search(r"<(script|style)\b(?![^>]*\bsrc=)", page)
    assert not re.search(r"\son[a-z]+=|\shx-on|\sstyle=|javascript:", page)
    assert not re.search(r'(src|action|hx-get|hx-post)="(?!/)', page)


def test_a_part_takes_over_no_style_which_the_policy_forbids(paper: Paper) -> None:
    (config,) = re.findall(r"name=\"htmx-config\" content='([^']+)'", paper.open("/").text)
    assert json.loads(config)["attributesToSettle"] == []


@pytest.mark.parametrize("path", ["/static/app.css", "/healthz", "/robots.txt"])
def test_what_is_no_page_is_not_sniffed_either(demo: Site, path: str) -> None:
    with demo.open(path) as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == POLICY


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/nowhere", "text/html; charset=utf-8"),
        ("/index.csv", "text/csv; charset=utf-8"),
        ("/t/eu-accession/statements.csv", "text/csv; charset=utf-8"),
        ("/a/russia/statements.csv", "text/csv; charset=utf-8"),
        ("/corrections.atom", "application/atom+xml; charset=utf-8"),
        ("/check.py", "text/x-python; charset=utf-8"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/static/app.css", "text/css; charset=utf-8"),
        ("/s/300.ris", "application/x-research-info-systems"),
        ("/s/300.bib", "application/x-bibtex"),
        ("/index.json", "application/json"),
        ("/t/eu-accession.svg", "image/svg+xml; charset=utf-8"),
    ],
)
def test_an_answer_says_what_it_is_and_in_which_letters(demo: Site, path: str, kind: str) -> None:
    with demo.open(path) as answer:
        assert answer.headers["Content-Type"] == kind


@pytest.mark.parametrize(
    "path",
    ["", "vendor", "../__init__.py", "%2e%2e/__init__.py", "..%2f__init__.py", "..\\x", "%00"],
)
def test_nothing_but_single_files_is_served(demo: Site, path: str) -> None:
    assert demo.open(f"/static/{path}").status_code == 404
    assert demo.open(f"/tile/0/{path}").status_code == 404


@pytest.mark.parametrize("path", ["/", "/a/brazil.json", "/api/v1/topics", "/log", "/nowhere"])
def test_no_site_elsewhere_reads_an_answer(demo: Site, path: str) -> None:
    elsewhere = {"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}
    for ask in (demo.reader.get, demo.reader.options):
        headers = ask(path, headers=elsewhere).headers
        assert not [name for name, _ in headers if name.startswith("Access-Control")]
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


FOREIGN = [
    {"Sec_Fetch_Site": "cross-site"},
    {"Sec_Fetch_Site": "same-site"},
    {"Sec_Fetch_Site": "cross-site", "Origin": "http://localhost"},
    {"Sec_Fetch_Site": "something-new"},
    {"Origin": "https://evil.example"},
    {"Origin": "https://localhost.evil.example"},
    {"Origin": "http://localhost:8001"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Sec_Fetch_Site": "same-origin", "Origin": "null"},
    {"Referer": "https://evil.example/page"},
    {"Referer": "https://evil.example/localhost"},
]
"""A browser from before 2020 may send neither of the first two headers, only the third."""

OWN = [
    {"Sec_Fetch_Site": "same-origin", "Origin": "http://localhost"},
    {"Sec_Fetch_Site": "none"},
    {"Origin": "http://localhost"},
    {"Referer": "http://localhost/t/union"},
    {},
]
"""The last is a script: it carries nobody's cookies, and no page can send without a header."""


@pytest.mark.few(12)
@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("path", ["/prefs", "/seen/union", "/record", "/log/rebuild"])
def test_a_form_sent_from_another_site_is_refused(
    paper: Paper, path: str, headers: dict[str, str]
) -> None:
    answer = paper.post(path, {"theme": "dark"}, **headers)
    assert answer.status_code == 403
    assert "This form was sent from another site; open it here" in answer.text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("headers", OWN)
def test_a_form_of_our_own_is_taken(paper: Paper, headers: dict[str, str]) -> None:
    assert paper.post("/prefs", {"theme": "dark"}, **headers).status_code == 303


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_no_method_slips_past_the_check_of_where_it_comes_from(paper: Paper, method: str) -> None:
    answer = paper.reader.open("/prefs", method=method, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


def test_a_page_is_read_from_wherever_a_link_leads_to_it(paper: Paper) -> None:
    answer = paper.open("/t/union", Sec_Fetch_Site="cross-site", Referer="https://search.example/")
    assert answer.status_code == 200


def urlencoded(fields: dict[str, str]) -> tuple[bytes, str]:
    """Return a form and its type, as a browser sends it."""
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def multipart(fields: dict[str, str]) -> tuple[bytes, str]:
    """Return a form and its type, as a browser sends it where it may hold files."""
    parts = [
        f'--cut\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return "".join([*parts, "--cut--\r\n"]).encode(), "multipart/form-data; boundary=cut"


def test_a_body_of_more_than_a_megabyte_is_not_read(paper: Paper) -> None:
    head = paper.services.log.head()
    large = {"paraphrase": "x" * 1_100_000}
    for body, kind in (urlencoded(large), multipart(large), (b"x" * 1_100_000, "text/plain")):
        answer = paper.reader.post("/record", data=body, content_type=kind)
        assert answer.status_code == 413, kind
        assert "This is too large; a form may hold a megabyte" in answer.text
        assert "What you typed is still in the form; shorten it there." in answer.text
    assert paper.services.log.head() == head


def test_a_form_of_more_than_400_fields_is_refused_however_it_is_sent(paper: Paper) -> None:
    fields = {f"field{n}": "x" for n in range(401)}
    for body, kind in (urlencoded(fields), multipart(fields)):
        assert paper.reader.post("/prefs", data=body, content_type=kind).status_code == 413, kind
    few = {f"field{n}": "x" for n in range(400)}
    assert paper.post("/prefs", few).status_code == 303


PART = b'--cut\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n\r\n%b\r\n'


@pytest.mark.parametrize(
    "sent",
    [
        PART % (b"x" * 600_000) + b"--cut--\r\n",
        (PART % (b"x" * 600_000))[:-10],
        PART % (b"x" * 600_000) + PART % b"y" * 500 + b"--cut--\r\n",
    ],
    ids=["whole", "broken off", "of too many parts"],
)
def test_no_file_of_a_form_stays_open(paper: Paper, sent: bytes) -> None:
    kind = "multipart/form-data; boundary=cut"
    before = {id(file) for file in _open_files()}
    answer = paper.reader.post("/prefs", data=sent, content_type=kind)
    assert answer.status_code < 500
    assert [file for file in _open_files() if id(file) not in before] == []


def test_a_client_that_sends_a_large_form_leaves_no_file_open_either(paper: Paper) -> None:
    sent = {"f": (io.BytesIO(b"x" * 600_000), "a.txt")}
    answer = paper.reader.post("/prefs", data=sent)
    assert answer.request.environ["wsgi.input"].closed


def _open_files() -> list[tempfile.SpooledTemporaryFile[bytes]]:
    files = [one for one in gc.get_objects() if type(one) is tempfile.SpooledTemporaryFile]
    return [file for file in files if not file.closed]


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "169.254.169.254", ""])
def test_another_host_is_answered_in_one_line(demo: Site, host: str) -> None:
    for path in ("/", "/healthz", "/static/app.css", "/nowhere"):
        answer = demo.open(path, Host=host)
        assert answer.status_code == 400
        assert answer.mimetype == "text/plain"
        assert len(answer.text.splitlines()) == 1


def test_a_server_answers_to_the_names_that_it_is_given(demo_record: Services) -> None:
    named = Site(demo_record, hosts=["news.example"])
    assert named.open("/", Host="news.example").status_code == 200
    assert named.open("/", Host="localhost").status_code == 400


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_loopback_is_answered_on_any_port(demo: Site, host: str) -> None:
    assert demo.open("/healthz", Host=host).status_code == 200


READ_ONLY, ERASERS = "this server is read-only", "only admins who signed in erase"


def test_a_read_only_server_takes_nothing_but_choices_of_readers(demo_record: Services) -> None:
    site = Site(demo_record, identify=everybody_reads)
    writing = [
        rule
        for rule in site.app.url_map.iter_rules()
        if rule.methods and rule.methods & {"POST", "PUT", "DELETE", "PATCH"}
    ]
    taken = set()
    for rule in writing:
        path = re.sub(r"<int:[^>]+>", "1", rule.rule)
        answer = site.post(re.sub(r"<[^>]+>", "eu-accession", path))
        if answer.status_code != 403:
            taken.add(rule.endpoint)
        else:
            why = ERASERS if rule.endpoint.startswith("record.erasing.") else READ_ONLY
            assert why in answer.text.lower()
    assert len(writing) > 10
    assert taken == {"preferences.choose", "home.mark", "story.mark", "topic.mark"}


def test_a_read_only_server_shows_no_way_to_record(demo_record: Services) -> None:
    site = Site(demo_record, identify=everybody_reads)
    for path in ("/", "/t/eu-accession", "/a/russia", "/log", "/actors", "/s/300"):
        page = site.open(path).text
        assert 'href="/record' not in page, path
        assert 'action="/log/rebuild"' not in page, path
    assert site.open("/record").status_code == 403
    assert site.open("/record/topic").status_code == 403


def test_cookies_stay_on_this_site_and_away_from_scripts(paper: Paper) -> None:
    seen = paper.open("/t/union").headers.getlist("Set-Cookie")
    chosen = paper.post("/prefs", {"theme": "dark", "lang": "de"}).headers.getlist("Set-Cookie")
    marked = paper.post("/seen/union").headers.getlist("Set-Cookie")
    assert (len(seen), len(chosen), len(marked)) == (1, 2, 1)
    for cookie in (*seen, *chosen, *marked):
        assert "SameSite=Lax" in cookie
        assert "HttpOnly" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


def test_over_https_cookies_travel_over_https_only(paper: Paper) -> None:
    secure = {"base_url": "https://localhost"}
    chosen = paper.reader.post("/prefs", data={"theme": "dark"}, **secure)
    seen = paper.reader.get("/t/union", **secure)
    for answer in (chosen, seen):
        assert "Secure" in answer.headers["Set-Cookie"]
