"""What a decision says of limits is what the code holds."""

from __future__ import annotations

import re

from tests.docs.pages import ROOT
from timeline.cli.site_server import BODY, HEADERS
from timeline.domain.text import DIGITS
from timeline.interchange.formats.jsonl_rows import DEEPEST
from timeline.interchange.formats.source_row import LINE_LIMIT
from timeline.serving.connections import CONNECTIONS
from timeline.serving.site_channel import LONG
from web.api.lists import MOST
from web.record.workbench.opening import MOST_SENT
from web.shell.downloads import Limits
from web.shell.security import MAX_FIELDS, MAX_PATH, MAX_REQUEST, MAX_VALUE

PAGE = ROOT / "docs" / "adr" / "0021-what-bounds-the-site.md"
ROW = re.compile(r"^\| (.+?) \| ([\d,]+) \|$", re.MULTILINE)


def test_the_decision_on_limits_says_the_numbers_of_the_code() -> None:
    told = {what: int(most.replace(",", "")) for what, most in ROW.findall(PAGE.read_text("utf-8"))}
    files = Limits()
    assert told == {
        "bytes of the headers of a request": HEADERS,
        "bytes of a body that is taken in whoever sends it": LONG,
        "bytes of any body: room for a file with an article": BODY,
        "bytes of a form or of a body for programs": MAX_REQUEST,
        "bytes of a form with a file": MOST_SENT,
        "fields of a form": MAX_FIELDS,
        "characters of a path": MAX_PATH,
        "characters of a value in an address": MAX_VALUE,
        "digits of a whole number": DIGITS,
        "characters of a line of a file": LINE_LIMIT,
        "depth of objects in a line": DEEPEST,
        "bytes of a file that is sent": files.largest,
        "bytes of all files that are kept or being sent": files.together,
        "costly answers that are made at once, files among them": files.at_once,
        "costly answers that wait in line": files.in_line,
        "seconds for waiting in line": files.patience,
        "long answers that are sent while they are made": files.going_on,
        "seconds for making a file": files.making,
        "seconds after which a long answer is sent while it is made": files.waiting,
        "seconds for reading a file": files.sending,
        "seconds for a query of a page": files.query,
        "items of a list for programs": MOST,
        "connections": CONNECTIONS,
    }
    assert BODY > MOST_SENT > MAX_REQUEST
