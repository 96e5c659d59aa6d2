/* The form for a statement: words by dragging, and a way to what is to mend. */
(() => {
  const { page, on, $, all } = site;

  /* As in the record, an emoji is one. */
  const length = (text) => [...text].length;
  const OURS = { acceptNode: (it) => (it.parentElement.closest(".h-n") ? 2 : 1) };
  const within = (range, sentence) => {
    const walk = page.createTreeWalker(sentence, NodeFilter.SHOW_TEXT, OURS);
    let at = parseInt(sentence.control.value), from, to;
    for (let it = walk.nextNode(); it; it = walk.nextNode()) {
      const begin = it === range.startContainer ? range.startOffset : 0;
      const end = it === range.endContainer ? range.endOffset : it.length;
      const words = it.data.slice(begin, end);
      if (range.intersectsNode(it) && words.trim()) {
        from ??= at + length(it.data.slice(0, end - words.trimStart().length));
        to = at + length(it.data.slice(0, begin + words.trimEnd().length));
      }
      at += length(it.data);
    }
    return [from, to];
  };

  const take = () => {
    const selection = getSelection(), exact = $("#exact");
    if (selection.isCollapsed || !$("#art-t")?.contains(selection.anchorNode)) return;
    const range = selection.getRangeAt(0), sentences = all("#art-t .h-s");
    const touched = sentences.map((it) => within(range, it)).filter(([from]) => from !== undefined);
    if (!touched[0]) return;
    const value = touched[0][0] + "-" + touched.at(-1)[1];
    const radio = sentences.find((it) => it.control.value === value)?.control || exact;
    if (radio.checked && radio.value === value) return;
    radio.disabled = false;
    radio.value = value;
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  };

  /* No event ends a selection. */
  let down, timer;
  const soon = (wait) => {
    clearTimeout(timer);
    if (!down) timer = setTimeout(take, wait);
  };
  on("selectionchange", () => soon(400));
  on("pointerdown", () => { down = true; });
  for (const name of ["pointerup", "pointercancel"]) on(name, () => { down = false; soon(0); });

  const send = $("#send"), first = () => $("#todo a");
  const block = (it) => { send.ariaDisabled = !!it; };
  on("click", (e) => {
    /* The click that ends a drag takes no sentence, that of arrow keys does. */
    const drag = e.detail && e.target.closest(".h-s") && !getSelection().isCollapsed;
    const stop = e.target === send && send.ariaDisabled === "true" && first();
    if (drag || stop) e.preventDefault();
    if (!stop) return;
    const it = $(stop.hash);
    (it.matches(".inp") ? it : it.querySelector("input") || it).focus();
  }, true);
  on("input", () => block());

  /* What the answer says of a field holds of its control. */
  const settle = () => {
    block(first());
    for (const it of all(".inp[aria-describedby]")) {
      const wrong = $("#" + it.getAttribute("aria-describedby").split(" ")[0] + " .err");
      it.ariaInvalid = wrong ? "true" : null;
    }
  };
  on("htmx:afterSettle", ({ target: { id } }) => id === "preview" && settle());
  settle();
})();
