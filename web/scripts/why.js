/* Why somebody stands where they stand: below the lane, in place of a page of its own. */
(() => {
  const { page, on, find, focus, show } = site;

  const BELOW = "why-below";

  const close = (below) => {
    const block = below.closest(".lane-block");
    below.remove();
    focus(block.querySelector("a.why"));
  };

  const open = async (link) => {
    const answer = await fetch(link.href, {
      headers: { "HX-Request": "true", "HX-Target": BELOW },
    });
    if (!answer.ok) throw answer.status;
    const below = page.createElement("div");
    below.id = BELOW;
    below.tabIndex = -1;
    below.setAttribute("role", "region");
    below.setAttribute("aria-label", link.ariaLabel);
    below.innerHTML = await answer.text();
    find("#" + BELOW)?.remove();
    link.closest(".lane-block").append(below);
    focus(below);
    show(below);
  };

  on("click", (event) => {
    const { target } = event;
    const below = target.closest("#" + BELOW);
    if (below && target.closest("[data-close]")) return close(below);
    const link = target.closest("[data-lanes] a.why");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const opened = link.closest(".lane-block").querySelector("#" + BELOW);
    if (opened) close(opened);
    else open(link).catch(() => { location.href = link.href; });
  });
})();
