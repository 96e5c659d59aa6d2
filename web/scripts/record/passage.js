/* The form for a statement: the words that are coded are taken by dragging over them. */
(() => {
  const { page, on, find, findAll } = site;

  /* As in the record, an emoji is one character. */
  const length = (text) => [...text].length;

  const FILTER_REJECT = 2;
  const FILTER_ACCEPT = 1;
  /* Numbers of what is already coded stand in the text, and are none of it. */
  const SOURCE_TEXT = {
    acceptNode: (node) => (
      node.parentElement.closest(".sentence-number") ? FILTER_REJECT : FILTER_ACCEPT
    ),
  };

  /* The part of a sentence that a selection covers, without spaces around it: two offsets in the
     whole text, undefined where it covers nothing. */
  const coveredPart = (range, sentence) => {
    const walker = page.createTreeWalker(sentence, NodeFilter.SHOW_TEXT, SOURCE_TEXT);
    let at = parseInt(sentence.control.value);
    let from, to;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const begin = node === range.startContainer ? range.startOffset : 0;
      const end = node === range.endContainer ? range.endOffset : node.length;
      const words = node.data.slice(begin, end);
      if (range.intersectsNode(node) && words.trim()) {
        from ??= at + length(node.data.slice(0, end - words.trimStart().length));
        to = at + length(node.data.slice(0, begin + words.trimEnd().length));
      }
      at += length(node.data);
    }
    return [from, to];
  };

  const takeSelection = () => {
    const selection = getSelection();
    const exact = find("#exact");
    if (selection.isCollapsed || !find("#art-t")?.contains(selection.anchorNode)) return;
    const range = selection.getRangeAt(0);
    const sentences = findAll("#art-t .sentence");
    const covered = sentences
      .map((sentence) => coveredPart(range, sentence))
      .filter(([from]) => from !== undefined);
    if (!covered[0]) return;
    const value = covered[0][0] + "-" + covered.at(-1)[1];
    const whole = sentences.find((sentence) => sentence.control.value === value);
    const radio = whole?.control || exact;
    if (radio.checked && radio.value === value) return;
    radio.disabled = false;
    radio.value = value;
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  };

  /* No event ends a selection: it has ended when it has rested, or when the pointer is let go. */
  let pointerIsDown, timer;
  const takeSoon = (wait) => {
    clearTimeout(timer);
    if (!pointerIsDown) timer = setTimeout(takeSelection, wait);
  };
  on("selectionchange", () => takeSoon(400));
  on("pointerdown", () => { pointerIsDown = true; });
  for (const name of ["pointerup", "pointercancel"]) {
    on(name, () => {
      pointerIsDown = false;
      takeSoon(0);
    });
  }

  /* The click that ends a drag takes no sentence; that of arrow keys does. */
  on("click", (event) => {
    const near = event.target.closest(".sentence");
    if (event.detail && near && !getSelection().isCollapsed) event.preventDefault();
  }, true);
})();
