// The page for when there is no network: the same questions, answered on this device.
import { chosen, risky, steps, told } from "./asking.js";
import { cleared, clearing } from "./ahead.js";
import { keptOf, sittingOf } from "./kept.js";
import { over, packed, sendAll, waits } from "./sending.js";

const AGAIN = 15_000;

export async function offline(document, window) {
  const shell = document.querySelector("[data-offline]");
  const base = shell && sittingOf(window.location.pathname);
  if (!base) return;
  window.history.replaceState(null, "", base); // a reload sends no answer a second time
  const kept = await keptOf(base);
  const line = document.querySelector("[data-offline-state]");
  const main = shell.querySelector("[data-offline-main]");
  let state = await kept.read();
  let refused = "";

  const show = (name, fill = () => {}, focus = true) => {
    const made = document.getElementById(`offline-${name}`).content.cloneNode(true);
    fill(made);
    main.replaceChildren(made);
    known();
    const title = main.querySelector("h1");
    document.title = title.textContent;
    title.tabIndex = -1;
    if (focus) title.focus({ preventScroll: true });
    window.scrollTo(0, 0);
    clearing(main, kept, () => {
      state = null;
      show("cleared");
    });
    document.dispatchEvent(new Event("answering:shown"));
  };
  /** Beside help now stands whether the answers that are here were sent. */
  const known = () => {
    const sent = line.dataset.is === "back" && !(state && waits(state));
    for (const one of main.querySelectorAll("[data-known]")) one.hidden = (one.dataset.known === "yes") !== sent;
  };
  const say = (which) => {
    const text = which === "refused" ? refused : shell.dataset[which];
    if (line.textContent !== text) line.textContent = text;
    line.dataset.is = which;
    known();
  };
  const open = () => state.pack.parts.filter((one) => one.state === "open" && !state.given[one.part]?.done);
  const given = (part) => state.given[part.part];
  /** The part as it stands: what was sent meanwhile stands in it, and no longer in what waits. */
  const standing = (part) => state.pack.parts.find((one) => one.part === part.part);
  const help = () => state.pack.parts.some((one) => one.state === "open" && risky(one, given(one)));

  const turn = (before, number) => {
    const part = standing(before);
    const all = steps(part, given(part));
    if (number > all.length) return check(part, all);
    const step = all[number - 1];
    show("question", (made) => {
      made.querySelector("[data-help]").hidden = !risky(part, given(part));
      const says = made.querySelector("#progress");
      says.textContent = says.dataset.words.replace("{n}", number).replace("{m}", all.length);
      Object.assign(made.querySelector("progress"), { value: number, max: all.length });
      const intro = made.querySelector("[data-intro]");
      intro.hidden = step.fact || !part.intro;
      intro.textContent = part.intro;
      const what = made.querySelector("h1");
      what.textContent = step.text;
      const section = made.querySelector("[data-section]");
      section.hidden = !step.section;
      section.textContent = step.section;
      if (!step.fact) for (const one of [intro, section, what, made.querySelector(".answers")]) one.lang = part.language;
      writing(made, part, step);
      const list = made.querySelector(".answers");
      const one = list.firstElementChild;
      list.replaceChildren(
        ...step.choices.map(([value, label, key = ""]) => {
          const row = one.cloneNode(true);
          const button = row.querySelector("button");
          if (value === chosen(part, given(part), step)) button.setAttribute("aria-pressed", "true");
          button.dataset.key = key;
          button.querySelector("span").textContent = label;
          button.querySelector("kbd").textContent = key;
          button.addEventListener("click", () => choose(part, step, value));
          return row;
        }),
      );
      made.querySelector("[data-leave]").addEventListener("click", () => choose(part, step, ""));
      const back = made.querySelector("[data-back]");
      back.hidden = number === 1;
      back.addEventListener("click", () => turn(part, number - 1));
      for (const name of ["note", "attribution"]) {
        const line = made.querySelector(`[data-${name}]`);
        line.textContent = (!step.fact && part[name]) || "";
        line.hidden = !line.textContent;
      }
    });
  };
  /** A question that is answered in words has a field instead of answers to choose from. */
  const writing = (made, part, step) => {
    for (const form of made.querySelectorAll("[data-kind]")) if (form.dataset.kind !== step.kind) form.remove();
    const form = made.querySelector("[data-kind]");
    for (const one of made.querySelectorAll(".answers, [data-leave]")) one.hidden = Boolean(form);
    if (!form) return;
    form.elements.answer.value = chosen(part, given(part), step);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      choose(part, step, form.elements.answer.value);
    });
  };
  const check = (part, all) =>
    show("check", (made) => {
      const missing = all.filter((one) => chosen(part, given(part), one) === "");
      made.querySelector("[data-help]").hidden = !risky(part, given(part));
      made.querySelector("[data-missing]").hidden = !missing.length;
      made.querySelector(missing.length ? "[data-all]" : "[data-some]").remove();
      const list = made.querySelector("[data-missing]");
      list.replaceChildren(
        ...missing.map((step) => {
          const row = document.createElement("li");
          const button = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: step.text });
          button.lang = part.language;
          button.addEventListener("click", () => turn(part, all.indexOf(step) + 1));
          row.append(button);
          if (step.free || step.fact) row.append(" ", Object.assign(document.createElement("span"), { className: "quiet small", textContent: list.dataset.free }));
          return row;
        }),
      );
      const nothing = !Object.values(part.answers).concat(Object.values(given(part)?.answers ?? {})).some((one) => one !== null && one !== "");
      made.querySelector("[data-nothing]").hidden = !nothing;
      made.querySelector("[data-hand-in]").hidden = nothing;
      made.querySelector("[data-hand-in]").addEventListener("click", () => handIn(part));
      made.querySelector("[data-back]").addEventListener("click", () => turn(part, all.length));
    });
  const waiting = () =>
    show("waiting", (made) => {
      made.querySelector("[data-help]").hidden = !help();
    });
  const onwards = () => {
    const [part] = open();
    if (!part) return waiting();
    const all = steps(part, given(part));
    const last = all.findIndex(({ key }) => key === given(part)?.last);
    const first = all.findIndex((one) => chosen(part, given(part), one) === "");
    turn(part, last >= 0 ? last + 2 : first >= 0 ? first + 1 : all.length + 1);
  };

  /** Whether it is kept; where another page took everything away, that is told instead. */
  const keep = async (part, how) => {
    const next = await kept.change((now) => now && { ...now, given: { ...now.given, [part.part]: how(now.given[part.part]) } });
    state = next ?? state;
    if (!next) await elsewhere();
    return Boolean(next);
  };
  const choose = async (asked, step, value) => {
    if (!(await keep(asked, (before) => told(before, step, value)))) return;
    const part = standing(asked);
    const all = steps(part, given(part));
    turn(part, all.findIndex(({ key }) => key === step.key) + 2);
    send();
  };
  const handIn = async (part) => {
    if (!(await keep(part, (before) => ({ answers: {}, facts: {}, ...before, done: true })))) return;
    onwards();
    send();
  };

  const send = async () => {
    if (!state) return null;
    const waited = waits(state);
    const outcome = await sendAll(kept);
    const left = await kept.read();
    if (!state || (outcome.is === "nothing" && !waited)) return null;
    if (outcome.is === "nothing" && !left) return elsewhere();
    state = left ?? state;
    if (outcome.is === "offline") return later();
    if (outcome.is === "refused") {
      refused = `${outcome.why} ${shell.dataset.refused}`;
      return say("refused");
    }
    if (outcome.is === "signin" || outcome.is === "gone") return say(outcome.is);
    say("back"); // sent from here, or by the worker meanwhile
    if (left && (waits(left) || !over(left))) return null;
    state = null;
    await cleared(kept);
    return show(outcome.help || left?.help ? "sent-help" : "sent");
  };
  /** Another page of this device sent what waited here and cleared it, or somebody cleared it there. */
  const elsewhere = async () => {
    const danger = help();
    const pack = await packed(base);
    if (!state || pack === "offline" || pack === "signin") return null;
    state = null;
    return show(pack === "gone" || !over({ pack }) ? "cleared" : danger ? "sent-help" : "sent");
  };
  const later = async () => {
    say("away");
    const worker = await navigator.serviceWorker?.getRegistration(base);
    await worker?.sync?.register("answers").catch(() => null);
  };

  if (!state || (over(state) && !waits(state))) {
    show("nothing");
    return;
  }
  say("away");
  onwards();
  send();
  window.addEventListener("online", send);
  navigator.serviceWorker?.addEventListener("message", send);
  setInterval(() => state && waits(state) && send(), AGAIN);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest?.("textarea, input")) return;
    main.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
  });
  document.addEventListener("visibilitychange", () => document.hidden || send());
}
