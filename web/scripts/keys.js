/* The keyboard: arrows among marks, single letters for the rest, where the reader wants them. */
(() => {
  const { page, on, find, focus, press, MARKS, SLIDER, neighbour, goToChange, copy, step } = site;

  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  const turn = (selector) => {
    find(selector)?.focus();
    return press(selector);
  };

  const LETTERS = {
    "/": () => focus(find("#q")),
    n: () => goToChange(1),
    p: () => goToChange(-1),
    ",": () => step("prev"),
    ".": () => step("next"),
    c: () => turn(".clock:not([aria-current])"),
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
    if (key === " " && target.matches(SLIDER)) return press("#play");
    if (page.documentElement.dataset.keys === "off") return false;
    return LETTERS[key]?.();
  };

  on("keydown", (event) => {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === "Escape") leave(target);
    if (!isTyping(target) && use(key, target)) event.preventDefault();
  });
})();
