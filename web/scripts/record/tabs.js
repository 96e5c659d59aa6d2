/* On a narrow screen the ways of recording scroll sideways: the one that is open comes into view. */
(() => {
  const { find, box } = site;

  const here = find(".record-head .segmented [aria-current]");
  const row = here?.parentElement;
  if (row && box(here).right > box(row).right) row.scrollLeft += box(here).right - box(row).right;
})();
