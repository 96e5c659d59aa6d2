/* What the other scripts stand on. Every page works without any of them. */
(() => {
  const page = document;
  const on = page.addEventListener.bind(page);
  const find = page.querySelector.bind(page);
  const findAll = (selector, within = page) => [...within.querySelectorAll(selector)];

  const box = (element) => element.getBoundingClientRect();

  /* What stands fixed above and below a page that scrolls. */
  const FIXED = 288;
  /* What is higher than the room is read from its beginning. */
  const show = (element) => element?.scrollIntoView({
    block: box(element).height > innerHeight - FIXED ? "start" : "nearest",
  });

  /* A key counts as used, even where there was nothing to go to. */
  const focus = (element) => {
    element?.focus();
    return true;
  };

  const press = (selector) => {
    const element = find(selector);
    element?.click();
    return element;
  };

  /* For screen readers, and for everybody who looks at the button that was pressed. */
  const say = (text) => { find("#live").textContent = text; };

  window.site = { page, on, find, findAll, box, show, focus, press, say };
})();
