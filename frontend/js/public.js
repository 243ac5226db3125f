// The public pages need the shared parts, and a way out in one tap.
import "./leave.js";
import "./parts.js";
