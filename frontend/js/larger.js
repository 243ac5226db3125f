// Larger type on the pages of one questionnaire: kept in this tab until it is closed.
const KEPT = "rapport-larger";

export function larger(document, window) {
  const button = document.querySelector("[data-larger]");
  if (!button) return;
  const turn = (on) => {
    document.documentElement.classList.toggle("larger", on);
    button.setAttribute("aria-pressed", String(on));
  };
  const kept = () => {
    try {
      return window.sessionStorage.getItem(KEPT) === "1";
    } catch {
      return false; // a browser that keeps nothing: it holds for this page
    }
  };
  turn(kept());
  button.hidden = false;
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    turn(on);
    try {
      if (on) window.sessionStorage.setItem(KEPT, "1");
      else window.sessionStorage.removeItem(KEPT);
    } catch {
      // as above
    }
  });
}
