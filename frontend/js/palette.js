// Ctrl K: find a client, a page or an action. The server answers with options as HTML.
import { covered } from "./veil.js";

export function palette(document) {
  const dialog = document.querySelector("dialog.palette");
  if (!dialog) return;
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  let chosen = -1;
  let asked = 0;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const choose = (index) => {
    const all = options();
    chosen = all.length ? (index + all.length) % all.length : -1;
    all.forEach((one, n) => one.setAttribute("aria-selected", String(n === chosen)));
    input.setAttribute("aria-activedescendant", all[chosen]?.id ?? "");
    all[chosen]?.scrollIntoView({ block: "nearest" });
  };
  const ask = async () => {
    const mine = ++asked;
    const reply = await fetch(`${dialog.dataset.findUrl}?q=${encodeURIComponent(input.value)}`);
    if (mine !== asked || !reply.ok) return;
    list.innerHTML = await reply.text();
    choose(0);
  };
  const open = () => {
    if (dialog.open || covered(document)) return;
    input.value = "";
    dialog.showModal();
    input.focus();
    now();
  };

  let waiting;
  let answer = Promise.resolve();
  const now = () => {
    clearTimeout(waiting);
    waiting = undefined;
    answer = ask();
  };
  // Who types and presses Enter at once means what was typed, not what is still on the list.
  const take = async () => {
    if (waiting) now();
    await answer;
    options()[chosen]?.click();
  };
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(now, 120);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter") take();
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  for (const button of document.querySelectorAll("[data-open-palette]")) {
    button.hidden = false;
    button.addEventListener("click", open);
  }
}
