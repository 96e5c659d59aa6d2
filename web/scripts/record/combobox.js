/* Fields that offer what is on record (WAI-ARIA combobox): arrows choose, Enter takes, Escape
   closes. What is new is opened in a dialog, and the form stays as it is. */
(() => {
  const { page, on, find, findAll, show } = site;

  const FIELD = ".combobox [aria-controls]";
  const list = (field) => page.getElementById(field.getAttribute("aria-controls"));
  const fieldOf = ({ id }) => find(`[aria-controls="${id}"]`);
  const options = (field) => findAll("[role=option]:not([aria-disabled])", list(field));
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
    const likely = field.value && !first?.dataset.new ? first : undefined;
    mark(field, likely);
    if (likely && hurried === field) take(field, likely);
    hurried = 0;
  };

  /* Who pressed Enter before the answer came, or had settled, takes the first that it brings. */
  let hurried;

  const empty = (field) => { list(field).textContent = ""; };

  const close = (field) => {
    empty(field);
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
    htmx.ajax("GET", address, "#new-form").then(() => {
      find("#new").showModal();
      find("#new-form .input")?.focus();
    });
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
    if (key === "Enter" && found[at]) return take(field, found[at]);
    if (key === "Enter") {
      hurried = field.dataset.waiting && field;
      return true;
    }
    if (!found[0]) return false;
    if (key === "ArrowDown") return mark(field, found[(at + 1) % found.length]);
    if (key === "ArrowUp") return mark(field, found.at(Math.max(at, 0) - 1));
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
    if (option) take(fieldOf(option.parentElement), option);
  });

  /* What is typed into the field goes along, unless it is a name on record. */
  const named = (field) => {
    const known = find("#m-" + field.name + " .understood");
    const name = known?.textContent === field.value ? "" : field.value;
    return `/record/actor?name=${encodeURIComponent(name)}`;
  };
  on("click", (event) => {
    const link = event.target.closest("[data-introduces]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const field = page.getElementById(link.dataset.introduces);
    if (!field) return;
    event.preventDefault();
    openNew(field, /[?&]name=/.test(link.search) ? link.href : named(field));
  });

  on("input", ({ target }) => {
    if (!target.matches(FIELD)) return;
    close(target);
    target.dataset.waiting = "1";
  });

  on("focusin", ({ target }) => {
    /* Labels and messages lead to the select. */
    const { id } = target;
    find(`[data-holds="${id}"]`)?.focus();
    if (!target.matches(FIELD)) return;
    entered = target;
    if (!target.value) htmx.trigger(target, "look");
  });

  /* The first click into a field takes all that stands in it, as Tab does. */
  let entered;
  on("click", ({ target }) => {
    if (target === entered) target.select();
    entered = 0;
  });
  on("focusout", ({ target }) => {
    if (!target.matches(FIELD)) return;
    close(target);
    setTimeout(() => name(target));
  });

  /* The field says what its select holds, whoever chose that. */
  const name = (field) => {
    const held = holder(field);
    if (held === field || field === page.activeElement) return;
    field.value = held.value && held.selectedOptions[0].text;
  };
  const nameAll = () => {
    for (const field of findAll(FIELD)) {
      name(field);
      field.removeAttribute("list");
      field.role = "combobox";
      const held = holder(field);
      if (held === field) continue;
      held.tabIndex = -1;
      held.ariaHidden = true;
    }
  };
  on("change", ({ target }) => {
    if (target.matches("select")) nameAll();
  });

  /* An answer to what was typed before is none. */
  const answered = (field, { requestConfig }) => {
    const isLate = requestConfig.parameters[field.name] !== field.value;
    if (isLate || field !== page.activeElement) return isLate ? empty(field) : close(field);
    delete field.dataset.waiting;
    return settle(field);
  };

  on("htmx:afterSettle", ({ target, detail }) => {
    const field = target.matches(".suggestions") && fieldOf(target);
    if (field) answered(field, detail);
    else nameAll();
    const made = target.id === "new-form" && find("#new-form [data-made]");
    if (!made) return;
    find("#new").close();
    put(page.getElementById(asking), made.dataset.made, made.dataset.name);
    made.remove();
  });
  nameAll();
})();
