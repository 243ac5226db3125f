// A questionnaire by keyboard: the key beside an answer chooses it; a tap is not sent twice.
export const TYPING = "input:not([type=hidden]), textarea, select, [contenteditable]";

export function answers(document, free = () => true) {
  const form = document.querySelector(".answers")?.closest("form");
  if (!form) return;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !free()) return;
    if (event.target.closest?.(TYPING)) return;
    form.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
  });
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  window.addEventListener("pageshow", () => {
    sent = false;
  });
}
