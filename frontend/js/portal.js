// The portal: parts of pages, and a way out in one tap.
import "htmx.org";
import "./leave.js";
import "./parts.js";
import { charts } from "./chart.js";
import { words } from "./words.js";

words(document, window);
charts(document);
