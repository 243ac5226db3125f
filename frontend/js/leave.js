// A way out in one tap: the page empties at once and leaves nothing to go back to.
for (const exit of document.querySelectorAll("[data-quick-exit]"))
  exit.addEventListener("click", (event) => {
    event.preventDefault();
    document.body.replaceChildren();
    window.location.replace(exit.href);
  });
