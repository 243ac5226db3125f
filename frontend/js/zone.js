// Times on the clock of whoever reads: the browser is asked once, where the address names no zone.
export function zone(document, window) {
  const asks = document.querySelector("[data-ask-zone]");
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const address = new URL(window.location.href);
  if (!asks || !here || here === asks.dataset.askZone || address.searchParams.has("zone")) return;
  address.searchParams.set("zone", here);
  window.location.replace(address);
}
