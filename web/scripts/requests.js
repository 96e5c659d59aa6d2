/* What waits for an answer says so, and what got none says that. */
(() => {
  const { on, find } = site;

  /* A request that gives way to a newer one is no error. */
  htmx.logger = (element, name, report) => {
    if (/afterRequest|sendAbort/.test(name)) report.error = 0;
  };

  for (const name of ["responseError", "sendError", "timeout"]) {
    on("htmx:" + name, ({ detail }) => {
      find("#failure").hidden = false;
      if (detail.requestConfig.verb === "get") {
        find("#failure a").href = detail.pathInfo.finalRequestPath;
      }
    });
  }
  on("htmx:beforeRequest", ({ detail }) => {
    find("#failure").hidden = true;
    detail.target.ariaBusy = true;
  });
  on("htmx:afterRequest", ({ detail }) => { detail.target.ariaBusy = null; });
})();
