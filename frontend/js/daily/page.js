// The page for when there is no network: the same questions, kept on this device until it is back.
import { clearing } from "../offline/ahead.js";
import { able, keptOf } from "../offline/kept.js";
import { waits } from "../offline/sending.js";
import { answersOf, BASE, chosen, inWords, keyOf, openDays, told } from "./days.js";
import { sendAll } from "./sending.js";

const AGAIN = 15_000;

export async function dailyOffline(document, window) {
  const shell = document.querySelector("[data-daily-offline]");
  if (!shell || !able()) return;
  window.history.replaceState(null, "", BASE); // a reload sends no answer a second time
  const kept = await keptOf(BASE);
  const line = document.querySelector("[data-offline-state]");
  const main = shell.querySelector("[data-offline-main]");
  let state = await kept.read();
  let here = null;
  let left = false;

  const named = (on, { today }) => {
    const day = inWords(document, on);
    return on === today ? shell.dataset.today.replace("{day}", day) : day;
  };
  const say = (text) => line.textContent === text || (line.textContent = text);
  const fill = (name) => {
    const made = document.getElementById(`daily-${name}`).content.cloneNode(true);
    clearing(made, kept, () => {
      state = null;
      say(shell.dataset.away);
      fill("cleared");
    });
    main.replaceChildren(made);
  };
  const tabs = (nav, rows, pick) => {
    nav.hidden = rows.length < 2;
    nav.replaceChildren(
      ...rows.map(([value, words, current]) => {
        const button = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: words, dir: "auto" });
        if (current) button.setAttribute("aria-current", "true");
        button.addEventListener("click", () => pick(value));
        return button;
      }),
    );
  };
  const waiting = (open) => {
    const list = main.querySelector("[data-unsent]");
    const rows = Object.values(state.given).filter(({ plan }) => plan === state.pack.plan);
    list.hidden = !rows.length;
    list.replaceChildren(
      ...rows.map(({ on, slot }) => {
        const time = state.pack.times[slot];
        const what = time ? `${named(on, open)} · ${time}` : named(on, open);
        return Object.assign(document.createElement("li"), { textContent: shell.dataset.waits.replace("{day}", what) });
      }),
    );
  };
  const show = (on, slot) => {
    const open = openDays(state);
    if (!open.days.length) return void (fill("none"), waiting(open));
    here = { on: open.days.includes(on) ? on : open.days[0], slot };
    fill("day");
    main.querySelector("[data-day]").textContent = named(here.on, open);
    tabs(main.querySelector("[data-days]"), open.days.map((one) => [one, named(one, open), one === here.on]), (one) => show(one, slot));
    tabs(main.querySelector("[data-times]"), state.pack.times.map((name, n) => [n, name, n === slot]), (n) => show(here.on, n));
    const form = main.querySelector("form");
    const fields = form.querySelector("[data-fields]");
    fields.innerHTML = state.pack.fields; // from the server itself, and sealed since
    for (const one of fields.querySelectorAll("[data-from]"))
      if (one.dataset.from > here.on || (one.dataset.until && one.dataset.until <= here.on)) one.remove();
    for (const [name, value] of Object.entries(chosen(state, here.on, slot)))
      if (form.elements[name]) form.elements[name].value = value;
    form.addEventListener("change", () => drafted(form));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      keep(form, event.submitter?.name === "none");
    });
    waiting(open);
  };
  /** What is chosen stays when the page is closed; it is sent only once it was kept. */
  const drafted = async (form) => {
    const key = keyOf({ plan: state.pack.plan, ...here });
    const answers = answersOf(new FormData(form), false);
    state = await kept.change((now) => now && { ...now, draft: { ...now.draft, [key]: answers } });
  };
  const keep = async (form, none) => {
    const answers = answersOf(new FormData(form), none);
    if (!none && !form.reportValidity()) return;
    if (!none && !Object.keys(answers).length) return say(shell.dataset.nothing);
    const given = { ...here, answers, sent: crypto.randomUUID() };
    state = await kept.change((now) => now && told(now, given));
    show(here.on, here.slot);
    say(shell.dataset.kept.replace("{day}", named(here.on, openDays(state))));
    line.scrollIntoView({ block: "center" });
    line.focus({ preventScroll: true });
    send();
  };
  const send = async () => {
    const waited = waits(state);
    const outcome = await sendAll(kept);
    const rest = await kept.read();
    if (outcome.sent || (waited && rest && !waits(rest))) return leave();
    if (outcome.is === "signin") return say(shell.dataset.signin);
    if (outcome.refused.length) return say(outcome.refused.map(({ on, why }) => `${inWords(document, on)}: ${why}`).join(" "));
    const worker = outcome.is === "offline" && (await navigator.serviceWorker?.getRegistration(BASE));
    return worker && worker.sync?.register("answers").catch(() => null);
  };

  /** To the page of the server, which says what was kept: once, as it says so once. */
  const leave = () => {
    if (!left) window.location.replace(BASE);
    left = true;
  };

  if (!state?.pack?.plan) return fill("nothing");
  const slots = state.pack.times.map((_name, n) => n);
  const [first] = openDays(state).days;
  const empty = (n) => !Object.keys(chosen(state, first, n)).length;
  show(first, slots.find(empty) ?? 0);
  say(waits(state) ? shell.dataset.waiting : shell.dataset.away);
  send();
  window.addEventListener("online", () => (waits(state) ? send() : leave()));
  navigator.serviceWorker?.addEventListener("message", send);
  setInterval(() => state && waits(state) && send(), AGAIN);
  document.addEventListener("visibilitychange", () => document.hidden || send());
}
