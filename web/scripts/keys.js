/* The keyboard: arrows among marks, single letters for the rest, where the reader wants them. */
(() => {
  const { page, on, find, focus, press, copy, step } = site;
  const { MARKS, DATES, SLIDER, neighbour, nextDate, goToChange } = site;

  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  const turn = (selector) => {
    const chosen = find(selector);
    const fold = chosen?.closest("details");
    if (fold) fold.open = true;
    chosen?.focus();
    return press(selector);
  };

  const LETTERS = {
    "/": () => focus(find("#q")),
    n: () => goToChange(1),
    p: () => goToChange(-1),
    ",": () => step("prev"),
    ".": () => step("next"),
    c: () => press(":is(div.stance-row, .stance-row[open]) .codebook-beside > summary") || turn(".clock:not([aria-current])"),
    "+": () => press("[data-zoom=closer]"),
    "-": () => press("[data-zoom=wider]"),
    "[": () => press("[data-zoom=earlier]"),
    "]": () => press("[data-zoom=later]"),
    t: () => turn(".view-switch a:not([aria-current])"),
    y: () => copy((find("[data-permalink]") || location).href),
    "?": () => press("[data-keys-link]"),
  };

  const isTyping = (target) => (
    target.isContentEditable || target.matches("input:not([type=range]),select,textarea")
  );

  const leave = (target) => {
    const menu = target.closest("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.firstElementChild.focus();
    } else if (!isTyping(target)) {
      press("[data-close]");
    }
  };

  /* Tells whether the key was used. */
  const use = (key, target) => {
    if (ARROWS[key] && target.matches(MARKS)) return focus(neighbour(target, ...ARROWS[key]));
    if (ARROWS[key]?.[0] && target.matches(DATES)) return focus(nextDate(target, ARROWS[key][0]));
    if (key === " " && target.matches(SLIDER)) return press("#play");
    if (page.documentElement.dataset.keys === "off") return false;
    return LETTERS[key]?.();
  };

  on("keydown", (event) => {
    const { target, key } = event;
    /* AltGr, which types brackets, counts as Ctrl and Alt. */
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    if (modified && !event.getModifierState("AltGraph")) return;
    if (key === "Escape") leave(target);
    if (!isTyping(target) && use(key, target)) event.preventDefault();
  });
})();
