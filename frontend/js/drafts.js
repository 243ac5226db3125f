// Drafts on a page: each form saves itself, says how it stands, and hears of the other windows.
import { Draft } from "./draft.js";
import { deliverAll } from "./sending.js";
import { waiting } from "./sealed.js";

const SOME_TIME = 60_000;

/** A line below a form that says, without interrupting, what became of the words. */
function speaker(form, texts) {
  const line = form.querySelector("[data-draft-state]") ?? document.createElement("p");
  line.classList.add("small", "quiet");
  line.setAttribute("role", "status");
  const beside = document.createElement("div");
  beside.setAttribute("role", "status");
  form.prepend(beside);
  if (!line.isConnected) form.append(line);
  return (told, { time, url, why } = {}) => {
    const text = [texts[told].replace("{time}", time), why].filter(Boolean).join(" ");
    const stays = ["aside", "signed", "gone", "other"].includes(told);
    if (told === "saved" && form.dataset.draftStands === "other") beside.replaceChildren();
    form.dataset.draftStands = told;
    if (!stays) {
      if (line.textContent !== text) line.textContent = text;
      return;
    }
    line.textContent = "";
    if (beside.textContent.startsWith(text)) return;
    beside.replaceChildren(notice(text, url && { url, words: texts.both }));
  };
}

function notice(text, link) {
  const box = document.createElement("p");
  box.className = "alert alert-warning";
  box.append(text);
  if (link) {
    const away = Object.assign(document.createElement("a"), { href: link.url, textContent: link.words });
    box.append(" ", away);
  }
  return box;
}

/** Tell other windows which note is open here, and say so when one of them has it too. */
function neighbours(draft, texts) {
  const channel = new BroadcastChannel("rapport-drafts");
  const there = new Set();
  const line = Object.assign(document.createElement("p"), { className: "small quiet" });
  line.setAttribute("role", "status");
  draft.form.prepend(line);
  const call = (say) => channel.postMessage({ say, note: draft.note, window: draft.window });
  channel.addEventListener("message", ({ data }) => {
    if (data.note !== draft.note || data.window === draft.window) return;
    if (data.say === "hello") call("here");
    there[data.say === "bye" ? "delete" : "add"](data.window);
    line.textContent = there.size ? texts.elsewhere : "";
  });
  window.addEventListener("pagehide", () => call("bye"));
  call("hello");
}

export function drafts(document, window) {
  const texts = document.getElementById("draft-words")?.dataset;
  if (!texts) return [];
  const all = [...document.querySelectorAll("form[data-draft]")].map((form) => {
    const draft = new Draft(form, speaker(form, texts));
    neighbours(draft, texts);
    return draft;
  });
  const told = (answer) => {
    const aside = answer.status !== 200;
    if (!aside && Date.now() - answer.at < SOME_TIME) return; // only that its page was left
    const link = { url: answer.said.url ?? answer.page, words: texts.look };
    document.querySelector("main").prepend(notice(aside ? texts.arrivedAside : texts.arrived, link));
  };
  const onwards = async () => {
    if (document.querySelector(".veil:not([hidden])")) return;
    for (const draft of all) {
      await draft.resume();
      if (draft.dirty) draft.save();
    }
    if ((await waiting()).length) await deliverAll(told);
  };

  new BroadcastChannel("rapport-lock").addEventListener("message", ({ data }) => {
    if (data === "open") setTimeout(onwards);
  });
  window.addEventListener("online", onwards);
  window.addEventListener("pagehide", () => all.forEach((draft) => draft.part()));
  window.addEventListener("beforeunload", (event) => {
    if (all.some((one) => one.dirty && one.sealed !== one.text())) event.preventDefault();
  });

  // Whatever is sent from this page goes after the words that are still on their way.
  document.addEventListener("submit", async (event) => {
    const pending = all.filter((one) => one.busy || one.dirty);
    if (!pending.length || event.target.matches("[data-sign-out], .veil form, dialog form")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    for (const one of pending) {
      await one.busy;
      await one.save();
    }
    const stuck = pending.some((one) => one.dirty && one.form.dataset.draftStands !== "wrong");
    if (!stuck) event.target.requestSubmit(event.submitter);
  }, true);

  onwards();
  return all;
}
