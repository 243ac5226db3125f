// ? shows the keys of the desk.
import { covered } from "./veil.js";

const TYPING = "input, textarea, select, [contenteditable]";

export function keys(document) {
  const dialog = document.querySelector("dialog.keys");
  if (!dialog) return;
  const open = () => {
    if (!covered(document) && !document.querySelector("dialog[open]")) dialog.showModal();
  };
  document.addEventListener("keydown", (event) => {
    if (event.key !== "?" || event.target.closest(TYPING)) return;
    event.preventDefault();
    open();
  });
  for (const button of document.querySelectorAll("[data-open-keys]")) {
    button.hidden = false;
    button.addEventListener("click", open);
  }
}
