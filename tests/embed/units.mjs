/**
 * Checks of the modules of the embedding that need no page, on ten thousand random values; prints what it counted as JSON.
 */
import assert from "node:assert/strict";
import { contrast, ENOUGH, parse, readable } from "../../overrides/assets/js/embed-colour.mjs";
import { asLink, codes, read } from "../../overrides/assets/js/embed-partner.mjs";
import { readSettings, SETTINGS, stateOf, writeSettings } from "../../overrides/assets/js/embed-settings.mjs";

/** @typedef {import("../../overrides/assets/js/embed-colour.mjs").Colour} Colour */

const COUNT = 10_000;
const GROUNDS = JSON.parse(process.argv[2]).map((/** @type {string[]} */ theme) => theme.map(parse));

let seed = 20261122;
function random() {
  seed = (seed * 1103515245 + 12345) & 0x7fffffff;
  return seed / 0x7fffffff;
}
const below = (/** @type {number} */ limit) => Math.floor(random() * limit);
/**
 * @template T
 * @param {T[]} all
 */
const one = (all) => all[below(all.length)];

let worst = Infinity;
let kept = 0;
for (let turn = 0; turn < COUNT; turn += 1) {
  const grounds = /** @type {Colour[]} */ (one(GROUNDS));
  const colours = readable([below(256), below(256), below(256)], grounds);
  for (const ground of [...grounds, colours.tint]) {
    worst = Math.min(worst, contrast(colours.accent, ground), contrast(colours.strong, ground));
  }
  worst = Math.min(worst, contrast(colours.on, colours.accent));
  kept += Number(colours.kept);
}
assert.ok(worst >= ENOUGH, `a colour has a contrast of ${worst} only`);

const PIECES = ["dep=59", "dep=2A", "dep=99", "dep=", "theme=dark", "theme=<script>", "accent=0b5f55", "accent=red", "caisse=591", "embed", "n57",
  "v=abcd1234", "asker=parent", "ground=c2s,ame", "x", "=", "&", "#", "__proto__=1", "constructor=dep", "%", "é", "javascript:alert(1)", "b-ars"];
for (let turn = 0; turn < COUNT; turn += 1) {
  const fragment = Array.from({ length: below(6) }, () => one(PIECES)).join(one(["&", "&", "&", "#", ""]));
  const { settings, rest } = readSettings(fragment);
  for (const [name, value] of Object.entries(settings)) {
    assert.ok(Object.hasOwn(SETTINGS, name) && SETTINGS[/** @type {keyof typeof SETTINGS} */ (name)].test(value ?? ""));
  }
  assert.deepEqual(readSettings(`#${writeSettings(settings, rest)}`), { settings, rest });
  assert.ok(/^(v=.*|[^=]*)$/.test(stateOf(rest, "0000")), stateOf(rest, "0000"));
}

const where = { site: "https://site.example/sub/", file: "embed-9.9.9.js", integrity: "sha384-abc", frame: 'height="720" sandbox="x"', urgent: { fr: "<p>15 ou 112</p>", en: "<p>15 or 112</p>" } };
/** @param {Record<string, string>} fields */
function form(fields) {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
}
const french = read(form({ locale: "fr", asker: "", ground: "", dep: " 2a ", caisse: "", theme: "", accent: "#FC0" }));
assert.deepEqual(french.wrong, []);
assert.equal(codes(french.choices, where, 'A "text" <b>').link, '<a href="https://site.example/sub/guide/#dep=2A&amp;accent=ffcc00">A &quot;text&quot; &lt;b></a>');
const english = read(form({ locale: "en", asker: "professionnel_temoin", ground: "c2s", dep: "1", caisse: "011", theme: "dark", accent: "" }));
const made = codes(english.choices, where, "Text");
assert.equal(made.frame, '<iframe src="https://site.example/sub/en/embed/#dep=01&amp;caisse=011&amp;theme=dark&amp;asker=professionnel_temoin&amp;ground=c2s" title="Text" height="720" sandbox="x"></iframe>\n<p><a href="https://site.example/sub/en/guide/#dep=01&amp;caisse=011&amp;theme=dark&amp;asker=professionnel_temoin&amp;ground=c2s">Text</a></p>\n<p>15 or 112</p>');
assert.equal(made.upgrade, '<a data-embed href="https://site.example/sub/en/guide/#embed&amp;dep=01&amp;caisse=011&amp;theme=dark&amp;asker=professionnel_temoin&amp;ground=c2s">Text</a>\n<script async src="https://site.example/sub/embed-9.9.9.js" integrity="sha384-abc" crossorigin="anonymous"></script>');
assert.equal(codes(read(form({ locale: "fr" })).choices, where, "Texte").link, '<a href="https://site.example/sub/guide/">Texte</a>');
assert.equal(asLink(made.upgrade), '<a href="https://site.example/sub/en/guide/#embed&amp;dep=01&amp;caisse=011&amp;theme=dark&amp;asker=professionnel_temoin&amp;ground=c2s">Text</a>');
assert.equal(asLink(made.frame), made.link);
assert.equal(asLink("[Un <texte>](https://site.example/guide/#embed)"), '<a href="https://site.example/guide/#embed">Un &lt;texte></a>');
assert.equal(asLink('const script = document.createElement("script");'), undefined);
assert.deepEqual(read(form({ locale: "fr", dep: "99", accent: "rouge" })).wrong, ["dep", "accent"]);

console.log(JSON.stringify({ colours: COUNT, kept, worst: Number(worst.toFixed(3)), fragments: COUNT }));
