// An interview, or the preview of a questionnaire, by keyboard: a key chooses an answer; arrows lead
// along them, back and forward.
import { TYPING, answers } from "./answers.js";
import { covered } from "./veil.js";

export function interview(document) {
  if (!document.querySelector(".answering, [data-interview]")) return;
  const free = () => !covered(document) && !document.querySelector("dialog[open]");
  const choices = [...document.querySelectorAll(".answers button")];
  const along = (step) => {
    const at = choices.indexOf(document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : choices.length - 1) : at + step;
    choices[next]?.focus();
  };
  answers(document, free);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !free()) return;
    if (event.target.closest?.(TYPING)) return;
    const leads = document.documentElement.dir === "rtl" ? ["[data-on]", "[data-back]"] : ["[data-back]", "[data-on]"];
    if (event.key === "ArrowLeft") document.querySelector(leads[0])?.click();
    if (event.key === "ArrowRight") document.querySelector(leads[1])?.click();
    if (!choices.length || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault(); // the page stays where it is
    along(event.key === "ArrowUp" ? -1 : 1);
  });
}
