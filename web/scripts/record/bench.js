/* The workbench by keyboard: sentence by sentence, from suggestion to suggestion, and recorded. */
(() => {
  const { page, on, find, findAll, box, press, show } = site;

  const SENTENCES = "#text .sentence";
  const HERE = SENTENCES + "[aria-current]";
  /* Of several stances of the same words the last is the one that is filled in. */
  const OPEN_STANCE = ".stance-row:nth-last-child(1 of .stance-row)";
  const CANDIDATES = OPEN_STANCE + " .bench-topic";

  /* The form moves by no more than it has to: scrolling the page takes the passage out of sight. */
  const focus = (element) => {
    element?.focus({ preventScroll: true });
    show(element);
    return true;
  };

  /* What is coded is in sight: below the head of the page and, on a phone, above the form. */
  const showPassage = () => {
    const here = find("#here");
    const floor = innerHeight * (matchMedia("(max-width: 760px)").matches ? 0.5 : 0.9);
    if (here && (box(here).top < 57 || box(here).bottom > floor)) show(here);
  };

  /* Opens a passage, the text staying where it is. */
  const open = (at) => htmx.ajax("GET", find("#text").dataset.address + "?at=" + at, {
    source: "#text", target: "#bench", swap: "outerHTML",
  });

  /* The text is one tab stop; arrows walk in it. Words of an address cannot be dragged across,
     and a drag that begins at the edge of what takes the focus is lost. */
  const makeTabStop = (stop) => {
    for (const sentence of findAll(SENTENCES)) {
      sentence.removeAttribute("href");
      sentence.role = "link";
      sentence.removeAttribute("tabindex");
    }
    if (stop) stop.tabIndex = 0;
  };
  const chooseTabStop = () => makeTabStop(find(HERE) || find(SENTENCES));

  const walk = (from, steps) => {
    const all = findAll(SENTENCES);
    const next = all[all.indexOf(from) + steps];
    if (next) makeTabStop(next);
    show(next);
    return focus(next);
  };

  const backToText = () => {
    const here = find(HERE) || find(SENTENCES);
    show(here);
    return focus(here);
  };

  const enter = (selector) => {
    focus(find(selector));
    find(selector)?.select();
  };

  const WAYS = { ArrowDown: 1, ArrowUp: -1 };
  const LETTERS = {
    n: () => press("#bench [rel=next]") || backToText(),
    p: () => press("#bench [rel=prev]"),
    s: () => enter("#f-actor"),
    t: () => enter(`${OPEN_STANCE} [data-holds$=topic]`),
    a: () => press("#another"),
    l: () => press("#collect"),
    w: () => press("#together"),
    g: () => find("#story")?.value === "" ? focus(find("#story")) : press("#tie"),
    c: () => press(`${OPEN_STANCE} .codebook-beside > summary`),
    d: () => press("#bench .bench-passage nav a:last-child"),
    x: () => press("#bench .bench-passage form button"),
    1: () => findAll(CANDIDATES)[0]?.click(),
    2: () => findAll(CANDIDATES)[1]?.click(),
    3: () => findAll(CANDIDATES)[2]?.click(),
  };

  /* With its topic the words of a stance come, and are what is chosen next: of which topic field. */
  let awaitsStance;

  /* What is typed once a stance is chosen. */
  const ownWords = (control) =>
    findAll("[id^=f-][id$=paraphrase]", control.closest(".stance-row"))[0];

  /* Who takes a stance with the mouse goes on to what is typed then, as Enter does. */
  let hasPointed;
  on("pointerdown", ({ pointerType }) => { hasPointed = pointerType === "mouse"; });
  on("keydown", () => { hasPointed = false; }, true);
  on("change", ({ target }) => {
    const isTaken = /stance$/.test(target.name) && target.value !== "no_position";
    if (!hasPointed || !isTaken || !find("#bench")) return;
    const words = ownWords(target);
    if (words && !words.value) setTimeout(() => focus(words));
  });

  const isTyping = (target) => target.matches("input:not([type=radio],[type=checkbox]),select,textarea");

  /* Tells whether the key was used. */
  const use = ({ key, shiftKey, ctrlKey, metaKey, target }) => {
    if (key === "Enter" && (ctrlKey || metaKey)) return press("#send");
    if (ctrlKey || metaKey) return false;
    if (key === "Escape" && target.closest("#now")) return backToText();
    if (key === "Enter" && /stance$/.test(target.name)) return focus(ownWords(target));
    if (target.matches(SENTENCES)) {
      if (key === "Enter") return !target.click();
      if (key === "ArrowDown" && shiftKey) return press("#longer");
      if (WAYS[key]) return walk(target, WAYS[key]);
    }
    /* Where no passage is open, the arrows lead into the text. */
    if (WAYS[key] && target === page.body && find(".bench-idle")) return backToText();
    if (isTyping(target) || page.documentElement.dataset.keys === "off" || !LETTERS[key]) return false;
    LETTERS[key]();
    return true;
  };

  on("keydown", (event) => {
    const isElsewhere = !find("#bench") || find("dialog[open]");
    if (event.altKey || event.defaultPrevented || isElsewhere || !use(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  /* That an entry is another than one that was told of is answered without another page, too. */
  const isAnother = (value) => {
    const answer = Object.assign(page.createElement("input"), { type: "hidden", name: "distinct", value });
    find("#rec").append(answer);
    find("#problems")?.remove();
    focus(find("#send"));
    answer.dispatchEvent(new Event("change", { bubbles: true }));
  };

  /* What a button would fill in comes without another page. */
  on("click", (event) => {
    const button = event.target.closest("#bench [name=use]");
    const [name, ...value] = button?.value.split("=") || [];
    if (name === "distinct" && find("#rec[hx-post]")) {
      event.preventDefault();
      isAnother(value.join("="));
    }
    const field = name && find(`#rec [name="${name}"]:not([type=radio],[type=hidden])`);
    if (!field || !event.detail && event.target.tabIndex < 0) return;
    event.preventDefault();
    field.value = value.join("=");
    if (field.type === "checkbox") field.checked = true;
    field.closest("details")?.setAttribute("open", "");
    field.dispatchEvent(new Event("change", { bubbles: true }));
    awaitsStance = button.matches(".bench-topic") && field;
  });

  /* The form moves to a new stance, and the text beside it stays where it is. */
  const enterRow = (line) => {
    if (!line) return;
    line.focus({ preventScroll: true });
    const pane = find(".bench-scroll");
    pane.scrollTop += line.getBoundingClientRect().top - pane.getBoundingClientRect().top - 8;
  };

  on("htmx:afterSettle", ({ target }) => {
    if (target.id === "preview" && awaitsStance) {
      focus(findAll(".scale input", awaitsStance.closest(".stance-row"))[0]);
      awaitsStance = false;
    }
    if (target.id !== "bench") return;
    chooseTabStop();
    /* What was done is said, and the letters work from there; the text stays where it was. */
    find(".bench-just")?.focus({ preventScroll: true });
    showPassage();
    enterRow(find(".stance-row [data-next]"));
  });
  on("pointerdown", () => makeTabStop());
  on("pointerup", chooseTabStop);
  if (find("#bench")) chooseTabStop();

  Object.assign(site, { open });
})();
