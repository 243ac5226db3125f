// A text field in which emphasis and lists are seen. The field below stays what the form
// sends, in CommonMark; without this script it is an ordinary field.
import { Editor, Extension, textblockTypeInputRule } from "@tiptap/core";
import { Fragment, Slice } from "@tiptap/pm/model";
import StarterKit from "@tiptap/starter-kit";
import { HEADINGS, plain, read, words, write } from "./commonmark.js";
import { tools } from "./tools.js";

const MOST = 200_000; // characters, where the field names no other number
const MOST_MARKUP = 2_000_000;
const SETTLED_AFTER = 150; // milliseconds

const LEVELS = [3, 4, 5];
const kit = StarterKit.configure({
  heading: { levels: LEVELS },
  code: false, codeBlock: false, link: false, strike: false, underline: false, gapcursor: false,
});

const house = Extension.create({
  name: "house",
  priority: 1000,
  addGlobalAttributes: () => [
    { types: ["orderedList"], attributes: { mark: { default: ".", rendered: false } } },
  ],
  addInputRules() {
    const level = (match) => ({ level: HEADINGS.first - 1 + match[1].length });
    const type = this.editor.schema.nodes.heading;
    return [textblockTypeInputRule({ find: /^(#{1,3})\s$/, type, getAttributes: level })];
  },
  addKeyboardShortcuts: () => ({
    "Mod-]": ({ editor }) => editor.commands.sinkListItem("listItem"),
    "Mod-[": ({ editor }) => editor.commands.liftListItem("listItem"),
  }),
});

/** What the editor says of itself to a screen reader: all that the field said. */
function spoken(field) {
  const label = field.labels[0];
  label.id ||= `${field.id}-label`;
  const said = { role: "textbox", "aria-multiline": "true", "aria-labelledby": label.id, id: `${field.id}-editor` };
  for (const name of ["aria-describedby", "aria-invalid"])
    if (field.hasAttribute(name)) said[name] = field.getAttribute(name);
  if (field.required) said["aria-required"] = "true";
  return said;
}

export function edit(field, template = document.getElementById("prose-tools")) {
  const most = field.maxLength > 0 ? field.maxLength : MOST;
  const place = document.createElement("div");
  const told = document.createElement("p");
  let known; // the text as it was last given to the field
  let timer;

  const settle = () => {
    clearTimeout(timer);
    const now = write(editor.state.doc);
    if (now === known) return;
    known = field.value = now;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const tooLong = (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const size = text.length + editor.state.doc.textContent.length;
    told.hidden = size <= most && (event.clipboardData?.getData("text/html").length ?? 0) <= MOST_MARKUP;
    told.textContent = told.hidden ? "" : template.dataset.tooLong;
    return !told.hidden;
  };
  const editor = new Editor({
    element: place,
    injectCSS: false,
    textDirection: "auto",
    extensions: [kit, house],
    editorProps: {
      attributes: spoken(field),
      // The Tab key leaves the text, in a list too.
      handleDOMEvents: { keydown: (_view, event) => event.key === "Tab" },
      handlePaste: (_view, event) => tooLong(event),
      clipboardTextParser: (text, _at, _plain, view) =>
        Slice.maxOpen(plain(view.state.schema, text.replace(/\r\n?/g, "\n")).content),
      transformPastedHTML: (html) => html.replace(/(<\/?h)[12](?=[\s>])/gi, "$13").replace(/(<\/?h)6(?=[\s>])/gi, "$15"),
    },
    onUpdate() {
      clearTimeout(timer);
      timer = setTimeout(settle, SETTLED_AFTER);
    },
    onBlur: settle,
  });
  const fill = () => {
    known = field.value;
    const { tr, doc } = editor.state;
    const fresh = read(editor.schema, field.value);
    editor.view.dispatch(tr.replaceWith(0, doc.content.size, fresh.content).setMeta("addToHistory", false));
    clearTimeout(timer);
    known = write(editor.state.doc);
  };

  place.className = "prose-edit";
  told.className = "field__errors";
  told.setAttribute("role", "alert");
  told.hidden = true;
  field.before(tools(editor, template, `${field.id}-editor`), place, told);
  field.autocomplete = "off"; // or the browser writes it into its own session file
  field.required = false;
  field.hidden = true;
  field.labels[0].addEventListener("click", () => editor.commands.focus());
  field.addEventListener("prose:settle", settle);
  field.addEventListener("prose:fill", fill);
  field.form?.addEventListener("reset", () => setTimeout(fill));
  fill();
  return editor;
}

function start(root) {
  for (const field of root.querySelectorAll("textarea[data-prose]")) {
    if (field.hidden || !document.getElementById("prose-tools")) continue;
    edit(field);
  }
}

start(document);
document.addEventListener("htmx:load", ({ detail }) => start(detail.elt));

export { Fragment, read, words, write };
