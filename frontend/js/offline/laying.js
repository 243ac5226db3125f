// What every worker does: it lays a page and its furniture ready, and gives them where the network
// or the server is gone.
import { keptOf } from "./kept.js";

const GONE = new Set([502, 503, 504]); // what stands before the server says it is not there
const shellOf = (base) => `${base}offline/`;

/** Lay the page for no network ready, with what it needs. */
export async function lay(base, furniture) {
  const { name } = await keptOf(base);
  const cache = await caches.open(name);
  await cache.addAll([shellOf(base), ...furniture]);
}

/** Answer for pages that are ``own``; a form that was being sent goes to ``keep`` first. */
export function served(event, own, base, keep) {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.mode === "navigate" && own(pathname)) event.respondWith(turned(request, pathname, base, keep));
  else if (request.method === "GET" && pathname.startsWith("/static/")) event.respondWith(furniture(request));
}

async function furniture(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request)) ?? Response.error();
  }
}

async function turned(request, pathname, base, keep) {
  const sent = request.method === "POST" ? request.clone() : null;
  try {
    const answer = await fetch(request);
    if (!GONE.has(answer.status)) return answer;
  } catch {
    // no network, or no server: go on here
  }
  if (sent) await keep(sent, pathname.slice(base.length));
  return (await caches.match(shellOf(base))) ?? Response.error();
}
