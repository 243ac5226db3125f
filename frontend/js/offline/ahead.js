// On a page the server gave: send what waited, and lay ready what is needed without a network.
import { able, keptOf, sittingOf } from "./kept.js";
import { over, packed, sendAll, waits } from "./sending.js";

/** Everything of a sitting is gone from this device, its worker too. */
export async function cleared(kept) {
  await kept.wipe();
  const worker = await navigator.serviceWorker?.getRegistration(kept.base);
  if (worker && new URL(worker.scope).pathname === kept.base) await worker.unregister();
}

/** Two taps: the first asks, the second wipes. */
export function clearing(root, kept, after) {
  for (const button of root.querySelectorAll("[data-clear]"))
    button.addEventListener("click", async () => {
      await cleared(kept);
      after();
    });
}

export async function ahead(document, window) {
  const place = document.querySelector("[data-ahead]");
  const base = sittingOf(window.location.pathname);
  if (!place || !base || !able() || !window.isSecureContext || !navigator.serviceWorker) return;
  const kept = await keptOf(base);
  const outcome = await sendAll(kept);
  if (outcome.is === "sent") {
    await settle(kept);
    if (outcome.thanks) thanked(document, outcome.thanks);
    else window.location.replace(base); // the page as it stands now
    return;
  }
  const state = await kept.read();
  if (waits(state)) {
    const notice = place.content.cloneNode(true);
    notice.querySelector("[data-why]").textContent = outcome.why ?? "";
    clearing(notice, kept, () => window.location.reload());
    document.querySelector("main").prepend(notice);
    return;
  }
  const pack = await packed(base);
  if (typeof pack === "string") {
    if (pack === "gone") await cleared(kept);
    return;
  }
  if (over({ pack })) {
    await cleared(kept);
    return;
  }
  await kept.change((now) => ({ given: {}, ...now, pack: merged(now, pack) }));
  const worker = await navigator.serviceWorker.register(`${base}worker.js`, { scope: base });
  await worker.update().catch(() => null);
}

/** The thanks of the server itself; the part is handed in, so this hands in nothing again. */
function thanked(document, address) {
  const form = Object.assign(document.createElement("form"), { method: "post", action: address });
  const token = document.querySelector("meta[name=csrf-token]").content;
  form.append(Object.assign(document.createElement("input"), { name: "csrfmiddlewaretoken", value: token }));
  form.hidden = true;
  document.body.append(form);
  form.submit();
}

/** While answers wait here, the questions they were given to stay as they were. */
const merged = (now, pack) => (waits(now) ? now.pack : pack);

async function settle(kept) {
  const state = await kept.read();
  if (state && !waits(state) && over(state)) await cleared(kept);
}
