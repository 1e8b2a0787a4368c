/**
 * Files made on the device: a letter in three kinds, the dates, the bodies, a code to scan. Nothing leaves it.
 */

/** @typedef {{name: string, integrity: string, bytes: number}} Asset */

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
  document.body.classList.add("prints-letter");   // the style sheet then prints the sheet alone
  window.addEventListener("afterprint", () => {
    sheet.remove();
    document.body.classList.remove("prints-letter");
  }, { once: true });
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

/** @type {Record<string, (text: string, name: string, desk: Desk) => unknown>} - what can be done with a finished letter */
export const LETTER_ACTS = {
  copy: (text) => navigator.clipboard.writeText(text),
  print: printLetter,
  txt: (text, name) => save(`${name}.txt`, text.replace(/\n/g, "\r\n"), "text/plain;charset=utf-8"),
  docx: saveDocx,
  pdf: savePdf,
};
