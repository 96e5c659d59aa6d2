/* What is recorded while a page is read: counted in a corner, shown when its reader asks for it. */
(() => {
  const { page, on, find, say } = site;
  const MOST = 99;
  const FIRST = 2e3;
  const LONGEST = 3e5;
  const SILENCE = 4e4;
  const HELD = 1e4;
  const SEATS = ["live-1", "live-2", "live-3"];

  let notice, source, leave, last, news, began, timer, taken;
  let pause = FIRST;
  let turn = 0;

  const told = (name, positions) => {
    const count = positions.size;
    return count && notice.dataset[name].replace("#", count > MOST ? MOST + "+" : count);
  };
  const words = () => [told("new", news.new), told("amended", news.amended)].filter(Boolean).join(", ");

  const count = (name) => ({ data, lastEventId }) => {
    last = lastEventId;
    const fresh = data.split(" ").filter((position) => position > +notice.dataset.at);
    fresh.forEach((position) => news[name].add(position));
    if (!words()) return watch();
    const button = page.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = words() + " · " + notice.dataset.show;
    notice.replaceChildren(button);
    watch();
  };

  const close = () => {
    turn++;
    source?.close();
    leave?.();
    source = leave = null;
    clearTimeout(timer);
  };

  const openIn = (wait) => {
    close();
    timer = setTimeout(open, wait);
  };

  /* A server that is away is asked ever more seldom, and by everybody at another moment. */
  const comeBack = () => {
    if (Date.now() - began > HELD) pause = FIRST;
    openIn(pause * (0.5 + Math.random()));
    pause = Math.min(pause * 2, LONGEST);
  };

  const watch = () => {
    clearTimeout(timer);
    timer = setTimeout(comeBack, SILENCE);
  };

  const listen = () => {
    began = Infinity;
    source = new EventSource(notice.dataset.live + "?since=" + last);
    source.onopen = () => { began = Date.now(); };
    source.onmessage = count("new");
    source.addEventListener("amended", count("amended"));
    source.addEventListener("beat", ({ lastEventId }) => {
      last = lastEventId;
      watch();
    });
    source.onerror = comeBack;
    watch();
  };

  /* A browser may hold six connections to a server, and pages need some: its windows share three. */
  const seated = (mine, [seat, ...others]) => {
    if (!seat) return openIn(HELD);
    navigator.locks.request(seat, { ifAvailable: true }, (lock) => {
      if (mine !== turn) return;
      if (!lock) return seated(mine, others);
      listen();
      return new Promise((done) => { leave = done; });
    });
  };

  /* Who looks elsewhere needs no connection. */
  function open() {
    close();
    if (!notice || page.hidden) return;
    if (navigator.locks) seated(turn, SEATS);
    else listen();
  }

  /* Each part that htmx brings says up to where it shows the record; one of the past says nothing. */
  const begin = () => {
    const there = find("[data-live]");
    if (there !== notice) {
      notice = there;
      news = { new: new Set(), amended: new Set() };
      last = notice?.dataset.at;
      open();
    }
    if (taken) {
      say(taken);
      find("#main").focus({ preventScroll: true });
      taken = "";
    }
  };

  on("click", ({ target }) => {
    if (!notice?.contains(target.closest("button"))) return;
    htmx.ajax("GET", location.pathname + location.search, {
      target: "#view",
      swap: "innerHTML",
      headers: { "Cache-Control": "no-cache" },
    });
    taken = words() + ": " + notice.dataset.shown;
  });
  on("htmx:beforeRequest", () => { taken = ""; });
  on("visibilitychange", open);
  addEventListener("pagehide", close);
  addEventListener("pageshow", ({ persisted }) => persisted && open());
  on("htmx:afterSettle", begin);
  begin();
})();
