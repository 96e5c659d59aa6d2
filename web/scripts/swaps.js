/* When htmx puts a new part into the page, the reader's place and focus stay where they were. */
(() => {
  const { page, on, find, findAll, box, show, focus, say, MARKS, OPEN_MARK } = site;

  let topBefore, openMenu, openFolds, focusBefore, laneBefore, markTaken, markToReturnTo;

  const chartTop = () => {
    const chart = find("[data-lanes]") || find("#chart");
    return chart && box(chart).top;
  };

  const HEADS = 100;
  const isInView = (lane) => {
    const { top, bottom } = box(lane);
    return top > HEADS && bottom < Math.min(innerHeight, box(find("#replay")).top);
  };

  on("click", (event) => {
    const near = (selector) => event.target.closest(selector);
    markTaken = near(MARKS)?.id || markTaken;
    /* One statement may have marks in several lanes. */
    const open = () => find(`#${markTaken}[aria-current]`) || find(OPEN_MARK);
    markToReturnTo = near("[data-close]") && open()?.id;
    /* A click that asks for a new tab is the browser's. */
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    if (elsewhere && near("a[hx-get]")) event.stopImmediatePropagation();
  }, true);

  on("focusin", ({ target }) => {
    if (target.matches(":is(.scroll,.filters) :focus-visible")) show(target);
  });

  on("htmx:beforeSwap", () => {
    topBefore = chartTop();
    openMenu = find(".filters .menu[open]") || 0;
    openFolds = findAll("[data-stays][open]");
    focusBefore = page.activeElement;
    laneBefore = focusBefore.closest(".lane-block[id]");
  });

  on("htmx:afterSwap", () => {
    if (topBefore) {
      scrollBy(0, chartTop() - topBefore);
      /* Where the page is too short to scroll that far, what stands above the chart gives way. */
      if (find(".replaying")) {
        find(".spectrum").style.paddingBottom = Math.max(topBefore - chartTop(), 0) + "px";
      }
    }
    for (const { id } of [openMenu, ...openFolds]) {
      const fold = id && find("#" + id);
      if (fold) fold.open = true;
    }
    /* What had the focus cannot have it while it is folded. */
    if (focusBefore.closest("details[open]")) page.getElementById(focusBefore.id)?.focus();
    topBefore = openMenu = 0;
  });

  on("htmx:afterSettle", ({ target }) => {
    const proof = find("#proof");
    const spoken = find("[data-say]");
    if (markToReturnTo) focus(find("#" + markToReturnTo));
    /* A mark that is larger when it is selected may be one with its neighbour. */
    else if (page.activeElement === page.body) {
      const mark = laneBefore && find("#" + laneBefore.id + " svg a[aria-current]");
      focus(mark || proof);
    }
    if (target.id === "chart") show(proof);
    /* Of the lanes that a step of the replay moved, at least one is in view. */
    const moved = findAll(".replaying ~ * [data-moved]");
    if (!moved.some(isInView)) show(moved[0]);
    if (spoken && target.id === "view") say(spoken.dataset.say);
    markToReturnTo = 0;
  });

  /* What was typed and is no day is told beside its field, and in no address that is shared. */
  const stays = find("[data-address]");
  if (stays) history.replaceState(history.state, "", stays.dataset.address);

  show(find("#proof"));
  /* A font that comes late moves what stands above. */
  const shown = scrollY;
  page.fonts.ready.then(() => scrollY === shown && show(find("#proof")));
})();
