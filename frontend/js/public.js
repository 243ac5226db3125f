// The public pages need the shared parts, and a way out in one tap.
import { answers } from "./answers.js";
import "./leave.js";
import "./parts.js";
import { zone } from "./zone.js";

answers(document);
zone(document, window);
