// Alerts that wait, on every page of the desk: asked quietly, said once. Asking is no sign of life.
const EVERY = 20_000;

export function waits(document) {
  const place = document.querySelector("[data-waits-url]");
  if (!place) return;
  let said = "";

  const ask = async () => {
    try {
      const answer = await fetch(place.dataset.waitsUrl, {
        headers: { "X-Rapport-Poll": "on", "X-Requested-With": "fetch" },
      });
      if (answer.status !== 200) return;
      const words = (await answer.text()).trim();
      if (words === said) return; // the same words again would be read out again
      said = words;
      place.innerHTML = words;
    } catch {
      // No network: what stands there stays, and it is asked again.
    }
  };
  ask();
  setInterval(ask, EVERY);
}
