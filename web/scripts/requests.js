/* What waits for an answer says so, and what got none says that. */
(() => {
  const { on, find, findAll } = site;
  const TOO_LONG = 413;

  /* A request that gives way to a newer one is no error. */
  htmx.logger = (element, name, report) => {
    if (/afterRequest|sendAbort/.test(name)) report.error = 0;
  };

  for (const name of ["responseError", "sendError", "timeout"]) {
    on("htmx:" + name, ({ detail }) => {
      const read = detail.requestConfig.verb === "get";
      const [page, form] = findAll("#failure > div");
      find("#failure").hidden = false;
      if (!page) return;
      page.hidden = !read;
      form.hidden = read;
      find("#failure span").hidden = detail.xhr.status !== TOO_LONG;
      if (read) find("#failure a").href = detail.pathInfo.finalRequestPath;
    });
  }
  /* What is far too long the server refuses before the site sees it, and not with a page. */
  on("htmx:beforeSwap", ({ detail }) => {
    const page = /html/.test(detail.xhr.getResponseHeader("Content-Type"));
    if (detail.xhr.status === TOO_LONG && !page) {
      detail.shouldSwap = false;
      detail.isError = true;
    }
  });
  /* A page whose address asks for a language gets its parts in it. */
  on("htmx:configRequest", ({ detail }) => {
    const asked = new URLSearchParams(location.search).get("lang");
    if (!asked || detail.verb !== "get" || /[?&]lang=/.test(detail.path)) return;
    detail.parameters.lang = asked;
  });
  on("htmx:beforeRequest", ({ detail }) => {
    find("#failure").hidden = true;
    detail.target.ariaBusy = true;
  });
  on("htmx:afterRequest", ({ detail }) => { detail.target.ariaBusy = null; });
})();
