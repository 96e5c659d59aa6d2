/* Keys and focus for the chart; every page works without this file. */
(() => {
  const page = document, { dataset } = page.documentElement;
  const on = (name, run, early) => page.addEventListener(name, run, early);
  const $ = (what, from = page) => from.querySelector(what);
  const all = (what, from = page) => [...from.querySelectorAll(what)];
  const MARKS = "[data-lanes] svg a", OPEN = MARKS + "[aria-current]";
  const box = (it) => it.getBoundingClientRect(), x = (it) => box(it).left;

  /* the marks are one tab stop; arrows walk */
  const stop = (mark) => all(MARKS).forEach((one) => one.setAttribute("tabindex", one === mark ? 0 : -1));
  const prepare = () => stop($(MARKS + "[tabindex='0']") || $(OPEN) || $(MARKS));
  const go = (it) => { it?.focus(); return true; };
  const walk = (from, dx, dy) => {
    const lanes = all("[data-lanes] svg").map((svg) => all("a", svg)).filter((row) => row[0]);
    const at = lanes.findIndex((row) => row.includes(from)), far = (it) => Math.abs(x(it) - x(from));
    if (dx) return lanes[at][lanes[at].indexOf(from) + dx];
    return lanes[at + dy]?.reduce((a, b) => (far(a) <= far(b) ? a : b));
  };
  const change = (step) => {
    const found = all(MARKS + ".changed").sort((a, b) => x(a) - x(b));
    const at = found.indexOf(page.activeElement);
    return go(found.at(at < 0 ? (step - 1) / 2 : (at + step) % found.length));
  };

  const modified = (e) => e.ctrlKey || e.metaKey;
  const press = (what) => { const it = $(what); it?.click(); return it; };
  const tell = (it) => { $("#live").textContent = it; };
  const copy = (text) => navigator.clipboard.writeText(text).then(() => tell(dataset.copied));

  const ARROWS = { Left: [-1, 0], Right: [1, 0], Up: [0, -1], Down: [0, 1] };
  const LETTERS = {
    "/": () => go($("#q")), n: () => change(1), p: () => change(-1),
    ",": () => press("[data-go=prev]"), ".": () => press("[data-go=next]"),
    c: () => press(".clock:not([aria-current])"), t: () => press(".seg-view a:not([aria-current])"),
    y: () => copy(($("[data-permalink]") || location).href), "?": () => press("[data-keys-link]"),
  };
  on("keydown", (e) => {
    const { target, key } = e, menu = target.closest("details.menu[open]");
    if (modified(e) || e.altKey) return;
    if (key === "Escape") menu ? (menu.open = false, $("summary", menu).focus()) : press("[data-close]");
    if (target.matches("input:not([type=range]),select,textarea")) return;
    let way = ARROWS[key.slice(5)], done;
    if (way && target.matches(MARKS)) done = go(walk(target, ...way));
    else if (key === " " && target.matches(".rng")) done = press("#play");
    else if (dataset.keys !== "off") done = LETTERS[key]?.();
    if (done) e.preventDefault();
  });

  /* htmx would take clicks that ask for a new tab */
  let back;
  on("click", (e) => {
    const near = (what) => e.target.closest(what);
    const from = $(near("[data-copy]")?.dataset.copy || "#_");
    if (near("a[hx-get]") && (modified(e) || e.shiftKey)) e.stopImmediatePropagation();
    if (from) copy(from.value || from.textContent);
    back = near("[data-close]") && $(OPEN)?.id;
  }, true);
  on("focusin", ({ target }) => target.matches(MARKS) && stop(target));

  /* a swap leaves the chart and the focus in place */
  let top;
  const height = () => $("#chart") && box($("#chart")).top;
  on("htmx:beforeSwap", () => { top = height(); });
  on("htmx:afterSwap", () => { if (top) scrollBy({ top: height() - top, behavior: "instant" }); top = 0; });
  on("htmx:afterSettle", ({ target }) => {
    const proof = $("#proof"), bar = $("[data-say]");
    prepare();
    if (back) go($("#" + back));
    else if (page.activeElement === page.body) proof?.focus();
    if (target.id === "chart") proof?.scrollIntoView({ block: "nearest" });
    if (bar && target.id === "view") tell(bar.dataset.say);
    back = 0;
  });

  const fails = (it) => $("#failure")?.toggleAttribute("hidden", !it);
  for (const name of ["responseError", "sendError", "timeout"]) on("htmx:" + name, () => fails(true));
  on("htmx:beforeRequest", () => fails());
  prepare();
})();
