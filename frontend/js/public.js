// The public pages need the shared parts, and a way out in one tap.
import { aloud } from "./aloud.js";
import { answers } from "./answers.js";
import { kiosk } from "./kiosk.js";
import { larger } from "./larger.js";
import { ahead } from "./offline/ahead.js";
import { offline } from "./offline/page.js";
import "./leave.js";
import "./parts.js";
import { zone } from "./zone.js";

larger(document, window);
aloud(document, window);
kiosk(document, window);
answers(document);
zone(document, window);
ahead(document, window);
offline(document, window);
