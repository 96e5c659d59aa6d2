/* The words of a mark beside it, while the pointer or the focus is on it. */
(() => {
  const { on, find, box } = site;

  const WIDTH = 340;
  const PATIENCE = 250;
  let waiting;
  let over;

  const hide = () => {
    clearTimeout(waiting);
    over = null;
    const card = find("#card");
    if (card) card.hidden = true;
  };

  /* As known at an earlier moment a statement may have had other words: its proof shows them. */
  const asked = (mark) => {
    const { search } = location;
    const number = /-(\d+)$/.exec(mark.id)?.[1];
    const lang = new URLSearchParams(search).get("lang");
    if (!number || /[?&]known_at=/.test(search)) return "";
    return `/s/${number}${lang ? `?lang=${lang}` : ""}`;
  };

  /* The name of a mark goes where no browser shows it a second time. */
  const keepName = (mark) => {
    const name = mark.querySelector("title");
    if (!name) return;
    mark.setAttribute("aria-label", name.textContent);
    name.remove();
  };

  const open = async (mark) => {
    const answer = await fetch(asked(mark), {
      headers: { "HX-Request": "true", "HX-Target": "card" },
    });
    const card = find("#card");
    if (!answer.ok || over !== mark || !card) return;
    card.innerHTML = await answer.text();
    card.hidden = false;
    const at = box(mark);
    const around = box(card.offsetParent || document.body);
    const left = Math.max(8, Math.min(at.left, innerWidth - WIDTH - 16));
    card.style.left = left - around.left + "px";
    card.style.top = at.bottom - around.top + 6 + "px";
  };

  const begin = ({ target }) => {
    const mark = target.closest?.("[data-lanes] a.point[hx-get]");
    if (!mark || mark === over) return;
    hide();
    if (!asked(mark)) return;
    over = mark;
    keepName(mark);
    waiting = setTimeout(() => open(mark).catch(hide), PATIENCE);
  };

  const end = ({ target, relatedTarget }) => {
    const mark = target.closest?.("[data-lanes] a.point[hx-get]");
    if (mark && !mark.contains(relatedTarget)) hide();
  };

  on("mouseover", begin);
  on("focusin", begin);
  on("mouseout", end);
  on("focusout", end);
  on("click", hide);
  on("keydown", ({ key }) => {
    if (key === "Escape") hide();
  });
})();
