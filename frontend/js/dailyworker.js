// The worker of what is asked each day, and of that page alone: where the network or the server
// is gone, it keeps the answers that were being sent, sealed, and gives the page on which one goes
// on. What the cache holds is that page and its furniture: no question, no answer.
import { answersOf, BASE, told } from "./daily/days.js";
import { sendAll } from "./daily/sending.js";
import { keptOf } from "./offline/kept.js";
import { lay, served } from "./offline/laying.js";

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(lay(BASE, self.FURNITURE));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => served(event, (pathname) => pathname === BASE, BASE, keep));

/** The answers that were being sent wait with the others, under the number of their form. */
async function keep(request) {
  const form = await request.formData();
  const answers = answersOf(form, form.has("none"));
  if (!form.has("none") && !Object.keys(answers).length) return;
  const given = { on: form.get("on"), slot: Number(form.get("slot")), answers, sent: form.get("sent") };
  const kept = await keptOf(BASE);
  await kept.change((state) => (state?.pack?.plan ? told(state, given) : null));
}

self.addEventListener("sync", (event) => {
  if (event.tag === "answers") event.waitUntil(later());
});

async function later() {
  const outcome = await sendAll(await keptOf(BASE));
  if (outcome.is === "offline") throw new Error("later"); // the browser tries again
  const every = await self.clients.matchAll({ includeUncontrolled: true });
  for (const page of every) if (new URL(page.url).pathname === BASE) page.postMessage("sent");
}
