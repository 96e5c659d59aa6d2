/* Runs on a page elsewhere, from a bookmark: opens what is selected there, else the article, as a
   text at the desk, with what the page says of itself. Nothing else of this site is there.
   An address takes no more than so many characters; how many there were is said then. */
(desk) => {
  const MOST = 100000;
  const page = document;
  const said = (...names) => names
    .map((name) => page.querySelector(`meta[property="${name}"],meta[name="${name}"]`)?.content)
    .find(Boolean) || "";
  const selected = String(getSelection()).trim();
  const text = selected || (page.querySelector("article") || page.body).innerText;
  const about = new URLSearchParams({
    "source.url": page.querySelector("link[rel=canonical]")?.href || location.href,
    "source.outlet": said("og:site_name") || location.hostname.replace(/^www\./, ""),
    "source.title": said("og:title") || page.title,
    "source.author": said("author"),
    "source.published_at": said("article:published_time", "date").slice(0, 10),
    "source.lang": page.documentElement.lang.slice(0, 2),
    words: selected.slice(0, 1000),
  });
  if (text.length > MOST) about.set("of", text.length);
  open(`${desk}?${about}#text=${encodeURIComponent(text.slice(0, MOST))}`);
}
