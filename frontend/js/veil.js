// The lock: after a quiet while the page is covered and inert; what was typed stays in it.
// An open dialog stands above everything, so it is closed first and none opens meanwhile.
import { ask } from "./passkey.js";

const AWAKE_EVERY = 60_000;

export const covered = (document) => document.querySelector(".veil:not([hidden])") !== null;

export function veil(document) {
  const cover = document.querySelector(".veil");
  if (!cover) return;
  const seconds = Number(cover.dataset.idleSeconds);
  const forms = [...cover.querySelectorAll("form")];
  const wrong = cover.querySelector("[role=alert]");
  const others = () => [...document.body.children].filter((one) => one !== cover);
  const channel = new BroadcastChannel("rapport-lock");
  let last = Date.now();
  let told = last;

  const send = (url, body = new FormData(forms[0])) => {
    for (const name of ["password", "credential"]) if (url !== cover.dataset.openUrl) body.delete(name);
    return fetch(url, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
  };
  const close = (tell) => {
    if (!cover.hidden) return;
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
    cover.hidden = false;
    others().forEach((one) => (one.inert = true));
    cover.querySelector("input[type=password], button:not([hidden])").focus();
    if (tell) {
      channel.postMessage("locked");
      send(cover.dataset.lockUrl);
    }
  };
  const open = (tell) => {
    cover.hidden = true;
    wrong.hidden = true;
    others().forEach((one) => (one.inert = false));
    last = told = Date.now();
    if (tell) channel.postMessage("open");
  };
  const alive = () => {
    if (!cover.hidden) return;
    last = Date.now();
    if (last - told < AWAKE_EVERY) return;
    told = last;
    send(cover.dataset.awakeUrl).then((answer) => answer.status === 423 && close(true));
  };

  // "Lock" in the menu leaves this page for a locked one; the other tabs cover themselves.
  document.addEventListener("submit", ({ target }) => {
    if (target.getAttribute("action") === cover.dataset.lockUrl) channel.postMessage("locked");
  });
  channel.addEventListener("message", ({ data }) => (data === "open" ? open(false) : close(false)));
  for (const sign of ["pointerdown", "keydown", "scroll"])
    document.addEventListener(sign, alive, { passive: true });
  setInterval(() => Date.now() - last > seconds * 1000 && close(true), 5000);

  for (const form of forms) {
    if (form.dataset.optionsUrl && window.PublicKeyCredential) form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      wrong.hidden = true;
      try {
        const body = new FormData(form);
        if (form.dataset.optionsUrl) body.set("credential", JSON.stringify(await ask(form)));
        form.reset();
        const answer = await send(cover.dataset.openUrl, body);
        if (answer.status === 204) open(true);
        else wrong.hidden = false;
      } catch {
        // Cancelled or offline: the way out is the same, try again.
        wrong.hidden = false;
      }
    });
  }
}
