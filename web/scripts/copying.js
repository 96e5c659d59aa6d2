/* Buttons with data-copy copy what they name. */
(() => {
  const { page, on, find, say } = site;

  const copy = (text, button) => navigator.clipboard.writeText(text).then(() => {
    const { copied } = page.documentElement.dataset;
    say(copied);
    if (button) button.textContent = copied;
  });

  on("click", ({ target }) => {
    const button = target.closest("[data-copy]");
    const source = button?.dataset.copy && find(button.dataset.copy);
    if (source) copy(source.value || source.textContent, button);
  }, true);

  Object.assign(site, { copy });
})();
