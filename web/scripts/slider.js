/* The slider of the replay follows the hand, though each step brings a new slider. */
(() => {
  const { on, find, box } = site;

  const SLIDER = ".slider";
  let held, wanted;

  const move = (to) => {
    const slider = find(SLIDER);
    if (find(".htmx-settling " + SLIDER)) {
      wanted = to;
    } else if (slider) {
      slider.name = to.name;
      slider.value = to.value;
      htmx.trigger(slider, "input");
    }
  };

  on("input", ({ target }) => {
    if (target.matches(SLIDER)) wanted = target;
  });
  on("htmx:beforeRequest", () => { wanted = 0; });
  on("htmx:afterSettle", () => {
    if (wanted) move(wanted);
  });

  on("pointerdown", ({ target }) => {
    held = target.matches(SLIDER) && target;
    if (held) held.name = "spot";
  });
  on("pointermove", ({ clientX, buttons }) => {
    const slider = held && buttons && find(SLIDER);
    if (!slider || slider === held) return;
    /* The thumb is as wide as the slider is high. */
    const { left, width, height } = box(slider);
    const part = (clientX - left - height / 2) / (width - height);
    move({ name: held.name, value: +slider.min + part * (slider.max - slider.min) });
  });

  Object.assign(site, { SLIDER });
})();
