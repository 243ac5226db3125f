// On a page the server gave: send what waited, and lay ready what is needed without a network.
import { cleared, clearing } from "../offline/ahead.js";
import { able, keptOf } from "../offline/kept.js";
import { packed, waits } from "../offline/sending.js";
import { BASE, inWords, keyOf, openDays } from "./days.js";
import { sendAll } from "./sending.js";

const PATIENCE = 3000;

export async function daily(document, window) {
  if (!able() || !window.isSecureContext || !navigator.serviceWorker) return;
  leaving(document);
  const place = document.querySelector("[data-daily-ahead]");
  if (!place || window.location.pathname !== BASE) return;
  const kept = await keptOf(BASE);
  const outcome = await sendAll(kept);
  if (outcome.sent) return void window.location.replace(BASE); // that page says what was kept
  const pack = outcome.pack ?? (await packed(BASE));
  if (typeof pack === "string") return;
  const before = await kept.read();
  if (waits(before)) refused(document, window, kept, place, outcome.refused);
  if (!pack.plan) return void (waits(before) || (await cleared(kept)));
  await kept.change((now) => {
    const fresh = { given: now?.given ?? {}, pack, at: Date.now() };
    return { ...fresh, draft: again(document, fresh, now?.draft ?? {}) };
  });
  const worker = await navigator.serviceWorker.register(`${BASE}worker.js`, { scope: BASE });
  await worker.update().catch(() => null);
}

/** What could not be kept stays here, and the page says why. */
function refused(document, window, kept, place, rows) {
  const notice = place.content.cloneNode(true);
  const said = [...new Set(rows.map(({ on, why }) => `${inWords(document, on)}: ${why}`))];
  notice.querySelector("[data-why]").textContent = said.join(" ");
  clearing(notice, kept, () => window.location.reload());
  document.querySelector("main").prepend(notice);
}

/** What was chosen without a network, and not kept, is chosen on this page; what of it is left. */
function again(document, state, draft) {
  const { plan } = state.pack;
  const form = document.querySelector("form[data-daily]");
  const here = form && keyOf({ plan, on: form.elements.on.value, slot: form.elements.slot.value });
  for (const [name, value] of Object.entries(draft[here] ?? {}))
    if (form.elements[name]) form.elements[name].value = value;
  const { days } = openDays(state);
  const open = ([key]) => key !== here && days.some((on) => key.startsWith(`${plan}/${on}/`));
  return Object.fromEntries(Object.entries(draft).filter(open));
}

/** Who signs out has their device emptied: what waits is sent before, as far as it can be. */
function leaving(document) {
  for (const form of document.querySelectorAll("form[data-sign-out-here]"))
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const kept = await keptOf(BASE);
      await Promise.race([sendAll(kept).catch(() => null), new Promise((done) => setTimeout(done, PATIENCE))]);
      if (waits(await kept.read())) form.elements.keep.value = "1"; // what lies here stays, locked
      form.submit();
    });
}
