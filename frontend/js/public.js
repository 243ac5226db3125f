// The public pages need nothing but the shared parts.
import "./parts.js";
