// The worker of one sitting, and of nothing else: where the network or the server is gone, it
// keeps the answer that was being sent, sealed, and gives the page on which one goes on.
// What the cache holds is that page and its furniture: no question, no answer.
import { told } from "./offline/asking.js";
import { keptOf } from "./offline/kept.js";
import { lay, served } from "./offline/laying.js";
import { over, sendAll, waits } from "./offline/sending.js";

const base = new URL(self.registration.scope).pathname;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(lay(base, self.FURNITURE));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => served(event, (pathname) => pathname.startsWith(base), base, keep));

/** The answer that was being sent goes with the others that wait. */
async function keep(request, rest) {
  const form = await request.formData();
  const kept = await keptOf(base);
  await kept.change((state) => {
    const found = /^(?:(\d+)\/)?(\d+|check)\/$/.exec(rest);
    const part = state && found && state.pack.parts.find((one) => !found[1] || String(one.part) === found[1]);
    if (!part || part.state !== "open") return null;
    const given = state.given[part.part];
    const step = part.steps.find(({ key }) => key === form.get("step"));
    if (found[2] === "check") {
      return { ...state, given: { ...state.given, [part.part]: { answers: {}, facts: {}, ...given, done: true } } };
    }
    if (!step || !form.has("answer")) return null;
    return { ...state, given: { ...state.given, [part.part]: told(given, step, form.get("answer").replaceAll("\r\n", "\n")) } };
  });
}

self.addEventListener("sync", (event) => {
  if (event.tag === "answers") event.waitUntil(later());
});

async function later() {
  const kept = await keptOf(base);
  const outcome = await sendAll(kept);
  if (outcome.is === "offline") throw new Error("later"); // the browser tries again
  const every = await self.clients.matchAll({ includeUncontrolled: true });
  const pages = every.filter(({ url }) => new URL(url).pathname.startsWith(base));
  for (const page of pages) page.postMessage("sent"); // it looks for itself what became of it
  const state = await kept.read();
  if (pages.length || !state || waits(state) || !over(state)) return;
  await kept.wipe();
  await self.registration.unregister();
}
