/* Forms beside a preview: what is to be mended stops their button, which leads there instead. */
(() => {
  const { on, find, findAll } = site;

  const firstToMend = () => find("#todo a");
  const block = (whether) => {
    const send = find("#send");
    if (send) send.ariaDisabled = !!whether;
  };

  on("click", (event) => {
    const { target } = event;
    const stopped = target.id === "send" && target.ariaDisabled === "true" && firstToMend();
    if (!stopped) return;
    event.preventDefault();
    event.stopPropagation();
    const field = find(stopped.hash);
    (field.matches(".input") ? field : field.querySelector("input") || field).focus();
  }, true);
  on("input", () => block(false));

  /* Whoever is for it on a condition alone is asked for that condition. */
  on("change", ({ target }) => {
    const row = target.value === "conditional" && target.closest(".stance-row");
    if (row) row.querySelector(".qualifiers").open = true;
  });

  /* What the answer says of a field holds of its control. */
  const settle = () => {
    block(firstToMend());
    for (const field of findAll(".input[aria-describedby]")) {
      const [described] = field.getAttribute("aria-describedby").split(" ");
      field.ariaInvalid = find("#" + described + " .error") ? "true" : null;
    }
  };
  on("htmx:afterSettle", ({ target }) => {
    if (/^(preview|bench)$/.test(target.id)) settle();
  });
  settle();
})();
