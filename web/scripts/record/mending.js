/* The form for a statement: what is to be mended stops its button, which leads there instead. */
(() => {
  const { on, find, findAll } = site;

  const send = find("#send");
  const firstToMend = () => find("#todo a");
  const block = (whether) => { send.ariaDisabled = !!whether; };

  on("click", (event) => {
    const stopped = event.target === send && send.ariaDisabled === "true" && firstToMend();
    if (!stopped) return;
    event.preventDefault();
    const field = find(stopped.hash);
    (field.matches(".input") ? field : field.querySelector("input") || field).focus();
  }, true);
  on("input", () => block(false));

  /* What the answer says of a field holds of its control. */
  const settle = () => {
    block(firstToMend());
    for (const field of findAll(".input[aria-describedby]")) {
      const [described] = field.getAttribute("aria-describedby").split(" ");
      field.ariaInvalid = find("#" + described + " .error") ? "true" : null;
    }
  };
  on("htmx:afterSettle", ({ target }) => {
    if (target.id === "preview") settle();
  });
  settle();
})();
