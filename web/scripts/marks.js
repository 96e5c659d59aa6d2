/* Marks of the chart are one tab stop; arrows walk from mark to mark, along a lane and across.
   An axis is one tab stop, too. */
(() => {
  const { page, on, find, findAll, box, focus } = site;

  const PLOTS = "[data-lanes] svg:not([data-stop])";
  const MARKS = PLOTS + " a";
  const DATES = "[data-stop] a";
  const OPEN_MARK = MARKS + "[aria-current]";
  const left = (mark) => box(mark).left;

  const makeTabStop = (stop) => {
    for (const mark of findAll(MARKS)) mark.tabIndex = mark === stop ? 0 : -1;
  };
  const chooseTabStop = () => {
    makeTabStop(find(MARKS + "[tabindex='0']") || find(OPEN_MARK) || find(MARKS));
  };

  /* Within an axis the dates that a plot has no room for are passed over. */
  const shownDates = (axis) => findAll("a", axis).filter((date) => box(date).width);
  const nextDate = (from, steps) => {
    const dates = shownDates(from.closest("[data-stop]"));
    return dates[dates.indexOf(from) + steps];
  };
  const makeDateStop = (stop) => {
    for (const date of findAll("a", stop.closest("[data-stop]"))) {
      date.tabIndex = date === stop ? 0 : -1;
    }
  };

  const neighbour = (from, stepsAlong, lanesDown) => {
    const lanes = findAll(PLOTS)
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
    if (target.matches(DATES)) makeDateStop(target);
  });
  const chooseStops = () => {
    chooseTabStop();
    for (const axis of findAll("[data-stop]")) {
      const first = shownDates(axis)[0];
      if (first) makeDateStop(first);
    }
  };
  on("htmx:afterSettle", chooseStops);
  chooseStops();

  Object.assign(site, { MARKS, OPEN_MARK, DATES, neighbour, nextDate, goToChange });
})();
