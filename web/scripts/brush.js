/* The brush over the overview: its two ends are sliders; between them and beside them one drags. */
(() => {
  const { on, box } = site;

  const BRUSH = "[data-brush]";
  let drag;

  const ends = (brush) => [...brush.querySelectorAll("[type=range]")];
  const most = (brush) => +ends(brush)[0].max;
  const values = (brush) => ends(brush).map((end) => +end.value).sort((a, b) => a - b);

  const paint = (brush) => {
    const [left, right] = values(brush);
    const frame = brush.querySelector(".overview-frame");
    frame.setAttribute("x", (left / most(brush)) * 100 + "%");
    frame.setAttribute("width", ((right - left) / most(brush)) * 100 + "%");
  };
  const place = (brush, x) => {
    const { left, width } = box(brush.querySelector(".overview-drawing"));
    return Math.round(((x - left) / width) * most(brush));
  };
  const choose = (brush, left, right) => {
    const [from, to] = ends(brush);
    from.value = left;
    to.value = right;
    paint(brush);
  };

  on("input", ({ target }) => {
    const brush = target.closest(BRUSH);
    if (brush) paint(brush);
  });
  on("pointerdown", (event) => {
    const { target, clientX } = event;
    const brush = target.closest(".overview-track")?.closest(BRUSH);
    if (!brush || target.closest("a,input")) return;
    const at = place(brush, clientX);
    const [left, right] = values(brush);
    drag = { brush, at, held: at > left && at < right && [left, right] };
    event.preventDefault();
  });
  on("pointermove", ({ clientX }) => {
    if (!drag) return;
    const { brush, at, held } = drag;
    const now = place(brush, clientX);
    drag.moved = now !== at;
    if (held) {
      const by = Math.min(Math.max(now - at, -held[0]), most(brush) - held[1]);
      choose(brush, held[0] + by, held[1] + by);
    } else {
      choose(brush, Math.min(at, now), Math.max(at, now));
    }
  });
  on("pointerup", () => {
    if (drag?.moved) htmx.trigger(drag.brush, "change");
    drag = 0;
  });
})();
