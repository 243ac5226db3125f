// The portal: parts of pages, and a way out in one tap.
import "htmx.org";
import { aloud } from "./aloud.js";
import { answers } from "./answers.js";
import { charts } from "./chart.js";
import { daily } from "./daily/ahead.js";
import { dailyOffline } from "./daily/page.js";
import { larger } from "./larger.js";
import { ahead } from "./offline/ahead.js";
import { offline } from "./offline/page.js";
import "./leave.js";
import "./parts.js";
import { words } from "./words.js";
import { zone } from "./zone.js";

larger(document, window);
aloud(document, window);
words(document, window);
answers(document);
charts(document);
zone(document, window);
ahead(document, window);
offline(document, window);
daily(document, window);
dailyOffline(document, window);
