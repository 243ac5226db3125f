// Words that were typed and not sent: the browser asks before they are lost.
export function words(document, window) {
  const typed = new Set();
  const form = (target) => target.closest?.("main form");

  document.addEventListener("input", ({ target }) => {
    const one = form(target);
    // A draft keeps itself.
    if (one?.method === "post" && !one.matches("[data-draft]")) typed.add(one);
  });
  document.addEventListener("reset", ({ target }) => typed.delete(target));
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) typed.delete(event.target);
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.successful) typed.delete(form(detail.elt));
  });
  window.addEventListener("beforeunload", (event) => {
    // A form that is gone (leaving quickly empties the page) holds nobody back.
    if ([...typed].some((one) => one.isConnected)) event.preventDefault();
  });
}
