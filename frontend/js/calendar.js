// The calendar by arrow keys: up and down within a day, sideways to the same hour of another.
const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export function calendar(document) {
  const page = document.querySelector("[data-calendar]");
  if (!page) return;
  const days = [...page.querySelectorAll(".day")].map((day) => [...day.querySelectorAll(".slot a")]);
  const backwards = document.documentElement.dir === "rtl" ? -1 : 1;
  const height = (one) => one.getBoundingClientRect().top;

  page.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const here = event.target.closest(".slot a");
    if (!step || !here || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const day = days.findIndex((links) => links.includes(here));
    const [aside, down] = [step[0] * backwards, step[1]];
    if (down) days[day][days[day].indexOf(here) + down]?.focus();
    for (let next = day + aside; aside && days[next]; next += aside) {
      if (!days[next].length) continue;
      const far = (one) => Math.abs(height(one) - height(here));
      days[next].reduce((best, one) => (far(one) < far(best) ? one : best)).focus();
      break;
    }
  });
}
