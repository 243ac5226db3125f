// The desk: parts of pages (htmx), the palette, the lock, a glance-away key.
import "htmx.org";
import "./parts.js";
import { palette } from "./palette.js";
import { veil } from "./veil.js";

palette(document);
veil(document);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === ".") document.documentElement.classList.toggle("glance");
});
