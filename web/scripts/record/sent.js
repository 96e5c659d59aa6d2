/* Opening a text: the bookmark that sends a page here is made, and what one has sent is taken in. */
(() => {
  const { on, find } = site;

  const makeBookmark = () => {
    const bookmark = find("#bookmark");
    if (!bookmark) return;
    const { program, desk } = bookmark.dataset;
    bookmark.href = "javascript:" + encodeURIComponent("(" + program + ")(" + JSON.stringify(desk) + ")");
    find("#from-page").hidden = false;
  };
  on("htmx:afterSettle", makeBookmark);
  makeBookmark();

  const [, sent] = location.hash.split("#text=");
  const text = find("#f-text");
  if (sent && text && !text.value) {
    text.value = decodeURIComponent(sent);
    history.replaceState(history.state, "", location.pathname + location.search);
  }
})();
