/* Keys and focus for the chart; every page works without this file. */
(() => {
  "use strict";
  const root = document.documentElement;
  const $ = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const MARKS = "[data-lanes] :is(.pt,.dv,.bin)[href]";

  /* one tab stop for all marks; the arrows walk from there */
  const stop = (mark) => {
    for (const other of all(MARKS)) other.setAttribute("tabindex", other === mark ? 0 : -1);
  };
  const prepare = () => {
    const marks = all(MARKS);
    stop(marks.find((mark) => mark.matches("[tabindex='0']")) || $(`${MARKS}[aria-current]`) || marks[0]);
  };
  const go = (mark) => mark && (stop(mark), mark.focus());
  const x = (mark) => mark.getBoundingClientRect().left;
  const rows = () => all("[data-lanes] svg.lane-plot").map((svg) => all(":is(.pt,.dv,.bin)[href]", svg)).filter((row) => row.length);
  const walk = (from, dx, dy) => {
    const lanes = rows(), at = lanes.findIndex((row) => row.includes(from));
    if (dx) return lanes[at].sort((a, b) => x(a) - x(b))[lanes[at].indexOf(from) + dx];
    return lanes[at + dy]?.reduce((a, b) => (Math.abs(x(a) - x(from)) <= Math.abs(x(b) - x(from)) ? a : b));
  };
  const change = (step) => {
    const found = all("[data-lanes] .changed[href]").sort((a, b) => x(a) - x(b));
    const at = found.indexOf(document.activeElement);
    go(found[at < 0 ? (step > 0 ? 0 : found.length - 1) : at + step]);
  };

  const press = (selector) => { const found = $(selector); found?.click(); return found; };
  const close = () => {
    const open = $("[data-lanes] .open"), mark = open && $("[aria-current]", open);
    if (!open) return false;
    const back = mark?.id;
    document.addEventListener("htmx:afterSettle", () => go(back && document.getElementById(back)), { once: true });
    press("[data-close]");
    return true;
  };
  const copy = (text) => navigator.clipboard?.writeText(text).then(() => say(root.dataset.copied || "Copied"));
  const say = (text) => { const live = $("#live"); if (live) live.textContent = text; };

  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const LETTERS = {
    "/": () => { const box = $("#q"); box?.focus(); return box; },
    n: () => (change(1), true), p: () => (change(-1), true),
    ",": () => press("[name=go][value=prev]"), ".": () => press("[name=go][value=next]"),
    c: () => press("[name=clock]:not(:checked)"), t: () => press(".seg-view a:not([aria-current])"),
    y: () => { copy(($("[data-permalink]") || location).href); return true; },
    "?": () => press("[data-keys-link]"),
  };

  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (key === "Escape") {
      const menu = target.closest("details.menu[open]");
      if (menu) { menu.open = false; $("summary", menu).focus(); } else close();
      return;
    }
    if (target.matches("input,select,textarea,[contenteditable]")) return;
    let done = false;
    if (ARROWS[key] && target.matches(MARKS)) { go(walk(target, ...ARROWS[key])); done = true; }
    else if (key === " " && target.closest(".replay") && !target.matches("button,summary,a")) done = press("[name=play]");
    else if (root.dataset.keys !== "off" && LETTERS[key]) done = LETTERS[key]();
    if (done) event.preventDefault();
  });

  /* htmx would take a click that asks for a new tab, also on links in SVG */
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[hx-get]");
    if (link && (event.ctrlKey || event.metaKey || event.shiftKey || event.button)) event.stopImmediatePropagation();
    const button = event.target.closest?.("[data-copy]");
    if (button) copy(button.dataset.copy || $(button.dataset.from).value);
  }, true);
  document.addEventListener("focusin", ({ target }) => target.matches(MARKS) && stop(target));

  /* a failed part leaves what is there, and says so */
  for (const name of ["responseError", "sendError", "timeout"])
    document.addEventListener(`htmx:${name}`, () => { const told = $("#failure"); if (told) told.hidden = false; });
  document.addEventListener("htmx:beforeRequest", () => { const told = $("#failure"); if (told) told.hidden = true; });
  document.addEventListener("htmx:afterSettle", prepare);
  document.addEventListener("DOMContentLoaded", prepare);
  if (document.readyState !== "loading") prepare();
})();
