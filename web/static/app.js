/* Keys and focus for the chart; every page works without this file. */
(() => {
  "use strict";
  const root = document.documentElement, on = (name, run, early) => document.addEventListener(name, run, early);
  const $ = (what, from = document) => from.querySelector(what);
  const all = (what, from = document) => [...from.querySelectorAll(what)];
  const MARKS = "[data-lanes] :is(.pt,.dv,.bin)[href]";
  const x = (mark) => mark.getBoundingClientRect().left;
  const inTime = (marks) => marks.sort((a, b) => x(a) - x(b));

  /* all marks are one tab stop; the arrows walk from there */
  const stop = (mark) => all(MARKS).forEach((one) => one.setAttribute("tabindex", one === mark ? 0 : -1));
  const prepare = () => stop($(`${MARKS}[tabindex="0"]`) || $(`${MARKS}[aria-current]`) || $(MARKS));
  const go = (mark) => { if (mark) { stop(mark); mark.focus(); } return true; };
  const walk = (from, dx, dy) => {
    const lanes = all("[data-lanes] svg").map((svg) => inTime(all("a[href]", svg))).filter((row) => row[0]);
    const at = lanes.findIndex((row) => row.includes(from));
    if (dx) return lanes[at][lanes[at].indexOf(from) + dx];
    const near = (mark) => Math.abs(x(mark) - x(from));
    return lanes[at + dy]?.reduce((a, b) => (near(a) <= near(b) ? a : b));
  };
  const change = (step) => {
    const found = inTime(all("[data-lanes] .changed[href]"));
    const at = found.indexOf(document.activeElement);
    return go(found.at(at < 0 && step < 0 ? -1 : Math.max(at + step, 0)));
  };

  const press = (what) => { const found = $(what); found?.click(); return found; };
  const copy = async (text) => {
    await navigator.clipboard.writeText(text);
    $("#live").textContent = root.dataset.copied;
    return true;
  };
  const close = () => {
    const id = $("[data-lanes] [aria-current].pt")?.id;
    if (id) on("htmx:afterSettle", () => go(document.getElementById(id)), { once: true });
    press("[data-close]");
  };

  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const LETTERS = {
    "/": () => { $("#q").focus(); return true; }, n: () => change(1), p: () => change(-1),
    ",": () => press("[name=go][value=prev]"), ".": () => press("[name=go][value=next]"),
    c: () => press("[name=clock]:not(:checked)"), t: () => press(".seg-view a:not([aria-current])"),
    y: () => copy(($("[data-permalink]") || location).href), "?": () => press("[data-keys-link]"),
  };

  on("keydown", (event) => {
    const { target, key } = event, menu = target.closest("details.menu[open]");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const field = target.matches("input:not([type=range]),select,textarea");
    if (key === "Escape" && menu) { menu.open = false; $("summary", menu).focus(); }
    else if (key === "Escape") field ? $("#hits")?.replaceChildren() : close();
    if (field) return;
    let done = false;
    if (ARROWS[key] && target.matches(MARKS)) done = go(walk(target, ...ARROWS[key]));
    else if (key === " " && target.matches(".replay .rng")) done = press("[name=play]");
    else if (root.dataset.keys !== "off" && LETTERS[key]) done = LETTERS[key]();
    if (done) event.preventDefault();
  });

  /* htmx takes clicks that ask for a new tab, also on links in SVG: stop them before it */
  on("click", (event) => {
    const { target } = event, from = target.closest("[data-copy]");
    if (target.closest("a[hx-get]") && (event.ctrlKey || event.metaKey || event.shiftKey)) event.stopImmediatePropagation();
    if (from) copy(from.dataset.copy || $(from.dataset.from).value);
  }, true);
  on("focusin", ({ target }) => target.matches(MARKS) && stop(target));

  /* a part that fails leaves what is there, and says so */
  const told = (failed) => { if ($("#failure")) $("#failure").hidden = !failed; };
  for (const name of ["responseError", "sendError", "timeout"]) on(`htmx:${name}`, () => told(true));
  on("htmx:beforeRequest", () => told(false));
  on("htmx:afterSettle", prepare);
  prepare();
})();
