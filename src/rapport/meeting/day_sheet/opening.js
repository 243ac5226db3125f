// Opens a day sheet in the browser that shows it. It asks no server and keeps nothing.
"use strict";
{
  const OLD = 24 * 60 * 60 * 1000;
  const LENGTH = 20;
  const NONCE = 12;
  const at = (id) => document.getElementById(id);
  const form = at("lock");
  const words = at("words");
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

  /** Header, as it is authenticated, what it says, and the sealed bytes; nothing of a damaged file. */
  function read() {
    try {
      const sealed = JSON.parse(at("sealed").textContent);
      const header = bytes(sealed.header);
      const said = JSON.parse(new TextDecoder().decode(header));
      return { header, said, salt: bytes(said.salt), body: bytes(sealed.body) };
    } catch {
      return null;
    }
  }

  /** What was typed as it is meant: no passphrase holds the letters that look like a digit. */
  const meant = (typed) =>
    typed.normalize("NFKC").toUpperCase().replace(/[^0-9A-Z]/g, "").replaceAll("O", "0").replaceAll("B", "8").replace(/[I1]/g, "L");

  async function unsealed(file, passphrase) {
    const typed = new TextEncoder().encode(passphrase);
    const base = await crypto.subtle.importKey("raw", typed, "PBKDF2", false, ["deriveKey"]);
    const made = { name: "PBKDF2", hash: "SHA-256", salt: file.salt, iterations: file.said.iterations };
    const key = await crypto.subtle.deriveKey(made, base, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
    const how = { name: "AES-GCM", iv: file.body.slice(0, NONCE), additionalData: file.header };
    return new TextDecoder().decode(await crypto.subtle.decrypt(how, key, file.body.slice(NONCE)));
  }

  function wrong(sentence) {
    at("says").textContent = "";
    at("wrong").textContent = sentence;
    at("wrong").hidden = false;
    words.setAttribute("aria-invalid", "true");
    words.focus();
  }

  function fine() {
    at("wrong").hidden = true;
    at("wrong").textContent = "";
    words.removeAttribute("aria-invalid");
  }

  const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

  /** Marks the day that it is and says when the sheet is too old. */
  function date() {
    const now = new Date();
    at("old").hidden = !(file && now - new Date(file.said.made_at) > OLD);
    const today = new Intl.DateTimeFormat("en-CA", { timeZone: at("days").querySelector("[data-zone]")?.dataset.zone ?? zone() }).format(now);
    for (const mark of at("days").querySelectorAll("[data-today]")) mark.hidden = mark.closest("[data-day]").dataset.day !== today;
  }

  function show(html) {
    words.value = "";
    at("says").textContent = "";
    at("days").innerHTML = html; // ours: whoever did not have the key could not have sealed it
    form.hidden = true;
    at("open").hidden = false;
    date();
    at("title").focus();
  }

  function lock(sentence = "") {
    if (at("open").hidden) return;
    at("days").replaceChildren();
    at("open").hidden = true;
    form.hidden = false;
    at("says").textContent = sentence;
    scrollTo(0, 0);
    words.focus();
  }

  const file = read();
  let opening = false;
  let touched = Date.now();

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (opening) return;
    fine();
    const passphrase = meant(words.value);
    if (!file) return wrong(form.dataset.broken);
    if (passphrase.length !== LENGTH) return wrong(`${form.dataset.short} ${passphrase.length}`);
    opening = true;
    at("says").textContent = form.dataset.opening;
    try {
      show(await unsealed(file, passphrase));
    } catch {
      wrong(form.dataset.wrong);
    } finally {
      opening = false;
    }
  });

  at("plain").addEventListener("change", () => {
    words.type = at("plain").checked ? "text" : "password";
  });
  at("print").addEventListener("click", () => print());
  at("close").addEventListener("click", () => lock());
  addEventListener("pagehide", () => lock());

  const away = () => {
    if (Date.now() - touched >= form.dataset.idle * 60 * 1000) lock(form.dataset.away);
    date();
  };
  for (const one of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"]) {
    addEventListener(one, () => { touched = Date.now(); }, { passive: true });
  }
  document.addEventListener("visibilitychange", away);
  setInterval(away, 5000);

  if (!globalThis.crypto?.subtle) {
    form.hidden = true;
    at("cannot").hidden = false;
  }
  date();
}
