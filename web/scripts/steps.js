/* Steps of the replay queue while one is under way. */
(() => {
  const { on, find } = site;

  const ahead = [];

  const step = (way) => {
    const link = find(`[data-go=${way}]`);
    if (find("[aria-busy]")) ahead.push(way);
    else link?.click();
    return link;
  };

  on("htmx:afterOnLoad", () => {
    if (ahead[0]) step(ahead.shift());
  });
  for (const name of ["responseError", "sendError", "timeout"]) {
    on("htmx:" + name, () => { ahead.length = 0; });
  }

  Object.assign(site, { step });
})();
