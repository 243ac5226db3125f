// What every door does: the form token for htmx, copying, one menu open at a time.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("meta[name=csrf-token]")?.content;
  if (token) event.detail.headers["X-CSRFToken"] = token;
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

// A menu closes behind whoever goes on, by a tap elsewhere or by the Tab key.
for (const leaving of ["click", "focusin"])
  document.addEventListener(leaving, ({ target }) => {
    for (const menu of document.querySelectorAll("details.me[open]"))
      if (!menu.contains(target) && !target.closest?.("dialog")) menu.open = false;
  });

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.me[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
