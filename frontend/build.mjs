// Builds what a page needs into src/rapport/web/static/rapport: one stylesheet, a script a
// door, the icon sprite and the fonts for screen and paper. The same inputs give the same bytes.
import { copyFile, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "@tailwindcss/node";
import { Scanner } from "@tailwindcss/oxide";
import * as esbuild from "esbuild";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => path.join(root, ...parts);
const made = at("src/rapport/web/static/rapport");
const out = (...parts) => at(".cache/assets", ...parts); // moved to its place when complete

const FONTS = [
  ["atkinson-hyperlegible-next", "latin-wght-normal"],
  ["atkinson-hyperlegible-next", "latin-ext-wght-normal"],
  ["literata", "latin-opsz-normal"],
  ["noto-sans-arabic", "arabic-wght-normal"],
];

const FACES = [
  ["literata", "Literata", ["400Regular", "400Regular_Italic", "700Bold", "700Bold_Italic"]],
  ["atkinson-hyperlegible-next", "AtkinsonHyperlegibleNext", ["400Regular", "700Bold"]],
  ["noto-sans", "NotoSans", ["400Regular", "700Bold"]],
  ["noto-sans-arabic", "NotoSansArabic", ["400Regular", "700Bold"]],
];

/** Places in a day's grid: rows of five minutes, so that no element needs a style of its own. */
function rows() {
  const each = (most, rule) => Array.from({ length: most }, (_, n) => rule(n + 1)).join("");
  const row = (n) => `.r-${n}{grid-row-start:${n}}.s-${n}{grid-row-end:span ${n}}`;
  const lane = (n) => `.of-${n}{--of:${n}}.at-${n - 1}{--at:${n - 1}}.wide-${n}{--wide:${n}}`;
  return each(24, (n) => `.tall-${n}{--tall:${n}}`) + each(288, row) + each(12, lane);
}

async function styles() {
  const source = (await readFile(at("frontend/css/app.css"), "utf8")) + rows();
  const compiler = await compile(source, { base: at("frontend/css"), onDependency() {} });
  const scanner = new Scanner({
    sources: [{ base: at("src/rapport/web/templates"), pattern: "**/*.html", negated: false }],
  });
  const css = compiler.build(scanner.scan().sort());
  const { code } = await esbuild.transform(css, { loader: "css", minify: true, legalComments: "none" });
  await writeFile(out("app.css"), code);
}

async function scripts() {
  const { metafile } = await esbuild.build({
    absWorkingDir: root,
    metafile: true,
    entryPoints: ["desk", "portal", "prose", "public", "signin", "worker", "dailyworker"].map((name) => at(`frontend/js/${name}.js`)),
    outdir: out(),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
  });
  return metafile;
}

async function icons() {
  const names = (await readFile(at("frontend/icons.txt"), "utf8")).split(/\s+/).filter(Boolean).sort();
  const symbols = await Promise.all(
    names.map(async (name) => {
      const svg = await readFile(at(`node_modules/lucide-static/icons/${name}.svg`), "utf8");
      const inside = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
      return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${inside.replace(/\s*\n\s*/g, "")}</symbol>`;
    }),
  );
  await writeFile(out("icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
}

async function fonts() {
  await mkdir(out("fonts"), { recursive: true });
  for (const [family, face] of FONTS) {
    const file = `${family}-${face}.woff2`;
    await copyFile(at(`node_modules/@fontsource-variable/${family}/files/${file}`), out("fonts", file));
  }
}

/** Typst reads no woff2: whole faces for the press, with every letter they have. */
async function faces() {
  await mkdir(out("print"), { recursive: true });
  for (const [family, name, styles] of FACES) {
    for (const style of styles) {
      const file = `${name}_${style}.ttf`;
      await copyFile(at(`node_modules/@expo-google-fonts/${family}/${style}/${file}`), out("print", file));
    }
  }
}

/** The packages whose files esbuild took into the scripts. */
const bundled = ({ inputs }) =>
  Object.keys(inputs).flatMap((file) => /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);

/** What goes into the files above carries its licence with it. */
async function licences(taken) {
  const families = FONTS.map(([family]) => `@fontsource-variable/${family}`);
  families.push(...FACES.map(([family]) => `@expo-google-fonts/${family}`));
  const all = new Set(["daisyui", "lucide-static", "tailwindcss", ...families, ...bundled(await taken)]);
  const texts = [...all].sort().map(async (name) => {
    const folder = at("node_modules", name);
    const { version, license } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
    const files = (await readdir(folder)).filter((one) => /^licen[cs]e/i.test(one)).sort();
    const file = files.at(-1); // where a font has one of its own, it is the last
    return `${name} ${version} (${license})\n\n${(await readFile(path.join(folder, file), "utf8")).trim()}\n`;
  });
  await writeFile(out("LICENCES.txt"), (await Promise.all(texts)).join(`\n${"-".repeat(80)}\n\n`));
}

await rm(out(), { recursive: true, force: true });
await mkdir(out(), { recursive: true });
const taken = scripts();
await Promise.all([styles(), taken, icons(), fonts(), faces(), licences(taken)]);
await rm(made, { recursive: true, force: true });
await mkdir(path.dirname(made), { recursive: true });
await rename(out(), made);
