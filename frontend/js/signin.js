// Passkeys: a form with data-passkey asks the browser and then submits the answer.
import { parting } from "./parting.js";
import { ask } from "./passkey.js";

async function submit(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const problem = form.querySelector("[data-passkey-problem]");
  const button = form.querySelector("button[type=submit]");
  if (problem) problem.hidden = true;
  button.disabled = true;
  try {
    form.elements.credential.value = JSON.stringify(await ask(form));
    form.submit();
  } catch {
    // Cancelled, timed out or not allowed: the browser does not say which.
    if (problem) problem.hidden = false;
    button.disabled = false;
    button.focus();
  }
}

function start(root = document) {
  if (window.PublicKeyCredential) {
    for (const form of root.querySelectorAll("form[data-passkey]")) {
      form.hidden = false;
      form.addEventListener("submit", submit);
    }
  }
  for (const form of root.querySelectorAll("form[data-carry-on]")) form.requestSubmit();
}

start();
parting(document, []);
