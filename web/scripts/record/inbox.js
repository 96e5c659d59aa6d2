/* The inbox by keyboard: from text to text, and where each of them goes. */
(() => {
  const { page, on, find, findAll, focus, press, show } = site;

  const TEXTS = ".inbox-list > li";
  const PLACE = "inbox-place";
  const here = () => page.activeElement?.closest(TEXTS);

  /* The way into a text is what has the focus: Enter goes it. */
  const enter = (text) => {
    if (!text) return;
    const ways = findAll(".inbox-acts form[action$='/open'] button, .inbox-acts button", text);
    focus(ways[0]);
    show(text);
  };

  const step = (by) => {
    const all = findAll(TEXTS);
    const at = all.indexOf(here()) + by;
    enter(all[Math.min(Math.max(at, 0), all.length - 1)]);
  };

  const within = (selector) => here() && findAll(selector, here())[0];

  const setAside = () => {
    const reason = within(".inbox-aside");
    if (!reason) return;
    reason.open = true;
    findAll("input[name=reason]", reason)[0].focus();
  };

  const LETTERS = {
    j: () => step(1),
    k: () => step(-1),
    l: () => within("button[value=later]")?.click(),
    x: setAside,
    o: () => within(".inbox-folded > summary")?.click(),
    u: () => press("#undo"),
  };

  on("keydown", (event) => {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    const isTyping = target.matches("input,select,textarea");
    const isOff = page.documentElement.dataset.keys === "off";
    if (ctrlKey || metaKey || altKey || isOff || isTyping || !find(".inbox") || !LETTERS[key]) return;
    LETTERS[key]();
    event.preventDefault();
  });

  /* Whoever put one away goes on at its place, where the next one lies then. */
  on("submit", ({ target }) => {
    const text = target.closest(TEXTS);
    if (text) sessionStorage.setItem(PLACE, findAll(TEXTS).indexOf(text));
  });
  const place = sessionStorage.getItem(PLACE);
  sessionStorage.removeItem(PLACE);
  const all = findAll(TEXTS);
  if (place && find("#undo") && all[0]) enter(all[Math.min(place, all.length - 1)]);
})();
