// The tools above a text: one stop for the Tab key, arrows go from one to the next.
const COMMANDS = {
  bold: ["bold", (chain) => chain.toggleBold()],
  italic: ["italic", (chain) => chain.toggleItalic()],
  heading: ["heading", (chain) => chain.toggleNode("heading", "paragraph", { level: 1 })],
  bullets: ["bulletList", (chain) => chain.toggleBulletList()],
  numbers: ["orderedList", (chain) => chain.toggleOrderedList()],
  quote: ["blockquote", (chain) => chain.toggleBlockquote()],
};

/** A toolbar for an editor, from the page's template; its words come with the page. */
export function tools(editor, template, field) {
  const bar = template.content.firstElementChild.cloneNode(true);
  const buttons = [...bar.querySelectorAll("button[data-does]")];
  bar.setAttribute("aria-controls", field);

  const show = () => {
    for (const one of buttons)
      one.setAttribute("aria-pressed", String(editor.isActive(COMMANDS[one.dataset.does][0])));
  };
  const stand = (at) => {
    for (const one of buttons) one.tabIndex = one === at ? 0 : -1;
  };
  for (const one of buttons) {
    one.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
    one.addEventListener("focus", () => stand(one));
    one.addEventListener("click", () => {
      const [, does] = COMMANDS[one.dataset.does];
      does(editor.chain().focus()).run(); // back to the text, where one was
    });
  }
  bar.addEventListener("keydown", (event) => {
    const back = getComputedStyle(bar).direction === "rtl" ? "ArrowRight" : "ArrowLeft";
    const onwards = back === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
    const at = buttons.indexOf(document.activeElement);
    const to = { [back]: at - 1, [onwards]: at + 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    buttons.at(to % buttons.length).focus();
  });
  editor.on("transaction", show);
  stand(buttons[0]);
  show();
  return bar;
}
