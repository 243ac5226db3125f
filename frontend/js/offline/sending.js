// Sending what waited. Every part is sent as a whole and taken off this device only when the
// server has said that it has it, so a lost answer is asked for again; the server takes each
// part once, however often it comes. No clock of this device is sent: it may be wrong.
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

export const waits = (state) => Object.keys(state?.given ?? {}).length > 0;

/** Whether nothing of the sitting can be answered any more. */
export const over = (state) => state.pack.parts.every(({ state: stands }) => stands !== "open");

/** The sitting as the server has it now; a word where it does not say. */
export async function packed(base) {
  let answer;
  try {
    answer = await fetch(`${base}pack/`, { headers: { "X-Requested-With": "fetch" }, redirect: "manual" });
  } catch {
    return "offline";
  }
  if (answer.ok) return answer.json();
  if (answer.status === 401 || answer.type === "opaqueredirect") return "signin";
  return answer.status === 404 ? "gone" : "offline";
}

/**
 * Send everything that waits of a sitting.
 *
 * Returns { is: "nothing" | "offline" | "signin" | "gone" | "refused" | "sent", why, help, thanks }:
 * ``help`` where the server says that an answer calls for it; ``thanks`` is the address of the
 * thanks for the part that was handed in last.
 */
export const sendAll = (kept) => navigator.locks.request(`${kept.name}-sends`, () => send(kept));

async function send(kept) {
  const before = await kept.read();
  if (!waits(before)) return { is: "nothing" };
  const pack = await packed(kept.base);
  if (typeof pack === "string") return { is: pack };
  let outcome = { is: "sent", why: "", help: false, thanks: "" };
  for (const [number, given] of Object.entries(before.given)) {
    const part = before.pack.parts.find((one) => String(one.part) === number);
    const body = { version: part.version, answers: given.answers, facts: given.facts, done: Boolean(given.done) };
    let answer, said;
    try {
      answer = await fetch(part.send, {
        method: "POST", body: JSON.stringify(body),
        headers: { "Content-Type": "application/json", "X-CSRFToken": pack.csrf, "X-Requested-With": "fetch" },
      });
      said = await answer.json();
    } catch {
      return { is: "offline" };
    }
    if (!answer.ok) {
      outcome = { ...outcome, is: "refused", why: said.why };
      continue;
    }
    outcome.help ||= said.help;
    if (said.state === "answered") outcome.thanks = part.check;
    await kept.change((state) => taken(state, number, given, said));
  }
  return outcome;
}

/** Without what the server has; what was answered while it was on its way stays. */
function taken(state, number, given, said) {
  if (!state) return null;
  const rest = { ...state.given };
  if (same(rest[number], given)) delete rest[number];
  const parts = state.pack.parts.map((one) =>
    String(one.part) === number
      ? { ...one, state: said.state === "answered" ? "answered" : one.state,
          answers: { ...one.answers, ...given.answers }, facts: { ...one.facts, ...given.facts } }
      : one,
  );
  if (said.state === "answered") delete rest[number]; // the first that was handed in stands
  return { ...state, help: Boolean(state.help || said.help), pack: { ...state.pack, parts }, given: rest };
}
