// Reading a chart by arrow keys, by buttons, or by pointing: the words of each dot, which the
// table right after it has too. A screen reader hears the slider by itself, and the rest by the live region.
const STEPS = {
  ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10,
  Home: -Infinity, End: Infinity,
};

function readable(chart) {
  const reader = chart.querySelector("[role=slider]");
  const aloud = chart.querySelector("[role=status]");
  const said = [...chart.nextElementSibling.querySelectorAll("[data-said]")].map((row) => row.dataset.said);
  const dots = [...chart.querySelectorAll("[data-point]")];
  const steps = [...chart.querySelectorAll("[data-step]")];
  const last = said.length - 1;
  let now = last;

  const show = (number) => {
    now = Math.min(Math.max(number, 0), last);
    reader.setAttribute("aria-valuenow", now + 1);
    reader.setAttribute("aria-valuetext", said[now]);
    reader.firstElementChild.textContent = said[now];
    for (const dot of dots) {
      const read = dot.classList.toggle("is-read", Number(dot.dataset.point) === now);
      if (read && dot.nextElementSibling) dot.parentNode.append(dot); // over the others
    }
    for (const one of steps)
      one.setAttribute("aria-disabled", now === (Number(one.dataset.step) < 0 ? 0 : last));
  };
  const tell = (number) => {
    show(number);
    aloud.textContent = said[now];
  };
  reader.parentElement.hidden = false;
  reader.setAttribute("aria-valuemax", said.length); // a pause has a row and no point
  reader.addEventListener("keydown", (event) => {
    if (!(event.key in STEPS) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    aloud.textContent = "";
    show(now + STEPS[event.key]);
  });
  for (const one of steps) one.addEventListener("click", () => tell(now + Number(one.dataset.step)));
  for (const dot of dots) {
    dot.addEventListener("pointerenter", () => show(Number(dot.dataset.point)));
    dot.addEventListener("click", () => tell(Number(dot.dataset.point)));
  }
  show(last);
}

export function charts(document) {
  for (const chart of document.querySelectorAll("[data-chart]")) readable(chart);
}
