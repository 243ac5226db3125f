// One form whose words nothing loses: sealed here at once, on the server within five seconds.
import { alive, forget, held, keep, mine, open, orphaned, person } from "./sealed.js";
import { arrived, deliver, LOST, send } from "./sending.js";

const SEALED_AFTER = 300; // milliseconds after a key was pressed
const SAVED_AFTER = 2000; // of quiet
const AT_THE_LATEST = 4500; // after the first word that is not saved
const AGAIN_AFTER = [1, 2, 4, 8, 15, 30]; // seconds

export class Draft {
  constructor(form, say) {
    Object.assign(this, { form, say, note: form.dataset.draftId, url: form.dataset.saveUrl });
    this.revision = Number(form.dataset.revision);
    this.window = crypto.randomUUID?.() ?? form.elements.window?.value;
    this.saved = this.sealed = this.text();
    this.failures = 0;
    this.queue = Promise.resolve();
    alive(this.window);
    this.stand();
    form.autocomplete = "off"; // or the browser writes them into its own session file
    for (const field of form.querySelectorAll("textarea")) field.autocomplete = "off";
    for (const sign of ["input", "change"]) form.addEventListener(sign, () => this.changed());
    form.addEventListener("focusout", () => this.dirty && this.save());
  }

  // What stands in the form -----------------------------------------------------------------

  fields() {
    const sections = {};
    for (const field of this.form.querySelectorAll("[name^=section-]")) {
      field.dispatchEvent(new Event("prose:settle"));
      sections[field.name.slice("section-".length)] = field.value;
    }
    const times = ["started_at", "ended_at"].map((name) => [name, this.form.elements[name]?.value]);
    return { sections, ...Object.fromEntries(times.filter(([, value]) => value !== undefined)) };
  }

  fill({ sections, ...times }) {
    for (const [key, value] of Object.entries(sections)) {
      const field = this.form.elements[`section-${key}`];
      if (!field) continue;
      field.value = value;
      field.dispatchEvent(new Event("prose:fill"));
    }
    for (const [name, value] of Object.entries(times))
      if (this.form.elements[name]) this.form.elements[name].value = value;
  }

  text() {
    return JSON.stringify(this.fields());
  }

  get dirty() {
    return this.text() !== this.saved;
  }

  /** The plain form, should it be sent, goes on from the same revision. */
  stand() {
    for (const [name, value] of [["revision", this.revision], ["window", this.window]])
      for (const field of document.querySelectorAll(`main input[type=hidden][name=${name}]`))
        field.value = value;
  }

  // While somebody writes -------------------------------------------------------------------

  changed() {
    if (this.closed) return;
    clearTimeout(this.soonSealed);
    this.soonSealed = setTimeout(() => this.seal(), SEALED_AFTER);
    this.first ??= Date.now();
    const latest = this.first + AT_THE_LATEST - Date.now();
    clearTimeout(this.soonSaved);
    this.soonSaved = setTimeout(() => this.save(), Math.max(0, Math.min(SAVED_AFTER, latest)));
  }

  /** Seal what is not saved, or forget what is. One after the other, so that none overtakes. */
  seal() {
    clearTimeout(this.soonSealed);
    this.queue = this.queue.then(async () => {
      const text = this.text();
      const { note, window } = this;
      if (text === this.saved) {
        if (this.lies) await forget({ note, window });
        [this.sealed, this.lies] = [text, false];
      } else if (text !== this.sealed) {
        const body = { revision: this.revision, window, ...JSON.parse(text) };
        const page = location.pathname;
        if (await keep({ note, window }, { url: this.url, page, body }))
          [this.sealed, this.lies] = [text, true];
      }
    }).catch(() => {}); // a full disk or a private window: say() tells that nothing is kept here
    return this.queue;
  }

  // To the server ---------------------------------------------------------------------------

  /** Save what is not saved. Resolves when the server, or its silence, has answered. */
  save(given = {}) {
    if (!this.busy) this.busy = this.sent(given).finally(() => (this.busy = null));
    return this.busy;
  }

  async sent({ byItself = false }) {
    clearTimeout(this.soonSaved);
    this.first = null;
    await this.seal();
    const text = this.text();
    if (text === this.saved || this.closed) return;
    const who = await person({ afresh: Boolean(this.unsure) });
    if (who?.another) return this.wait("other");
    const body = { revision: this.revision, window: this.window, ...JSON.parse(text) };
    const answer = who ? await send(this.url, body, { token: who.token, byItself }) : LOST;
    this.heard(answer, text);
    await this.seal();
    if (this.dirty && !this.closed && arrived(answer)) this.changed();
  }

  heard({ status, said }, text) {
    if (arrived({ status, said }) || status === 410) {
      this.saved = text;
      this.failures = 0;
      this.unsure = false;
    }
    if (status === 200) {
      this.revision = said.revision;
      this.stand();
      this.say("saved", { time: said.saved });
    } else if (status === 409) this.say("aside", { url: said.url });
    else if (status === 410) {
      this.closed = !said.kept;
      this.say(said.kept ? "signed" : "gone");
    } else if (status === 422) this.say("wrong", { why: Object.values(said.errors ?? {})[0] });
    else if (status === 423) this.wait("waits", { later: false });
    else {
      const refusedAgain = status === 404 && this.unsure === 404;
      this.unsure = [401, 403, 404].includes(status) && status; // who is here now, with which token
      this.wait({ 401: "out", 404: "other" }[status] ?? "waits", { later: !refusedAgain });
    }
  }

  wait(told, { later = true } = {}) {
    this.say(this.sealed === this.text() ? told : "open");
    const seconds = AGAIN_AFTER[Math.min(this.failures++, AGAIN_AFTER.length - 1)];
    clearTimeout(this.soonSaved);
    if (later) this.soonSaved = setTimeout(() => this.save({ byItself: true }), seconds * 1000);
  }

  /** The window closes: a last word that outlives it. What it does not carry lies sealed. */
  part() {
    if (!this.dirty || this.closed) return;
    const body = { revision: this.revision, window: this.window, ...this.fields() };
    send(this.url, body, { token: held()?.token, keepalive: true });
  }

  // What an earlier window left -------------------------------------------------------------

  /** Take up words of this note that wait here: into the form if nothing came between. */
  async resume() {
    await person(); // the key has to be at hand before the network goes
    for (const row of (await mine()).filter((one) => one.note === this.note)) {
      const taken = await orphaned(row.window, () => this.takeUp(row)).catch(() => "damaged");
      if (taken !== "another") continue;
      const answer = await deliver(row);
      if (answer?.status === 200 && !this.dirty) location.reload();
      else if (answer && arrived(answer)) this.say("aside", { url: answer.said.url });
    }
  }

  async takeUp(row) {
    const { revision, window, ...fields } = (await open(row)).body;
    if (JSON.stringify(fields) === this.saved) return forget(row);
    if (revision !== this.revision || this.dirty) return "another";
    this.fill(fields);
    await this.seal();
    await forget(row);
    this.say("back");
    this.save();
    return "taken";
  }
}
