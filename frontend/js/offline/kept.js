// What lies on this device of one sitting: its questions and the answers that were not sent, as
// one AES-GCM ciphertext. Page and worker share it, so every change is made under a lock.
//
// The key of a link is derived from the link's secret and stored nowhere: whoever has not the
// link cannot read it. In the portal there is no such secret: there the browser keeps a key
// that no script can read out, and both go together.
const SITTINGS = "sittings";
const KEYS = "keys";
const bytes = (text) => new TextEncoder().encode(text);
const hex = (buffer) => [...new Uint8Array(buffer)].map((one) => one.toString(16).padStart(2, "0")).join("");
let database;

function shelf(name, mode, work) {
  database ??= new Promise((done, failed) => {
    const asked = indexedDB.open("rapport-answers", 1);
    asked.onupgradeneeded = () => [SITTINGS, KEYS].forEach((one) => asked.result.createObjectStore(one));
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  return database.then(
    (open) =>
      new Promise((done, failed) => {
        const change = open.transaction(name, mode, { durability: "strict" });
        const asked = work(change.objectStore(name));
        change.oncomplete = () => done(asked.result);
        change.onabort = change.onerror = () => failed(change.error);
      }),
  );
}

async function fromSecret(secret) {
  const raw = await crypto.subtle.importKey("raw", bytes(secret), "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info: bytes("rapport answers offline 1") };
  return crypto.subtle.deriveKey(how, raw, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function ownKey(id) {
  const there = await shelf(KEYS, "readonly", (rows) => rows.get(id));
  if (there) return there;
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await shelf(KEYS, "readwrite", (rows) => rows.put(fresh, id));
  return fresh;
}

/** The path under which a sitting is answered, from any address of it; null for another page. */
export const sittingOf = (path) => /^(\/m\/[^/]+\/|\/portal\/measures\/[0-9a-f-]{36}\/)/.exec(path)?.[1] ?? null;

/** What can be kept at all: browsers offer ciphers and workers over TLS and on this machine only. */
export const able = () => Boolean(globalThis.crypto?.subtle && globalThis.indexedDB && navigator.locks);

/** What is kept of the sitting at ``base``. */
export async function keptOf(base) {
  const id = hex(await crypto.subtle.digest("SHA-256", bytes(base))).slice(0, 32);
  const name = `rapport-answers-${id}`;
  const key = () => (base.startsWith("/m/") ? fromSecret(base.slice(3, -1)) : ownKey(id));

  const read = async () => {
    const row = await shelf(SITTINGS, "readonly", (rows) => rows.get(id));
    if (!row) return null;
    try {
      const how = { name: "AES-GCM", iv: row.iv, additionalData: bytes(id) };
      return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(how, await key(), row.sealed)));
    } catch {
      return null; // the key is gone, or somebody changed the row: nothing that can be read
    }
  };
  const write = async (content) => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const how = { name: "AES-GCM", iv, additionalData: bytes(id) };
    const sealed = await crypto.subtle.encrypt(how, await key(), bytes(JSON.stringify(content)));
    await shelf(SITTINGS, "readwrite", (rows) => rows.put({ iv, sealed }, id));
  };
  return {
    base,
    name,
    /** What is there now; in turn with the changes, so nobody is left with what stood before one. */
    read: () => navigator.locks.request(name, read),
    /** Change it as one step; ``how`` gets what is there (null for nothing) and gives what is to be. */
    change: (how) =>
      navigator.locks.request(name, async () => {
        const next = how(await read());
        if (next) await write(next);
        return next;
      }),
    /** Nothing of the sitting is left: answers, questions, key, the page for when there is no network. */
    wipe: () =>
      navigator.locks.request(name, async () => {
        await shelf(SITTINGS, "readwrite", (rows) => rows.delete(id));
        await shelf(KEYS, "readwrite", (rows) => rows.delete(id));
        await caches.delete(name);
      }),
  };
}
