// Words that wait for the server. They lie in this browser as AES-GCM ciphertext, under the
// person's own key; that key stays in memory and is given to a signed-in visit only.
const SHELF = "waiting";
const bytes = (text) => new TextEncoder().encode(text);
let database;
let known = null;
let asking = null;

function shelf(mode, work) {
  database ??= new Promise((done, failed) => {
    const asked = indexedDB.open("rapport-drafts", 1);
    asked.onupgradeneeded = () =>
      asked.result.createObjectStore(SHELF, { keyPath: ["whose", "note", "window"] });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  return database.then(
    (open) =>
      new Promise((done, failed) => {
        const change = open.transaction(SHELF, mode, { durability: "strict" });
        const asked = work(change.objectStore(SHELF));
        change.oncomplete = () => done(asked.result);
        change.onabort = change.onerror = () => failed(change.error);
      }),
  );
}

/** The bytes a seal is bound to: words of one person and note open as no other's. */
const bound = ({ whose, note, window }) => bytes(JSON.stringify([whose, note, window]));

const owner = () => document.getElementById("draft-words").dataset.whose;

/** The person as far as they are known already. */
export const held = () => known;

/**
 * Who writes here, with their key; null where nobody is signed in or nobody answers. A page
 * belongs to whoever opened it: of anybody who signs in after them it tells only that.
 */
export function person({ afresh = false } = {}) {
  if (known && !afresh) return Promise.resolve(known);
  asking ??= ask().catch(() => null).finally(() => (asking = null));
  return asking;
}

async function ask() {
  const { keyUrl } = document.getElementById("draft-words").dataset;
  const answer = await fetch(keyUrl, { headers: { "X-Requested-With": "fetch", "X-Rapport-Poll": "1" } });
  if (!answer.ok) return null;
  const { key, whose, token } = await answer.json();
  if (whose !== owner()) return { another: true };
  const raw = Uint8Array.from(atob(key), (one) => one.charCodeAt(0));
  // Over plain http from another machine browsers offer no ciphers: then nothing is kept.
  const cipher = globalThis.crypto.subtle;
  known = { token, key: await cipher?.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]) };
  return known;
}

/** Seal ``content`` as the words of ``window`` for ``note``; false where there is no key. */
export async function keep({ note, window }, content) {
  const who = await person();
  if (!who?.key) return false;
  const row = { whose: owner(), note, window };
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const given = { name: "AES-GCM", iv, additionalData: bound(row) };
  const sealed = await crypto.subtle.encrypt(given, who.key, bytes(JSON.stringify(content)));
  await shelf("readwrite", (rows) => rows.put({ ...row, iv, sealed, at: Date.now() }));
  return true;
}

export async function open(row) {
  const { key } = await person();
  const given = { name: "AES-GCM", iv: row.iv, additionalData: bound(row) };
  const plain = await crypto.subtle.decrypt(given, key, row.sealed);
  return JSON.parse(new TextDecoder().decode(plain));
}

export const forget = ({ whose = owner(), note, window }) =>
  shelf("readwrite", (rows) => rows.delete([whose, note, window]));

/** The server would not take these words from this person: not asked again before tomorrow. */
export const refused = (row) => shelf("readwrite", (rows) => rows.put({ ...row, refusedAt: Date.now() }));

/** Everything that waits here, of whomever. */
export const waiting = () => shelf("readonly", (rows) => rows.getAll()).catch(() => []);

/** What waits here of the person who is signed in. */
export async function mine() {
  const rows = await waiting();
  const who = rows.length ? await person() : null;
  return who?.key ? rows.filter((row) => row.whose === owner()) : [];
}

/** Whether the window that wrote a row is gone; while ``work`` runs nobody else takes it. */
export const orphaned = (window, work) =>
  navigator.locks.request(`rapport-draft-${window}`, { ifAvailable: true }, (lock) => lock && work());

/** Say that a window is alive, for as long as it is. */
export function alive(window) {
  navigator.locks?.request(`rapport-draft-${window}`, { ifAvailable: true }, () => new Promise(() => {}));
}
