/* Controls that name a key of their own (aria-keyshortcuts): it presses, opens or enters them. */
(() => {
  const { page, on, find, findAll, focus, press, show } = site;

  const FIELDS = "textarea,input:not([type=radio],[type=checkbox])";
  /* Longer than a key that was meant for the statement before takes to bounce. */
  const PAUSE = 250;
  let shownAt = 0;

  const isTyping = (target) => target.matches(FIELDS + ",select") || target.isContentEditable;
  /* What is folded away has no key. */
  const keyed = (key) => findAll("[aria-keyshortcuts]").find((one) => (
    one.getAttribute("aria-keyshortcuts") === key && one.checkVisibility()
  ));

  /* Where keys are a whole answer, the form goes off with the last of them. */
  const choose = (choice) => {
    const form = choice.closest("[data-at-once]");
    if (form && (form.matches(".htmx-request") || performance.now() - shownAt < PAUSE)) return;
    choice.click();
    focus(form ? choice : find("#send"));
    if (form?.checkValidity()) form.requestSubmit();
  };

  const use = (control) => {
    if (control.matches("[type=radio]")) choose(control);
    else if (control.matches(FIELDS) || control.dataset.careful !== undefined) focus(control);
    else control.click();
    show(control);
  };

  /* Of a list the links are walked along; Enter is theirs already. */
  const WAYS = { j: 1, k: -1 };
  const walk = (steps) => {
    const all = findAll("[data-walk] > li > a");
    const next = all[Math.min(Math.max(all.indexOf(page.activeElement) + steps, 0), all.length - 1)];
    show(next);
    return next && focus(next);
  };

  /* Tells whether the key was used. */
  const take = ({ key, target, ctrlKey, metaKey, repeat }) => {
    const field = isTyping(target) && target.closest("[aria-keyshortcuts]");
    if (field && key === "Enter" && (ctrlKey || metaKey)) return press("#send");
    if (field && key === "Escape") return focus(find("#said"));
    if (ctrlKey || metaKey || isTyping(target) || page.documentElement.dataset.keys === "off") return false;
    const control = keyed(key);
    if (control && !repeat) use(control);
    return control || WAYS[key] && walk(WAYS[key]);
  };

  on("keydown", (event) => {
    if (event.altKey || event.defaultPrevented || find("dialog[open]") || !take(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  /* Words that are selected in a text go into the field that it fills. */
  on("pointerup", () => {
    const words = getSelection().toString().trim();
    const text = getSelection().anchorNode?.parentElement?.closest("[data-fills]");
    if (words && text?.textContent.includes(words)) find(text.dataset.fills).value = words;
  });

  /* A reason for none says that there is none. */
  on("change", ({ target }) => {
    const none = target.matches(".scale-reasons [type=radio]") && find("#st-none");
    if (none) none.checked = true;
  });

  on("htmx:afterSettle", ({ target }) => {
    const said = target.id === "view" && find("#said");
    if (!said) return;
    shownAt = performance.now();
    if (!find("#problems")) said.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  });
})();
