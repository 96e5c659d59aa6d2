/* On paper nobody can ask for the next entries: a topic that is printed has them all. Of very many
   it has the first, and the way to the table of all, which is printed in their place. A story that
   is told in short is printed day by day. */
(() => {
  const { find } = site;

  const MOST_PARTS = 5;

  const fetched = (link) => {
    const request = new XMLHttpRequest();
    /* What comes after this event is not printed: it has to be waited for. */
    request.open("GET", link.href, false);
    request.setRequestHeader("HX-Request", "true");
    request.send();
    if (request.status !== 200) throw request.status;
    return request.responseText;
  };

  const nextPart = (more) => {
    more.closest("p").outerHTML = fetched(more);
  };

  const unfold = (all) => {
    const whole = new DOMParser().parseFromString(fetched(all), "text/html");
    find("#months").replaceWith(whole.querySelector("#months"));
    all.remove();
  };

  addEventListener("beforeprint", () => {
    const folded = find(".story-all");
    if (folded) unfold(folded);
    if (find(".chart-table table")) return;
    for (let part = 0; part < MOST_PARTS; part++) {
      const more = find("#days .more .button");
      if (!more) break;
      nextPart(more);
    }
    if (find("#days")) htmx.process(find("#days"));
  });
})();
