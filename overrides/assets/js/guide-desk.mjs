/**
 * The desk of a result: letters put together on the device, local bodies, files, a code that reopens the result.
 *
 * What is typed stays in this page's memory; it is never stored, sent, or written in the address.
 */

/** @typedef {{name: string, integrity: string, bytes: number}} Asset */
/** @typedef {{id: string, bodies: string[], name: [string, string]}} Letter */
/** @typedef {(request: object) => Promise<any>} Ask */

/**
 * Give a file to the person; nothing leaves the device.
 *
 * @param {string} name
 * @param {BlobPart} content
 * @param {string} type
 */
export function save(name, content, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/**
 * Fetch the letters and the directory: always both, in this order, whatever the answers.
 *
 * @param {HTMLElement} guide
 */
export async function loadDesk(guide) {
  /** @type {Record<string, Asset>} */
  const assets = JSON.parse(guide.dataset.more ?? "{}");
  const base = new URL(guide.dataset.folder ?? "", document.baseURI);
  const address = (/** @type {string} */ part) => new URL(assets[part].name, base).href;
  const fetched = async (/** @type {string} */ part) => {
    const response = await fetch(address(part), { integrity: assets[part].integrity, credentials: "same-origin" });
    if (!response.ok) throw new Error(`${part}: ${response.status}`);
    return response;
  };
  const letters = await (await fetched("letters")).json();
  const directory = await (await fetched("directory")).json();
  return { letters, directory, address, fetched };
}

/** @typedef {Awaited<ReturnType<typeof loadDesk>>} Desk */

/**
 * Offer the letters of the bodies of a result, each as a link to its page to fill in by hand.
 *
 * @param {HTMLElement} step
 * @param {HTMLElement} guide
 * @param {Desk} desk
 */
export function offerLetters(step, guide, desk) {
  const english = guide.dataset.locale === "en";
  const words = JSON.parse(guide.dataset.words ?? "{}");
  for (const letter of /** @type {Letter[]} */ (desk.letters.letters)) {
    const link = document.createElement("a");
    link.className = "guide-letter";
    link.dataset.letter = letter.id;
    link.href = `${guide.dataset.root}lettres/${letter.id}/`;
    link.textContent = `${words["letter.write"]}${english ? ":" : "\u00a0:"} ${letter.name[english ? 1 : 0]}`;
    const card = letter.bodies.map((body) => step.querySelector(`[data-body="${body}"]`)).find(Boolean);
    const also = letter.bodies.some((body) => step.querySelector(`[data-also="${body}"]`));
    if (card) before(card.querySelector("details"), card, link);
    else if (also) step.querySelector(".guide-also")?.after(link);
  }
}

/**
 * @param {Element | null} place
 * @param {Element} parent
 * @param {Element} link
 */
function before(place, parent, link) {
  if (place) place.before(link);
  else parent.append(link);
}

/**
 * Return what is written in a form, by field.
 *
 * @param {HTMLFormElement} form
 * @returns {Record<string, string>}
 */
export function typedIn(form) {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
}

/**
 * Show a letter's form in place of the result, and the letter once it is ready.
 *
 * @param {HTMLElement} place
 * @param {string} letter
 * @param {Ask} ask - answers and day included
 * @param {Desk} desk
 * @param {Record<string, string>} values - what was typed so far; kept up to date
 * @param {() => void} close
 */
export async function openLetter(place, letter, ask, desk, values, close) {
  const request = { do: "letter", letters: desk.letters, letter };
  place.innerHTML = (await ask({ ...request, values })).html;
  const written = document.createElement("div");
  written.dataset.written = "";
  place.querySelector("form")?.after(written);
  place.querySelector("h2")?.focus({ preventScroll: true });
  place.scrollIntoView();

  place.onsubmit = async (event) => {
    event.preventDefault();
    if (!(event.target instanceof HTMLFormElement)) return;
    Object.assign(values, typedIn(event.target));
    const found = await ask({ ...request, values, ready: true });
    mark(event.target, found.missing);
    const errors = event.target.querySelector("[data-errors]");
    if (errors) errors.innerHTML = found.missing.length ? found.html : "";
    written.innerHTML = found.missing.length ? "" : found.html;
    /** @type {HTMLElement | null} */ (place.querySelector(found.missing.length ? ".guide-errors" : "#letter-ready"))?.focus();
  };
  place.onclick = async (event) => {
    const target = event.target instanceof HTMLElement ? event.target : null;
    const field = target?.closest("[data-to]");
    if (field instanceof HTMLElement) {
      event.preventDefault();
      document.getElementById(field.dataset.to ?? "")?.focus();
    }
    if (target?.closest("[data-close]")) close();
    const act = target?.closest("[data-letter-do]");
    if (act instanceof HTMLElement) await say(place, act.dataset.letterDo ?? "", letter, desk);
  };
}

/**
 * Tie each missing field to the summary of errors.
 *
 * @param {HTMLFormElement} form
 * @param {string[]} missing
 */
function mark(form, missing) {
  for (const control of form.querySelectorAll("input, textarea")) {
    const wrong = missing.includes(control.getAttribute("name") ?? "");
    if (wrong) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }
}

/**
 * Do what a button says with the letter as it was corrected, and say how it went.
 *
 * @param {HTMLElement} place
 * @param {string} act
 * @param {string} letter
 * @param {Desk} desk
 */
async function say(place, act, letter, desk) {
  const guide = /** @type {HTMLElement} */ (place.closest("[data-guide]"));
  const words = JSON.parse(guide.dataset.words ?? "{}");
  const text = /** @type {HTMLTextAreaElement} */ (place.querySelector("[data-letter-text]")).value;
  const said = place.querySelector("[data-letter-said]");
  try {
    await ACTS[act](text, `lettre-${letter}`, desk);
    if (said && act !== "print") said.textContent = words[act === "copy" ? "letter.copied" : "letter.saved"];
  } catch {
    if (said) said.textContent = words["letter.failed"];
  }
}

/** @type {Record<string, (text: string, name: string, desk: Desk) => unknown>} */
const ACTS = {
  copy: (text) => navigator.clipboard.writeText(text),
  print: printLetter,
  txt: (text, name) => save(`${name}.txt`, text.replace(/\n/g, "\r\n"), "text/plain;charset=utf-8"),
  docx: saveDocx,
  pdf: savePdf,
};

/**
 * Print the letter alone: the style sheet hides the rest of the page while its copy is there.
 *
 * @param {string} text
 */
export function printLetter(text) {
  const sheet = document.createElement("div");
  sheet.className = "letter-print";
  sheet.lang = "fr";
  for (const paragraph of text.split(/\n{2,}/)) {
    const shown = document.createElement("p");
    shown.textContent = paragraph;
    sheet.append(shown);
  }
  document.body.append(sheet);
  window.addEventListener("afterprint", () => sheet.remove(), { once: true });
  window.print();
}

/**
 * @param {string} text
 * @param {string} name
 * @param {Desk} desk
 */
async function saveDocx(text, name, desk) {
  const { Document, Packer, Paragraph, TextRun } = await import(desk.address("docx"));
  const children = text.split(/\n{2,}/).map((paragraph) => new Paragraph({
    spacing: { after: 200 },
    children: paragraph.split("\n").map((line, number) => new TextRun({ text: line, break: number ? 1 : 0 })),
  }));
  const run = { font: "Arial", size: 22, language: { value: "fr-FR" } };
  const file = new Document({ title: name, creator: "", styles: { default: { document: { run } } }, sections: [{ children }] });
  save(`${name}.docx`, await Packer.toBlob(file), "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
}

/**
 * Make a PDF that says its own structure (PDF/UA-1): paragraphs, language, title.
 *
 * @param {string} text
 * @param {string} name
 * @param {Desk} desk
 */
async function savePdf(text, name, desk) {
  await import(desk.address("pdfkit"));
  const font = await (await desk.fetched("font")).arrayBuffer();
  const PDFDocument = /** @type {any} */ (globalThis).PDFDocument;
  const paragraphs = text.split(/\n{2,}/);
  const title = paragraphs.find((paragraph) => paragraph.startsWith("Objet")) ?? paragraphs[0].split("\n")[0];
  const file = new PDFDocument({
    size: "A4", margin: 70, pdfVersion: "1.7", subset: "PDF/UA", tagged: true, lang: "fr-FR", displayTitle: true, font: null,
    info: { Title: title },
  });
  file.subset = String(file.subset);
  /** @type {BlobPart[]} */
  const chunks = [];
  const ended = new Promise((done) => file.on("end", done));
  file.on("data", (/** @type {Uint8Array<ArrayBuffer>} */ chunk) => chunks.push(chunk));
  file.registerFont("letter", font);
  file.font("letter").fontSize(11);
  const root = file.struct("Document");
  file.addStructure(root);
  for (const paragraph of paragraphs) {
    root.add(file.struct(paragraph === title ? "H1" : "P", () => file.text(paragraph, { lineGap: 2 }).moveDown(0.8)));
  }
  root.end();
  file.end();
  await ended;
  save(`${name}.pdf`, new Blob(chunks), "application/pdf");
}

/**
 * Draw a code that opens this address again, made on the device.
 *
 * @param {Element} place
 * @param {string} address
 * @param {string} note
 * @param {Desk} desk
 */
export async function drawCode(place, address, note, desk) {
  const { qrcode } = await import(desk.address("qrcode"));
  const code = qrcode(0, "L");
  code.addData(address);
  code.make();
  const size = code.getModuleCount();
  let path = "";
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) if (code.isDark(row, column)) path += `M${column + 4} ${row + 4}h1v1h-1z`;
  }
  const edge = size + 8;
  place.innerHTML = `<svg class="guide-code" viewBox="0 0 ${edge} ${edge}" role="img" shape-rendering="crispEdges"><path class="code-paper" d="M0 0h${edge}v${edge}H0z"/><path class="code-ink" d="${path}"/></svg><p></p>`;
  const [drawing, text] = place.children;
  drawing.setAttribute("aria-label", note);
  text.textContent = note;
}
