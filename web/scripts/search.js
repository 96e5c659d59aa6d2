/* The search of the masthead: arrows choose among what was found, Enter opens it. */
(() => {
  const { on, find, findAll, show } = site;

  const field = find("#q");
  const options = () => findAll("#hits [role=option]");

  const reset = () => {
    field.ariaExpanded = !!options()[0];
    field.setAttribute("aria-activedescendant", "");
  };

  const choose = (chosen) => {
    for (const option of options()) option.ariaSelected = option === chosen;
    field.setAttribute("aria-activedescendant", chosen.id);
    show(chosen);
    return true;
  };

  /* Tells whether the key was used. */
  const use = (key) => {
    const found = options();
    const at = found.findIndex((option) => option.ariaSelected === "true");
    if (key === "Escape") {
      find("#hits").textContent = "";
      reset();
      return found.length;
    }
    if (key === "Enter" && found[at]) {
      found[at].click();
      return true;
    }
    if (!found.length) return false;
    if (key === "ArrowDown") return choose(found[(at + 1) % found.length]);
    if (key === "ArrowUp") return choose(found.at(Math.max(at, 0) - 1));
    return false;
  };

  on("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === field && use(event.key)) event.preventDefault();
  });
  on("htmx:afterSettle", ({ target }) => {
    if (target.id === "hits") reset();
  });
})();
