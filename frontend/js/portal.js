// The portal: parts of pages, and a way out in one tap.
import "htmx.org";
import "./parts.js";
import { words } from "./words.js";

words(document, window);

for (const exit of document.querySelectorAll("[data-quick-exit]"))
  exit.addEventListener("click", (event) => {
    event.preventDefault();
    document.body.replaceChildren();
    window.location.replace(exit.href);
  });
