// Passkeys: what the server sends and the browser answers, in each other's words.

const toBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const readable = (list) => (list ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));

/** Server options (base64url texts) as what navigator.credentials expects. */
export function forBrowser(options) {
  const given = options.publicKey;
  const publicKey = { ...given, challenge: toBytes(given.challenge) };
  if (given.user) publicKey.user = { ...given.user, id: toBytes(given.user.id) };
  if (given.allowCredentials) publicKey.allowCredentials = readable(given.allowCredentials);
  if (given.excludeCredentials) publicKey.excludeCredentials = readable(given.excludeCredentials);
  return { publicKey };
}

/** The browser's answer as base64url texts. */
export function forServer(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    const value = credential.response[part];
    if (value) response[part] = toText(value);
  }
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

async function optionsOf(form) {
  const id = form.dataset.optionsId;
  if (id) return JSON.parse(document.getElementById(id).textContent);
  const answer = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`options ${answer.status}`);
  return answer.json();
}

/** Ask the browser to make or use a passkey, as the form's data-passkey says. */
export async function ask(form) {
  const options = forBrowser(await optionsOf(form));
  const made = form.dataset.passkey === "make";
  const credential = await (made ? navigator.credentials.create(options) : navigator.credentials.get(options));
  return forServer(credential);
}
