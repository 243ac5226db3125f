// The desk: parts of pages (htmx), the palette, the lock, drafts, a glance-away key.
import "htmx.org";
import "./parts.js";
import { board } from "./board.js";
import { calendar } from "./calendar.js";
import { charts } from "./chart.js";
import { drafts } from "./drafts.js";
import { interview } from "./interview.js";
import { keys } from "./keys.js";
import { palette } from "./palette.js";
import { parting } from "./parting.js";
import { veil } from "./veil.js";
import { waits } from "./waits.js";
import { words } from "./words.js";

calendar(document);
board(document);
palette(document);
keys(document);
interview(document);
veil(document);
waits(document);
charts(document);
words(document, window);
parting(document, drafts(document, window));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === ".") document.documentElement.classList.toggle("glance");
});
