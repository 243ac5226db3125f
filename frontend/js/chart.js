// Reading a chart by arrow keys, or by pointing: the words of each dot, which the table has too.
const STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };

function readable(chart) {
  const reader = chart.querySelector("[role=slider]");
  const said = [...chart.parentElement.querySelectorAll("[data-said]")].map((row) => row.dataset.said);
  const last = said.length - 1;
  let now = last;

  const show = (number) => {
    now = Math.min(Math.max(number, 0), last);
    reader.setAttribute("aria-valuenow", now + 1);
    reader.setAttribute("aria-valuetext", said[now]);
    reader.firstElementChild.textContent = said[now];
    for (const dot of chart.querySelectorAll("[data-point]"))
      dot.classList.toggle("is-read", Number(dot.dataset.point) === now);
  };
  reader.hidden = false;
  reader.addEventListener("keydown", (event) => {
    const jump = { Home: 0, End: last }[event.key] ?? now + (STEPS[event.key] ?? 0);
    if (!(event.key in STEPS) && event.key !== "Home" && event.key !== "End") return;
    event.preventDefault();
    show(jump);
  });
  for (const dot of chart.querySelectorAll("[data-point]"))
    for (const sign of ["pointerenter", "click"])
      dot.addEventListener(sign, () => show(Number(dot.dataset.point)));
  show(last);
}

export function charts(document) {
  for (const chart of document.querySelectorAll("[data-chart]")) readable(chart);
}
