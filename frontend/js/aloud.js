// Reading aloud with the browser's own voice, in the language of the words. What was answered
// is never read: others may hear it, and a voice from afar would carry it away.

/** The voice for a language: one on this device before one that works online; or none. */
export function voiceFor(voices, language) {
  const short = language.toLowerCase().split("-")[0];
  const fits = voices.filter((one) => one.lang.toLowerCase().split(/[-_]/)[0] === short);
  return fits.find((one) => one.localService) ?? fits[0] ?? null;
}

/** The words of the page in their order, and the language they are in. */
function words(document) {
  const parts = [...document.querySelectorAll("main [data-say]")].filter((one) => one.checkVisibility());
  const language = parts.find((one) => one.closest("[lang]"))?.closest("[lang]").lang;
  return { language: language || document.documentElement.lang, texts: parts.map((one) => one.textContent.trim()) };
}

export function aloud(document, window) {
  const button = document.querySelector("[data-aloud]");
  const speech = window.speechSynthesis;
  if (!button || !speech) return;
  const label = button.querySelector("span");
  const read = label.textContent;
  const online = document.querySelector("[data-aloud-online]");
  let turn = 0;

  const find = () => {
    const { language, texts } = words(document);
    const voice = texts.length ? voiceFor(speech.getVoices(), language) : null;
    button.hidden = !voice;
    online.hidden = !voice || voice.localService;
    return { voice, texts };
  };
  const stop = () => {
    turn += 1;
    speech.cancel();
    label.textContent = read;
    button.setAttribute("aria-pressed", "false");
  };
  const start = () => {
    const { voice, texts } = find();
    if (!voice) return;
    const mine = (turn += 1);
    label.textContent = button.dataset.reading;
    button.setAttribute("aria-pressed", "true");
    texts.forEach((text, at) => {
      const said = new window.SpeechSynthesisUtterance(text);
      Object.assign(said, { voice, lang: voice.lang, rate: 0.9 });
      if (at === texts.length - 1) said.onend = () => mine === turn && stop();
      said.onerror = () => mine === turn && stop();
      speech.speak(said);
    });
  };

  button.addEventListener("click", () => (button.getAttribute("aria-pressed") === "true" ? stop() : start()));
  document.addEventListener("keydown", ({ key }) => key === "Escape" && stop());
  document.addEventListener("answering:shown", () => {
    stop();
    find();
  });
  window.addEventListener("pagehide", stop);
  speech.addEventListener?.("voiceschanged", find); // some browsers find their voices late
  find();
}
