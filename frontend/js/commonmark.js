// What is written, between the editor and CommonMark. Paragraphs, headings, emphasis, lists,
// quotes, line breaks and rules have a meaning, as in core/prose.py; all else is words.
import MarkdownIt from "markdown-it";
import { MarkdownParser, MarkdownSerializer } from "prosemirror-markdown";

const DEEPEST = 16;
const MEANT = ["blockquote", "hr", "list", "heading", "newline", "escape", "emphasis"];
export const LEVELS = 3; // of headings; deeper ones are as the last

const markdown = new MarkdownIt("zero", { maxNesting: DEEPEST + 4 }).enable(MEANT);

/** A numbered list for each run of numbers: "3. March" and "17. March" stay what they are. */
function numbered(tokens) {
  const within = [];
  return tokens.flatMap((token) => {
    if (token.type.endsWith("list_open")) within.push({ open: token, next: null });
    const list = within.at(-1);
    if (token.type.endsWith("list_close")) within.pop();
    if (token.type !== "list_item_open" || list.open.type !== "ordered_list_open") return [token];
    const number = Number(token.info);
    const again = list.next !== null && list.next !== number;
    if (list.next === null) list.open.meta = { start: number };
    list.next = number + 1;
    if (!again) return [token];
    const close = Object.assign(Object.create(list.open), { type: "ordered_list_close", nesting: -1 });
    const open = Object.assign(Object.create(list.open), { meta: { start: number } });
    return [close, open, token];
  });
}

function asTyped(schema, text) {
  const lines = (part) => part.split("\n").flatMap((line) => [
    schema.nodes.hardBreak.create(), ...(line.trim() ? [schema.text(line.trim())] : []),
  ]).slice(1);
  const parts = text.split(/\n\s*\n/).filter((part) => part.trim());
  const paragraphs = parts.map((part) => schema.nodes.paragraph.create(null, lines(part.trim())));
  return schema.topNodeType.createAndFill(null, paragraphs);
}

/** Words without any markup in them, such as pasted plain text: lines stay lines. */
export const plain = asTyped;

/** The editor's document for a text. */
export function read(schema, text) {
  const tokenizer = { parse: (source, environment) => numbered(markdown.parse(source, environment)) };
  const level = (token) => Math.min(Number(token.tag[1]), LEVELS);
  const deep = markdown.parse(text, {}).some((one) => one.nesting === 1 && one.level >= DEEPEST);
  if (deep) return asTyped(schema, text);
  return new MarkdownParser(schema, tokenizer, {
    paragraph: { block: "paragraph" },
    blockquote: { block: "blockquote" },
    bullet_list: { block: "bulletList" },
    ordered_list: { block: "orderedList", getAttrs: ({ meta, markup }) => ({ ...meta, mark: markup }) },
    list_item: { block: "listItem" },
    heading: { block: "heading", getAttrs: (token) => ({ level: level(token) }) },
    hr: { node: "horizontalRule" },
    softbreak: { node: "hardBreak" },
    hardbreak: { node: "hardBreak" },
    em: { mark: "italic" },
    strong: { mark: "bold" },
  }).parse(text);
}

/** Backslashes before what would otherwise mean something, and before nothing else. */
function escaped(text, { lineStart, heading }) {
  let said = text
    .replace(/[\r\n\u2028\u2029]+/g, " ")
    .replace(/\\(?=[!-/:-@[-`{-~]|\s*$)/g, "\\\\")
    .replace(/\*/g, "\\*")
    .replace(/(?<![a-z0-9])_|_(?![a-z0-9])/gi, "\\_");
  if (lineStart)
    said = said
      .trimStart()
      .replace(/^(#{1,6}|\+)(?=\s|$)/, "\\$1")
      .replace(/^-(?=[-\s]|$)/, "\\-")
      .replace(/^(?=>|=+\s*$)/, "\\")
      .replace(/^(\d{1,9})(?=[.)](\s|$))/, "$1\\");
  return heading ? said.replace(/#(?=#*\s*$)/, "\\#") : said;
}

const blank = (node) => node.isTextblock && !node.textContent.trim();
const sameBefore = (node, parent, index) => {
  let count = 0;
  while (index - count > 0 && parent.child(index - count - 1).type === node.type) count += 1;
  return count;
};

/** A list right below a line: only one that begins with 1 and with words is seen as one. */
function list(state, node, width, mark) {
  const close = state.inTightList;
  state.inTightList = close && (node.attrs.start ?? 1) === 1 && !blank(node.firstChild.firstChild);
  state.renderList(node, width, mark);
  state.inTightList = close;
}

const serializer = new MarkdownSerializer(
  {
    paragraph(state, node, parent) {
      if (blank(node) && (parent.childCount > 1 || parent.type.name === "doc")) return;
      state.renderInline(node);
      state.closeBlock(node);
    },
    heading(state, node) {
      if (blank(node)) return;
      state.write(`${"#".repeat(node.attrs.level)} `);
      state.renderInline(node, false);
      state.closeBlock(node);
    },
    blockquote(state, node) {
      state.wrapBlock("> ", null, node, () => state.renderContent(node));
    },
    bulletList(state, node, parent, index) {
      // Another mark begins another list; the same one would go on with this one.
      const mark = sameBefore(node, parent, index) % 2 ? "*" : "-";
      list(state, node, "  ", () => `${mark} `);
    },
    orderedList(state, node) {
      const start = node.attrs.start ?? 1;
      const mark = (at) => `${start + at}${node.attrs.mark} `;
      const width = mark(node.childCount - 1).length;
      list(state, node, " ".repeat(width), (at) => mark(at).padEnd(width));
    },
    listItem: (state, node) => state.renderContent(node),
    horizontalRule(state, node) {
      state.write("___"); // no list mark begins like it
      state.closeBlock(node);
    },
    hardBreak(state, node, parent) {
      if (parent.type.name === "heading") state.write(" ");
      else if (!state.atBlank()) state.write("\n");
    },
    text(state, node, parent) {
      const heading = parent.type.name === "heading";
      const lineStart = !heading && (state.atBlockStart || state.atBlank());
      state.text(escaped(node.text, { lineStart, heading }), false);
    },
  },
  {
    italic: { open: "*", close: "*", mixable: true, expelEnclosingWhitespace: true },
    bold: { open: "**", close: "**", mixable: true, expelEnclosingWhitespace: true },
  },
  { hardBreakNodeName: "hardBreak", tightLists: true },
);

const tidy = (text) => text.replace(/[ \t]+$/gm, "").replace(/^\n+|\n+$/g, "");
const written = (doc) => tidy(serializer.serialize(doc));

/** Every word of a document, in order, without what white space says. */
export function words(doc) {
  const said = [];
  doc.descendants((node) => {
    if (node.isText) said.push(node.text);
    else if (node.isBlock || node.type.name === "hardBreak") said.push(" ");
  });
  return said.join("").replace(/\s+/g, " ").trim();
}

const unmarked = (node) =>
  node.isText ? node.mark([]) : node.copy(node.content.constructor.from(node.content.content.map(unmarked)));

/** CommonMark for the editor's document. What does not come back as it was loses its emphasis. */
export function write(doc) {
  const comesBack = (one) => words(read(doc.type.schema, written(one))) === words(one);
  if (comesBack(doc)) return written(doc);
  const alone = (block) => doc.copy(doc.content.constructor.from(block));
  const blocks = doc.content.content.map((block) => (comesBack(alone(block)) ? block : unmarked(block)));
  return written(doc.copy(doc.content.constructor.from(blocks)));
}
