"""Counts what a coder's hand does to code a text on the workbench, in a real browser.

    python -m tests.support.coding_costs                 an invented text of invented people
    python -m tests.support.coding_costs TEXT PLAN       another text, over the demo's record

PLAN is JSON: ``published``, ``lang`` and ``entries``, each with ``at`` (where its sentence begins),
and either ``topic``, ``stance`` (the place of its word, lowest first), and ``speaker``, or
``development`` with its ``topics``; a statement may have ``further`` stances on other topics. Every
entry is coded twice, by mouse and by keyboard alone,
each time in a store of its own. Counted are clicks and keystrokes, but for those that write our own
words; Ctrl and Shift are no keystrokes of their own.
"""

from __future__ import annotations

import statistics
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec
from playwright.sync_api import expect

from tests.support import chromium
from tests.support.web_server import served
from tests.web.record.desk import Desk
from timeline.bootstrap import open_store
from timeline.interchange.importing.files import import_files
from web import create_app
from web.shell.identity import everybody_is

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

DEMO = Path(__file__).parents[1] / "fixtures" / "first_part.log.jsonl.gz"
OWN_WORDS = 60
"""Characters that are typed as our words: those of the passage, so that no two are alike."""

CONDITION = "there is money"
OURS = "paraphrase", "2.paraphrase", "title", "condition.text", "2.condition.text"
UNDER_WAY = ".htmx-request, .htmx-swapping, .htmx-settling"

HAPPENED = {
    "Monday": "Snow fell on the city.",
    "Tuesday": "A bridge was opened to traffic.",
    "Wednesday": "Every train came late.",
    "Thursday": "The museum closed at noon.",
    "Friday": "Both sides moved into the town hall.",
}

COUNT = """
window.hand = { clicks: 0, keys: 0 };
addEventListener("pointerdown", () => { hand.clicks += 1; }, true);
addEventListener("keydown", (event) => {
  const modifies = /^(Control|Shift|Alt|Meta)$/.test(event.key);
  const isOurs = %s.includes(event.target.name) && !event.ctrlKey && event.key !== "Tab";
  if (!modifies && !isOurs) hand.keys += 1;
}, true);
"""


class Entry(msgspec.Struct, frozen=True):
    """What is to be coded of the sentence that begins ``at`` this place."""

    at: int
    topic: str = ""
    stance: int = 0
    speaker: str = ""
    development: str = ""
    topics: tuple[str, ...] = ()
    further: tuple[tuple[str, int], ...] = ()

    @property
    def kind(self) -> str:
        """What the table calls it."""
        if self.development:
            return "development"
        return "statement of two stances" if self.further else "statement"


class Plan(msgspec.Struct, frozen=True):
    """What a text is, and what is to be coded of it."""

    published: str
    lang: str
    entries: tuple[Entry, ...]
    text: str = ""


class Cost(msgspec.Struct, frozen=True):
    """What an entry took of a hand."""

    kind: str
    clicks: int
    keys: int


def invented() -> Plan:
    """Return a text by people who do not exist.

    It has twenty statements, five of two stances, and five developments.
    """
    text, entries = "", []
    for place, (day, happened) in enumerate(HAPPENED.items(), 1):
        for speaker, verb in (
            ("Dora Example", "said that Aland would join the union"),
            ("Pjotr Petrow", "said that there would be no deal"),
            ("Dora Example", "denied that the union was too large for Aland"),
            ("Pjotr Petrow", "warned that the deal would fail"),
        ):
            topic = "a-union" if "union" in verb else "deal"
            entries.append(Entry(len(text), topic, place, speaker))
            text += f"{speaker} {verb} by {day}. "
        entries.append(Entry(len(text), development=happened, topics=("deal",)))
        text += f"{happened} "
        both = "Dora Example said that Aland would join the union as soon as there was a deal"
        entries.append(Entry(len(text), "a-union", 5, "Dora Example", further=(("deal", 4),)))
        text += f"{both}, {place} years from now.\n\n"
    return Plan("2025-12-16", "en", tuple(entries), text)


class Coder:
    """Somebody at the workbench, with a mouse or without."""

    def __init__(self, page: Page, *, has_mouse: bool) -> None:
        self.page, self.has_mouse = page, has_mouse
        self.loads = 0
        self.text = ""
        page.on("request", self._hear)

    def open(self, address: str, plan: Plan) -> None:
        """Give the text once."""
        page, self.text = self.page, plan.text
        page.add_init_script(COUNT % list(OURS))
        page.goto(f"{address}/record/text")
        page.fill('[name="text"]', plan.text)
        page.fill('[name="source.outlet"]', "Measured Post")
        page.fill('[name="source.published_at"]', plan.published)
        page.fill('[name="source.lang"]', plan.lang)
        page.get_by_role("button", name="Open the text").click()
        expect(page.locator("#bench")).to_be_visible(timeout=30_000)
        self.loads = 0

    def code(self, entry: Entry) -> Cost:
        """Record an entry, and return what that took."""
        self.page.evaluate("hand.clicks = hand.keys = 0")
        self._go_to(entry.at)
        if entry.development:
            self._development(entry)
        else:
            self._statement(entry)
        # Whoever types words of their own sees by then what the form says of them.
        self._settle()
        self._say_for_whom()
        self._press("ControlOrMeta+Enter")
        self._settle()
        done = self.page.evaluate("({ ...hand })")
        self._say_that_it_is_another()
        expect(self.page.locator(".bench-just")).to_be_visible(timeout=30_000)
        return Cost(entry.kind, done["clicks"], done["keys"])

    def _say_that_it_is_another(self) -> None:
        """Record what the demo, coded from the same text, has already: that is not counted."""
        another = self.page.locator('#problems [value^="distinct="]')
        while another.count():
            another.click()
            self._settle()
            self.page.locator("#send").click()
            self._settle()

    def _say_for_whom(self) -> None:
        """Say that a speaker spoke for the side that they move, where the form asks."""
        yes = self.page.locator("#m-on_behalf_of .offers button").first
        if not yes.count():
            return
        if self.has_mouse:
            yes.click()
        else:
            # What is to be mended stops the form, which leads there.
            self._press("ControlOrMeta+Enter")
            self._tab_to(f'[value="{yes.get_attribute("value")}"]')
            self._press("Enter")
        self._settle()

    def _go_to(self, at: int) -> None:
        """Go to a passage, unless it is the one that is open."""
        here = self.page.locator("#here")
        if here.count() and str(here.get_attribute("data-at")).startswith(f"{at}-"):
            return
        if self.has_mouse:
            self.page.locator(f'[data-at^="{at}-"]').click()
        else:
            self._press("Escape") if self._is_in_form() else here.focus()
            self._walk_to(at)
            self._press("Enter")
        self._settle()
        expect(self.page.locator("#here")).to_have_attribute("data-at", _begins(at))

    def _walk_to(self, at: int) -> None:
        places = self.page.locator(".sentence").evaluate_all(
            "all => all.map((one) => parseInt(one.dataset.at))"
        )
        now = int(self.page.evaluate("parseInt(document.activeElement.dataset.at)"))
        steps = places.index(at) - places.index(now)
        for _ in range(abs(steps)):
            self._press("ArrowDown" if steps > 0 else "ArrowUp")

    def _is_typing(self) -> bool:
        return bool(self.page.evaluate("document.activeElement.matches('.input')"))

    def _is_in_form(self) -> bool:
        return bool(self.page.evaluate("!!document.activeElement.closest('#now')"))

    def _statement(self, entry: Entry) -> None:
        if self.page.input_value('[name="actor"]') != entry.speaker:
            self._choose('[name="actor"]', entry.speaker)
        words = self.text[entry.at : entry.at + OWN_WORDS].replace("\n", " ")
        self._answer(entry.topic, entry.stance, words)
        for topic, stance in entry.further:
            if self.has_mouse:
                self.page.locator("#another").click()
            else:
                self._press("Escape", "a")
            self._settle()
            self._answer(topic, stance, words)

    def _answer(self, topic: str, stance: int, words: str) -> None:
        """Choose a question and a stance on it, and say it in our words."""
        row = self.page.locator(".stance-row").last
        offered = row.locator(".bench-topic").evaluate_all("all => all.map((one) => one.value)")
        named = [one.rpartition("topic=")[2] for one in offered]
        if topic in named and self.has_mouse:
            row.locator(".bench-topic").nth(named.index(topic)).click()
        elif topic in named:
            self._press(*(["Escape"] if self._is_typing() else []))
            self._press(str(named.index(topic) + 1))
        else:
            field = row.locator("[data-holds$=topic]").first.get_attribute("id")
            self._choose(f'[id="{field}"]', topic.replace("-", " "))
        expect(row.locator(".scale input").first).to_be_attached()
        self._settle()
        if self.has_mouse:
            row.locator(".scale-option").nth(stance - 1).click()
        else:
            self._stance(stance)
        if row.locator('[value="conditional"]:checked').count():
            self._enter(row.locator('[name$="condition.text"]'))
            self.page.keyboard.type(CONDITION)
        self._enter(row.locator("[name$=paraphrase]"))
        self.page.keyboard.type(words)

    def _enter(self, field: Locator) -> None:
        """Go to a field, unless one is there."""
        if field.evaluate("one => one === document.activeElement"):
            return
        if self.has_mouse:
            field.click()
        else:
            self._tab_to(f'[name="{field.get_attribute("name")}"]')

    def _stance(self, place: int) -> None:
        if not self.page.evaluate("/stance$/.test(document.activeElement.name)"):
            self._press("Tab")
        self._press(*(["Space"] if place == 1 else ["ArrowRight"] * (place - 1)))
        self._press("Enter")

    def _development(self, entry: Entry) -> None:
        page = self.page
        if self.has_mouse:
            page.locator(".bench-passage nav a").last.click()
        else:
            self._press("d")
        self._settle()
        expect(page.locator("#f-title")).to_be_visible()
        self._enter(page.locator("#f-title"))
        page.keyboard.type(entry.development)
        if not page.locator('[name="status"]:checked').count():
            self._be_certain()
        for topic in entry.topics:
            box = page.locator(f'[name="topics"][value="{topic}"]')
            if self.has_mouse:
                box.click()
            else:
                self._tab_to(f'[name="topics"][value="{topic}"]')
                self._press("Space")

    def _be_certain(self) -> None:
        """Say that a development is confirmed, where the text names nobody who tells of it."""
        if self.has_mouse:
            self.page.locator('label:has([name="status"][value="confirmed"])').click()
        else:
            self._tab_to('[name="status"]')
            self._press("Space")

    def _choose(self, field: str, words: str) -> None:
        """Type as much of a name as it takes to have it offered first, and take it."""
        page, box = self.page, self.page.locator(field)
        is_empty = not box.input_value()
        if self.has_mouse:
            box.click()
        elif self._is_typing():
            self._tab_to(field)
        else:
            self._press("s" if "actor" in field else "t")
        options = page.locator(f"#{box.get_attribute('aria-controls')} [role=option]")
        self._settle()
        recent = options.evaluate_all("all => all.map((one) => one.dataset.value)")
        if is_empty and words.replace(" ", "-") in recent:
            self._press(*["ArrowDown"] * (recent.index(words.replace(" ", "-")) + 1), "Enter")
            self._settle()
            return
        for letter in words:
            page.keyboard.type(letter)
            expect(box).to_have_attribute("aria-expanded", "true")
            self._settle()
            first = options.first
            named = f"{first.get_attribute('data-value')} {first.get_attribute('data-name')}"
            if words.replace(" ", "-") in named or words in named:
                break
        self._press("Enter")
        self._settle()

    def _tab_to(self, selector: str) -> None:
        for _ in range(60):
            self._press("Tab")
            if self.page.evaluate("what => document.activeElement.matches(what)", selector):
                return

    def _press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def _settle(self) -> None:
        self.page.wait_for_timeout(300)
        expect(self.page.locator(UNDER_WAY)).to_have_count(0)

    def _hear(self, request: Any) -> None:  # noqa: ANN401 - Playwright's
        self.loads += request.is_navigation_request()


def _begins(at: int) -> Any:  # noqa: ANN401 - a pattern
    import re  # noqa: PLC0415

    return re.compile(f"^{at}-")


@contextmanager
def newsroom(plan: Plan) -> Iterator[str]:
    """Serve a store that knows whom a plan speaks of, and yield the site's address."""
    folder = tempfile.mkdtemp()
    with closing(open_store(f"sqlite:///{folder}/newsroom.db")) as services:
        if plan.entries == invented().entries:
            Desk(services).furnish()
        else:
            import_files(services, [DEMO])
        services.models.rebuild()
        with served(create_app(services, identify=everybody_is("coder"))) as address:
            yield address


def coded(plan: Plan, *, has_mouse: bool) -> tuple[list[Cost], int]:
    """Return what every entry of a plan took, and how often a page was loaded meanwhile."""
    with newsroom(plan) as address, chromium.launched() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="en-GB")
        coder = Coder(page, has_mouse=has_mouse)
        coder.open(address, plan)
        return [coder.code(one) for one in plan.entries], coder.loads


def rows(plan: Plan) -> Iterator[str]:
    """Yield the lines of the table that docs/performance.md keeps."""
    yield "| by | entries | clicks, median | most | keystrokes, median | most | pages loaded |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for how, has_mouse in (("mouse", True), ("keyboard", False)):
        costs, loads = coded(plan, has_mouse=has_mouse)
        for kind in dict.fromkeys(one.kind for one in plan.entries):
            of_kind = [one for one in costs if one.kind == kind]
            clicks, keys = [one.clicks for one in of_kind], [one.keys for one in of_kind]
            many = kind.replace("ment", "ments")
            yield (
                f"| {how}, {many} | {len(of_kind)} | {statistics.median(clicks):g} | {max(clicks)}"
                f" | {statistics.median(keys):g} | {max(keys)} | {loads} |"
            )


@click.command()
@click.argument("text", type=click.Path(exists=True, path_type=Path), required=False)
@click.argument("plan", type=click.Path(exists=True, path_type=Path), required=False)
def main(text: Path | None, plan: Path | None) -> None:
    """Print what coding a text takes."""
    wanted = invented()
    if text and plan:
        wanted = msgspec.json.decode(plan.read_bytes(), type=Plan)
        wanted = msgspec.structs.replace(wanted, text=text.read_text("utf-8"))
    for line in rows(wanted):
        click.echo(line)


if __name__ == "__main__":
    main()
