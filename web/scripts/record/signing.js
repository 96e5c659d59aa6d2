/* Changes to sign: what a key opened is typed into at once; Enter signs, Escape closes it. */
(() => {
  const { on, find, findAll, focus, show } = site;

  const ACT = ".change-act";

  /* At once: what is typed next belongs into the field, and is no key. */
  on("click", (event) => {
    const act = event.target.closest(`${ACT} > summary`)?.parentElement;
    if (!act || act.open) return;
    event.preventDefault();
    findAll(`${ACT}[open]`).forEach((one) => { one.open = false; });
    act.open = true;
    findAll("textarea,button", act)[0].focus({ preventScroll: true });
    show(act);
  });

  on("keydown", (event) => {
    const act = event.target.closest(ACT);
    const isSigned = event.key === "Enter" && event.target.matches("textarea") && !event.shiftKey;
    if (!act || event.isComposing) return;
    if (isSigned) event.target.form.requestSubmit();
    else if (event.key === "Escape") {
      act.open = false;
      focus(findAll("summary", act)[0]);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  /* The next change is where the one before it was. */
  on("htmx:afterSettle", ({ target }) => {
    if (target.id !== "view" || !find(".changes-bar") || find("#problems")) return;
    find(".change")?.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  });
})();
