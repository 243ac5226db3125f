// Sending words to the server, and what each of its answers means.
import { forget, mine, open, orphaned, person, refused } from "./sealed.js";

const PATIENCE = 10_000;
const DAY = 86_400_000;
export const LOST = { status: 0, said: {} };

/** POST a draft; an answer, or LOST where none came. A script's own try is no sign of life. */
export async function send(url, body, { token, keepalive = false, byItself = false } = {}) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token, "X-Requested-With": "fetch" };
  if (byItself) headers["X-Rapport-Poll"] = "1";
  try {
    const signal = keepalive ? undefined : AbortSignal.timeout(PATIENCE);
    const answer = await fetch(url, { method: "POST", body: JSON.stringify(body), headers, keepalive, signal });
    const json = answer.headers.get("Content-Type")?.includes("json");
    return { status: answer.status, said: json ? await answer.json() : {} };
  } catch {
    return LOST;
  }
}

/** The words lie on the server: in the note, or beside it. */
export const arrived = ({ status, said }) => status === 200 || status === 409 || (status === 410 && said.kept);

/** Send one row whose window is gone; its answer, or null where that window still lives. */
export function deliver(row) {
  return orphaned(row.window, async () => {
    const { url, page, body } = await open(row);
    const answer = await send(url, body, { token: (await person()).token, byItself: true });
    if (arrived(answer) || answer.status === 410) await forget(row);
    else if (answer.status === 404) await refused(row);
    return { ...answer, page, at: row.at };
  });
}

/** Send what closed windows left behind. ``tell`` hears what came of each. */
export async function deliverAll(tell) {
  for (const row of await mine()) {
    if (Date.now() - (row.refusedAt ?? 0) < DAY) continue;
    const answer = await deliver(row).catch(() => null);
    if (answer && arrived(answer)) tell(answer);
  }
}
