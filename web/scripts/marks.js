/* Marks of the chart are one tab stop; arrows walk from mark to mark, along a lane and across. */
(() => {
  const { page, on, find, findAll, box, focus } = site;

  const MARKS = "[data-lanes] svg a";
  const OPEN_MARK = MARKS + "[aria-current]";
  const left = (mark) => box(mark).left;

  const makeTabStop = (stop) => {
    for (const mark of findAll(MARKS)) mark.tabIndex = mark === stop ? 0 : -1;
  };
  const chooseTabStop = () => {
    makeTabStop(find(MARKS + "[tabindex='0']") || find(OPEN_MARK) || find(MARKS));
  };

  const neighbour = (from, stepsAlong, lanesDown) => {
    const lanes = findAll("[data-lanes] svg")
      .map((svg) => findAll("a", svg))
      .filter((marks) => marks[0]);
    const at = lanes.findIndex((marks) => marks.includes(from));
    if (stepsAlong) return lanes[at][lanes[at].indexOf(from) + stepsAlong];
    const distance = (mark) => Math.abs(left(mark) - left(from));
    return lanes[at + lanesDown]?.reduce((a, b) => (distance(a) <= distance(b) ? a : b));
  };

  /* From wherever the focus is: the first change forward, the last one backward. */
  const goToChange = (step) => {
    const changes = findAll(MARKS + ".changed").sort((a, b) => left(a) - left(b));
    const at = changes.indexOf(page.activeElement);
    return focus(changes.at(at < 0 ? (step - 1) / 2 : (at + step) % changes.length));
  };

  on("focusin", ({ target }) => {
    if (target.matches(MARKS)) makeTabStop(target);
  });
  on("htmx:afterSettle", chooseTabStop);
  chooseTabStop();

  Object.assign(site, { MARKS, OPEN_MARK, neighbour, goToChange });
})();
