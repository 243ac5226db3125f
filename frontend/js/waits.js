// Alerts that wait, on every page of the desk: the page comes with them, and here it is asked
// quietly whether more wait, said once. Asking is no sign of life.
const EVERY = 20_000;

export function waits(document) {
  const place = document.querySelector("[data-waits-url]");
  if (!place) return;

  const ask = async () => {
    try {
      const answer = await fetch(place.dataset.waitsUrl, {
        headers: { "X-Rapport-Poll": "on", "X-Requested-With": "fetch" },
      });
      if (answer.status !== 200) return;
      const found = document.createElement("template");
      found.innerHTML = (await answer.text()).trim();
      // The same words again would be read out again.
      if (found.innerHTML !== place.innerHTML) place.innerHTML = found.innerHTML;
    } catch {
      // No network: what stands there stays, and it is asked again.
    }
  };
  setInterval(ask, EVERY);
}
