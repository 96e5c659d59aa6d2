/* Fields that offer what is on record (WAI-ARIA combobox): arrows choose, Enter takes, Escape
   closes. What is new is opened in a dialog, and the form stays as it is. */
(() => {
  const { page, on, find, findAll, show } = site;

  const FIELD = ".combobox [role=combobox]";
  const list = (field) => page.getElementById(field.getAttribute("aria-controls"));
  const options = (field) => findAll("[role=option]", list(field));
  const marked = (field) => options(field).find((option) => option.ariaSelected === "true");
  /* A choice lies in the field itself, or in the select that it stands for. */
  const holder = (field) => find("#" + field.dataset.holds) || field;

  const mark = (field, option) => {
    for (const each of options(field)) each.ariaSelected = each === option;
    field.setAttribute("aria-activedescendant", option?.id || "");
    show(option);
    return true;
  };

  const settle = (field) => {
    const [first] = options(field);
    field.ariaExpanded = !!first;
    mark(field, field.value && !first?.dataset.new ? first : undefined);
  };

  const close = (field) => {
    list(field).textContent = "";
    settle(field);
  };

  const put = (field, value, name) => {
    const held = holder(field);
    if (held !== field && ![...held.options].some((one) => one.value === value)) {
      held.add(new Option(name, value));
    }
    held.value = value;
    if (held !== field) field.value = name;
    close(field);
    field.focus();
    held.dispatchEvent(new Event("change", { bubbles: true }));
  };

  let asking;
  const openNew = (field, address) => {
    asking = field.id;
    close(field);
    htmx.ajax("GET", address, "#new-form").then(() => find("#new").showModal());
  };

  const take = (field, option) => {
    const { dataset } = option;
    if (dataset.new) openNew(field, dataset.new);
    else put(field, dataset.value, dataset.name);
    return true;
  };

  /* Tells whether the key was used. */
  const use = (field, key) => {
    const found = options(field);
    const at = found.indexOf(marked(field));
    if (key === "ArrowDown" && !found[0]) return htmx.trigger(field, "look") || true;
    if (!found[0]) return key === "Enter";
    if (key === "ArrowDown") return mark(field, found[(at + 1) % found.length]);
    if (key === "ArrowUp") return mark(field, found.at(Math.max(at, 0) - 1));
    if (key === "Enter") return found[at] ? take(field, found[at]) : true;
    if (key === "Escape") return !close(field);
    return false;
  };

  on("keydown", (event) => {
    const { target, key, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey || !target.matches(FIELD) || !use(target, key)) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  on("mousedown", (event) => {
    if (event.target.closest(".suggestions")) event.preventDefault();
  });
  on("click", ({ target }) => {
    const option = target.closest(".suggestions [role=option]");
    if (option) take(find(`[aria-controls="${option.parentElement.id}"]`), option);
  });

  on("focusin", ({ target }) => {
    /* Labels and messages lead to the select. */
    find(`[data-holds="${target.id}"]`)?.focus();
    if (target.matches(FIELD) && !target.value) htmx.trigger(target, "look");
  });
  on("focusout", ({ target }) => {
    if (!target.matches(FIELD)) return;
    close(target);
    name(target);
  });

  /* The field says what its select holds, whoever chose that. */
  const name = (field) => {
    const held = holder(field);
    if (held !== field) field.value = held.value && held.selectedOptions[0].text;
  };
  const nameAll = () => {
    for (const field of findAll(FIELD)) {
      name(field);
      const held = holder(field);
      if (held === field) continue;
      held.tabIndex = -1;
      held.ariaHidden = true;
    }
  };
  on("change", ({ target }) => {
    if (target.matches("select")) nameAll();
  });

  on("htmx:afterSettle", ({ target }) => {
    const field = target.matches(".suggestions") && find(`[aria-controls="${target.id}"]`);
    if (!field) nameAll();
    else if (field === page.activeElement) settle(field);
    else close(field);
    const made = target.id === "new-form" && find("#new-form [data-made]");
    if (!made) return;
    find("#new").close();
    put(page.getElementById(asking), made.dataset.made, made.dataset.name);
    made.remove();
  });
  nameAll();
})();
