// Sending what waits of what is asked each day: each day by itself, for the day it was given for,
// and off this device only when the server has said that it has it. The server takes each once.
import { packed, waits } from "../offline/sending.js";

/**
 * Send everything that waits.
 *
 * Returns { is: "nothing" | "offline" | "signin" | "done", sent: how many, refused: [{ on, why }], pack }.
 */
export const sendAll = (kept) => navigator.locks.request(`${kept.name}-sends`, () => send(kept));

async function send(kept) {
  const before = await kept.read();
  if (!waits(before)) return { is: "nothing", sent: 0, refused: [] };
  const pack = await packed(kept.base);
  if (typeof pack === "string") return { is: pack === "signin" ? pack : "offline", sent: 0, refused: [] };
  const outcome = { is: "done", sent: 0, refused: [], pack };
  for (const [key, given] of Object.entries(before.given)) {
    let answer, said;
    try {
      answer = await fetch(`${kept.base}send/`, {
        method: "POST", body: JSON.stringify(given),
        headers: { "Content-Type": "application/json", "X-CSRFToken": pack.csrf, "X-Requested-With": "fetch" },
      });
      said = await answer.json();
    } catch {
      return { ...outcome, is: "offline" };
    }
    if (answer.ok) {
      outcome.sent += 1;
      await kept.change((state) => taken(state, key, given));
    } else outcome.refused.push({ on: given.on, why: said.why });
  }
  return outcome;
}

/** Without what the server has; what was changed while it was on its way stays. */
function taken(state, key, { sent }) {
  if (!state) return null;
  const { [key]: there, ...given } = state.given;
  if (there?.sent !== sent) return { ...state };
  return { ...state, given };
}
