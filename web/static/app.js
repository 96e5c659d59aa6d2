/* Every page works without. */
(() => {
  const page = document, { dataset } = page.documentElement;
  const on = page.addEventListener.bind(page);
  const $ = page.querySelector.bind(page);
  const all = (what, from = page) => [...from.querySelectorAll(what)];
  window.site = { page, on, $, all };
  const MARKS = "[data-lanes] svg a", OPEN = MARKS + "[aria-current]";
  const box = (it) => it.getBoundingClientRect(), x = (it) => box(it).left;

  /* one tab stop */
  const stop = (mark) => all(MARKS).forEach((it) => { it.tabIndex = it === mark ? 0 : -1; });
  const prepare = () => stop($(MARKS + "[tabindex='0']") || $(OPEN) || $(MARKS));
  const go = (it) => { it?.focus(); return true; };
  const show = (it) => it?.scrollIntoView({ block: "nearest" });
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

  const press = (what) => { const it = $(what); it?.click(); return it; };
  const turn = (what) => { $(what)?.focus(); return press(what); };

  /* steps queue */
  const ahead = [];
  const step = (way) => {
    const it = $(`[data-go=${way}]`);
    if ($("[aria-busy]")) ahead.push(way); else it?.click();
    return it;
  };
  const tell = (it) => ($("#live").textContent = it);
  const copy = (text, it) => navigator.clipboard.writeText(text).then(() => {
    tell(dataset.copied);
    if (it) it.textContent = dataset.copied;
  });

  /* the search */
  const field = $("#q"), options = () => all("#hits [role=option]");
  const listed = () => { field.ariaExpanded = !!options()[0]; field.setAttribute("aria-activedescendant", ""); };
  const choose = (it) => {
    for (const one of options()) one.ariaSelected = one === it;
    field.setAttribute("aria-activedescendant", it.id);
    show(it);
    return true;
  };
  const look = (key) => {
    const rows = options(), at = rows.findIndex((one) => one.ariaSelected === "true"), n = rows.length;
    if (key === "Escape") { $("#hits").textContent = ""; listed(); return n; }
    if (key === "Enter" && rows[at]) return rows[at].click(), true;
    if (n && key === "ArrowDown") return choose(rows[(at + 1) % n]);
    if (n && key === "ArrowUp") return choose(rows.at(Math.max(at, 0) - 1));
  };

  const ARROWS = { Left: [-1, 0], Right: [1, 0], Up: [0, -1], Down: [0, 1] };
  const LETTERS = {
    "/": () => go($("#q")), n: () => change(1), p: () => change(-1),
    ",": () => step("prev"), ".": () => step("next"),
    c: () => turn(".clock:not([aria-current])"), t: () => turn(".seg-view a:not([aria-current])"),
    y: () => copy(($("[data-permalink]") || location).href), "?": () => press("[data-keys-link]"),
  };
  on("keydown", (e) => {
    const { target, key } = e, menu = target.closest("details.menu[open]");
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (target === field && look(key)) return e.preventDefault();
    const typing = target.isContentEditable || target.matches("input:not([type=range]),select,textarea");
    if (key === "Escape" && menu) menu.open = false, menu.firstElementChild.focus();
    else if (key === "Escape" && !typing) press("[data-close]");
    if (typing) return;
    let way = ARROWS[key.slice(5)], done;
    if (way && target.matches(MARKS)) done = go(walk(target, ...way));
    else if (key === " " && target.matches(".rng")) done = press("#play");
    else if (dataset.keys !== "off") done = LETTERS[key]?.();
    if (done) e.preventDefault();
  });

  /* new tabs are the browser's */
  let back;
  on("click", (e) => {
    const near = (what) => e.target.closest(what);
    const it = near("[data-copy]"), from = $(it?.dataset.copy || "#_");
    if (near("a[hx-get]") && (e.ctrlKey || e.metaKey || e.shiftKey)) e.stopImmediatePropagation();
    if (from) copy(from.value || from.textContent, it);
    back = near("[data-close]") && $(OPEN)?.id;
  }, true);
  on("focusin", ({ target }) => {
    if (target.matches(MARKS)) stop(target);
    if (target.matches(":is(.scroll,.filters) :focus-visible")) show(target);
  });

  /* swaps keep place and focus */
  let top, menu, held;
  const height = () => { const it = $("[data-lanes]") || $("#chart"); return it && box(it).top; };
  on("htmx:beforeSwap", () => { top = height(); menu = $(".filters .menu[open]"); held = page.activeElement; });
  on("htmx:afterSwap", () => {
    if (top) {
      scrollBy(0, height() - top);
      if ($(".replaying")) $(".spec").style.paddingBottom = Math.max(top - height(), 0) + "px";
    }
    if (menu) $("#" + menu.id).open = true, page.getElementById(held.id)?.focus();
    top = menu = 0;
  });
  on("htmx:afterSettle", ({ target: { id } }) => {
    const proof = $("#proof"), bar = $("[data-say]");
    prepare();
    if (id === "hits") listed();
    if (back) go($("#" + back));
    else if (page.activeElement === page.body) proof?.focus();
    if (id === "chart") show(proof);
    if (bar && id === "view") tell(bar.dataset.say);
    if (wish) put(wish);
    back = 0;
    if (ahead[0]) step(ahead.shift());
  });

  /* a slider follows the hand */
  let grip, wish;
  const put = (at) => {
    const it = $(".rng");
    if ($(".htmx-settling .rng")) wish = at;
    else if (it) it.name = at.name, it.value = at.value, htmx.trigger(it, "input");
  };
  on("input", ({ target }) => { if (target.matches(".rng")) wish = target; });
  on("pointerdown", ({ target }) => { grip = target.matches(".rng") && target; if (grip) grip.name = "spot"; });
  on("pointermove", ({ clientX, buttons }) => {
    const it = grip && buttons && $(".rng");
    if (!it || it === grip) return;
    const { left, width, height } = box(it), part = (clientX - left - height / 2) / (width - height);
    put({ name: grip.name, value: +it.min + part * (it.max - it.min) });
  });

  /* giving way does not fail */
  htmx.logger = (it, name, report) => { if (/afterRequest|sendAbort/.test(name)) report.error = 0; };
  for (const name of ["responseError", "sendError", "timeout"]) on("htmx:" + name, ({ detail }) => {
    ahead.length = 0;
    $("#failure").hidden = false;
    if (detail.requestConfig.verb === "get") $("#failure a").href = detail.pathInfo.finalRequestPath;
  });
  on("htmx:beforeRequest", ({ detail }) => { wish = 0; $("#failure").hidden = detail.target.ariaBusy = true; });
  on("htmx:afterRequest", ({ detail }) => { detail.target.ariaBusy = null; });
  prepare();
  show($("#proof"));
})();
