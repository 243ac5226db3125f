// A tablet in a client's hands: the other tabs cover themselves, and this page does after a while.
const AWAKE_EVERY = 30_000;
const WARNED = 30_000;

export function kiosk(document, window) {
  const frame = document.querySelector("[data-kiosk]");
  if (!frame) return;
  new BroadcastChannel("rapport-lock").postMessage("locked");
  // A page that comes back from the browser's memory asks the server whether it still stands.
  window.addEventListener("pageshow", ({ persisted }) => persisted && window.location.reload());
  if (!frame.dataset.restUrl) return;

  const after = Number(frame.dataset.idleSeconds) * 1000;
  const dialog = frame.querySelector("dialog");
  const headers = { "X-Requested-With": "fetch", "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content };
  const send = (url) => window.fetch(url, { method: "POST", headers });
  let last = Date.now();
  let told = last;
  let gone = false;

  const cover = async () => {
    if (gone) return;
    gone = true;
    dialog.close();
    document.querySelector("main").replaceChildren(); // covered at once, whatever the network does
    await send(frame.dataset.restUrl).catch(() => null);
    window.location.replace(frame.dataset.backUrl);
  };
  const alive = () => {
    if (gone) return;
    last = Date.now();
    if (dialog.open) dialog.close();
    if (last - told < AWAKE_EVERY) return;
    told = last;
    send(frame.dataset.awakeUrl).then(({ status }) => status === 423 && cover(), () => null);
  };
  for (const sign of ["pointerdown", "keydown", "scroll"])
    document.addEventListener(sign, alive, { passive: true, capture: true });
  setInterval(() => {
    const quiet = Date.now() - last;
    if (quiet >= after) cover();
    else if (quiet >= after - WARNED && !dialog.open && !gone) dialog.showModal();
  }, 1000);
}
