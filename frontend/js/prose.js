// A text field in which emphasis and lists are seen. The field below stays what the form
// sends, in CommonMark; without this script it is an ordinary field.
import { Editor, Extension, Node, textblockTypeInputRule } from "@tiptap/core";
import { Slice } from "@tiptap/pm/model";
import StarterKit from "@tiptap/starter-kit";
import { LEVELS, plain, read, words, write } from "./commonmark.js";
import { tools } from "./tools.js";

const MOST = 200_000; // characters, where the field names no other number
const MOST_MARKUP = 2_000_000;
const SETTLED_AFTER = 150; // milliseconds

const kit = StarterKit.configure({
  heading: false, code: false, codeBlock: false, link: false, strike: false, underline: false,
  gapcursor: false,
});

/** A heading of any level is an h2 here: a field stands in a page and skips no level of it. */
const heading = Node.create({
  name: "heading",
  group: "block",
  content: "inline*",
  defining: true,
  addAttributes: () => ({ level: { default: 1, rendered: false } }),
  parseHTML: () =>
    [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, attrs: { level: Math.min(level, LEVELS) } })),
  renderHTML: ({ node }) => ["h2", { "data-level": node.attrs.level }, 0],
  addKeyboardShortcuts: () =>
    Object.fromEntries([1, 2, 3].map((level) => [
      `Mod-Alt-${level}`, ({ editor }) => editor.commands.toggleNode("heading", "paragraph", { level }),
    ])),
  addInputRules() {
    const getAttributes = (match) => ({ level: match[1].length });
    return [textblockTypeInputRule({ find: /^(#{1,3})\s$/, type: this.type, getAttributes })];
  },
});

const house = Extension.create({
  name: "house",
  priority: 1000,
  addGlobalAttributes: () => [
    { types: ["orderedList"], attributes: { mark: { default: ".", rendered: false } } },
  ],
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
    extensions: [kit, heading, house],
    editorProps: {
      attributes: spoken(field),
      // The Tab key leaves the text, in a list too.
      handleDOMEvents: { keydown: (_view, event) => event.key === "Tab" },
      handlePaste: (_view, event) => tooLong(event),
      clipboardTextParser: (text, _at, _plain, view) =>
        Slice.maxOpen(plain(view.state.schema, text.replace(/\r\n?/g, "\n")).content),
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

export { read, words, write };
