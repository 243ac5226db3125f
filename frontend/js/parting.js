// Signing out with words that are not saved asks first. What stays behind stays sealed.
import { mine, waiting } from "./sealed.js";

const PATIENCE = 3000;

export function parting(document, drafts) {
  const dialog = document.querySelector("dialog.parting");
  const unsaved = async () => drafts.some((one) => one.dirty) || (await mine()).length > 0;
  const open = () => drafts.some((one) => one.dirty && one.sealed !== one.text());

  const leave = async (form) => {
    // The answer to signing out empties the browser, but for ciphertext that is asked for.
    if ((await waiting()).length) form.elements.keep.value = "1";
    form.submit();
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form[data-sign-out]")) return;
    event.preventDefault();
    const saving = Promise.all(drafts.map((one) => one.save()));
    await Promise.race([saving, new Promise((done) => setTimeout(done, PATIENCE))]);
    if (!dialog || !(await unsaved())) return leave(form);
    dialog.querySelector("[value=leave]").hidden = open();
    dialog.querySelector("[data-open]").hidden = !open();
    dialog.returnValue = "";
    dialog.showModal();
    dialog.onclose = () => {
      if (dialog.returnValue === "leave") leave(form);
      if (dialog.returnValue === "again") form.requestSubmit();
    };
  });
}
