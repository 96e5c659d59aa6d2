/* On a narrow screen the ways of recording scroll sideways: the one that is open comes into view. */
(() => {
  const { find, box } = site;

  const here = find(".record-head .segmented [aria-current]");
  const row = here?.parentElement;
  const hidden = row ? box(here).right - box(row).right : 0;
  /* A box scrolls by whole pixels, and cuts off what is less than one. */
  if (hidden > 0) row.scrollLeft += Math.ceil(hidden);
})();
