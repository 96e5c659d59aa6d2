/* The slider of the replay follows the hand, though each step brings a new slider. */
(() => {
  const { on, find, box } = site;

  const SLIDER = ".slider";
  let held, wanted;

  const move = (to) => {
    const slider = find(SLIDER);
    if (slider) {
      slider.value = to;
      htmx.trigger(slider, "input");
    }
  };

  on("input", ({ target }) => {
    if (target.matches(SLIDER)) wanted = target.value;
  });
  on("htmx:beforeRequest", () => { wanted = null; });
  on("htmx:afterSettle", () => {
    if (wanted != null) move(wanted);
  });

  on("pointerdown", ({ target }) => { held = target.matches(SLIDER) && target; });
  on("pointermove", ({ clientX, buttons }) => {
    const slider = held && buttons && find(SLIDER);
    if (!slider || slider === held) return;
    /* The thumb is as wide as the slider is high. */
    const { left, width, height } = box(slider);
    const part = (clientX - left - height / 2) / (width - height);
    move(+slider.min + part * (slider.max - slider.min));
  });

  Object.assign(site, { SLIDER });
})();
