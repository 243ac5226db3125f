// What every door does: the form token for htmx, one press sent once, copying, one menu open at a time.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("meta[name=csrf-token]")?.content;
  if (token) event.detail.headers["X-CSRFToken"] = token;
});

// A second press while the first is on its way sends nothing. Who may not look any more after
// the first would otherwise be told that there is no such page.
const ON_ITS_WAY = 3_000; // ms; where the answer is a file, the page stays and may be asked again
const sent = new WeakMap();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") return;
  if (performance.now() - (sent.get(form) ?? -ON_ITS_WAY) < ON_ITS_WAY) event.preventDefault();
  else sent.set(form, performance.now());
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.textContent = button.dataset.copied;
  }
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A menu closes behind whoever goes on, by a tap elsewhere or by the Tab key; what folds the
// calendar's choices on a phone lies over the days as a menu does.
const MENUS = "details:is(.me, .fold)[open]";
const open = () => document.querySelectorAll(MENUS);

document.addEventListener("click", ({ target }) => {
  for (const menu of open()) if (!menu.contains(target) && !target.closest?.("dialog")) menu.open = false;
});

document.addEventListener("focusin", ({ target, relatedTarget }) => {
  for (const menu of open())
    if (menu.contains(relatedTarget) && !menu.contains(target) && !target.closest?.("dialog")) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
