// The lock: after a quiet while the page is covered and inert; what was typed stays in it.
export function veil(document) {
  const cover = document.querySelector(".veil");
  if (!cover) return;
  const seconds = Number(cover.dataset.idleSeconds);
  const form = cover.querySelector("form");
  const others = () => [...document.body.children].filter((one) => one !== cover);
  const channel = new BroadcastChannel("rapport-lock");
  let last = Date.now();

  const close = (tell) => {
    if (!cover.hidden) return;
    cover.hidden = false;
    others().forEach((one) => (one.inert = true));
    form.querySelector("input[type=password]").focus();
    if (tell) channel.postMessage("locked");
  };
  const open = (tell) => {
    cover.hidden = true;
    others().forEach((one) => (one.inert = false));
    last = Date.now();
    if (tell) channel.postMessage("open");
  };

  channel.addEventListener("message", ({ data }) => (data === "open" ? open(false) : close(false)));
  for (const sign of ["pointerdown", "keydown", "scroll"])
    document.addEventListener(sign, () => cover.hidden && (last = Date.now()), { passive: true });
  setInterval(() => Date.now() - last > seconds * 1000 && close(true), 5000);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const wrong = form.querySelector("[role=alert]");
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Requested-With": "fetch" },
    });
    form.reset();
    if (answer.status === 204) open(true);
    else wrong.hidden = false;
  });
}
