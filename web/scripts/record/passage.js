/* The workbench: the words that are coded are taken by dragging over them. */
(() => {
  const { page, on, find, findAll, open } = site;

  /* As in the record, an emoji is one character. */
  const length = (text) => [...text].length;

  /* The part of a sentence that a selection covers, without spaces around it: two offsets in the
     whole text, undefined where it covers nothing. */
  const coveredPart = (range, sentence) => {
    const walker = page.createTreeWalker(sentence, NodeFilter.SHOW_TEXT);
    let at = parseInt(sentence.dataset.at);
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
    if (selection.isCollapsed || !find("#text")?.contains(selection.anchorNode)) return;
    const range = selection.getRangeAt(0);
    const covered = findAll(".sentence")
      .map((sentence) => coveredPart(range, sentence))
      .filter(([from]) => from !== undefined);
    if (!covered[0]) return;
    selection.removeAllRanges();
    open(covered[0][0] + "-" + covered.at(-1)[1]);
  };

  /* No event ends a selection: it has ended when it has rested, or when the pointer is let go. */
  let pointerIsDown, timer;
  const takeSoon = (wait) => {
    clearTimeout(timer);
    if (!pointerIsDown) timer = setTimeout(takeSelection, wait);
  };
  on("selectionchange", () => takeSoon(700));
  on("pointerdown", () => { pointerIsDown = true; });
  for (const name of ["pointerup", "pointercancel"]) {
    on(name, () => {
      pointerIsDown = false;
      takeSoon(0);
    });
  }

  /* The click that ends a drag opens no sentence; that of a key does. */
  on("click", (event) => {
    const near = event.target.closest(".sentence");
    if (!event.detail || !near || getSelection().isCollapsed) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
})();
