/**
 * The page for partners: writes the code a site pastes, and shows what it gives.
 */
import { parse, readable, write } from "./embed-colour.mjs";
import { SETTINGS, writeSettings } from "./embed-settings.mjs";

/** @typedef {{locale: string, start: string, dep: string, caisse: string, theme: string, accent: string}} Choices - `start`: answers given in advance */
/**
 * @typedef {{site: string, file: string, integrity: string, frame: string, urgent: Record<string, string>}} Where
 *   `site` ends with a slash; `frame`: attributes; `urgent`: by language, the line of the numbers to call, for where the frame cannot call them
 */

const LIGHT = ["#fbf8f2", "#ffffff", "#f4ecdf"];   // paper, card, sand of tokens.css

/**
 * Return the three codes for some choices.
 *
 * @param {Choices} choices
 * @param {Where} where
 * @param {string} text - of the link
 */
export function codes({ locale, start, ...settings }, { site, file, integrity, frame, urgent }, text) {
  const root = site + (locale === "en" ? "en/" : "");
  const fragment = writeSettings(settings, start);
  const to = (/** @type {string} */ path, /** @type {string} */ first) => escape(`${root}${path}${[first, fragment].some(Boolean) ? "#" : ""}${[first, fragment].filter(Boolean).join("&")}`);
  return {
    link: `<a href="${to("guide/", "")}">${escape(text)}</a>`,
    upgrade: `<a data-embed href="${to("guide/", "embed")}">${escape(text)}</a>\n<script async src="${escape(site + file)}" integrity="${integrity}" crossorigin="anonymous"></script>`,
    frame: `<iframe src="${to("embed/", "")}" title="${escape(text)}" ${frame}></iframe>\n<p><a href="${to("guide/", "")}">${escape(text)}</a></p>\n${urgent[locale]}`,
  };
}

/**
 * Return what a visual editor is to receive of a code: its link, as a link. It would show the code itself as text.
 *
 * @param {string} code - HTML, or Markdown
 */
export function asLink(code) {
  const html = /<a .*<\/a>/.exec(code)?.[0].replace("<a data-embed ", "<a ");
  const [, text, address] = /^\[(.*)\]\((.*)\)$/.exec(code) ?? [];
  return html ?? (address && `<a href="${escape(address)}">${escape(text)}</a>`);
}

/** @param {string} text */
function escape(text) {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}

/**
 * Return the choices as settings hold them, and the fields that cannot be read.
 *
 * @param {FormData} form
 * @returns {{choices: Choices, wrong: string[]}}
 */
export function read(form) {
  const said = (/** @type {string} */ name) => String(form.get(name) ?? "").trim();
  const colour = parse(said("accent"));
  const choices = {
    locale: said("locale"), start: writeSettings({ asker: said("asker"), ground: said("ground") }), dep: said("dep").toUpperCase().replace(/^\d$/, "0$&"), caisse: said("caisse").toUpperCase(),
    theme: said("theme"), accent: colour ? write(colour).slice(1) : said("accent"),
  };
  const wrong = /** @type {const} */ (["dep", "accent"]).filter((name) => choices[name] && !SETTINGS[name].test(choices[name]));
  return { choices, wrong };
}

/**
 * Say that the page shows a colour other than the one that was asked, and which.
 *
 * @param {string} accent
 * @param {string} darker - the sentence before the colour
 */
function moved(accent, darker) {
  const wanted = parse(accent);
  if (!wanted) return "";
  const used = readable(wanted, /** @type {import("./embed-colour.mjs").Colour[]} */ (LIGHT.map(parse)));
  return used.kept ? "" : `${darker} ${write(used.accent)}.`;
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 * @param {boolean} wrong
 */
function mark(form, name, wrong) {
  const field = /** @type {HTMLElement} */ (form.elements.namedItem(name));
  const hint = /** @type {HTMLElement} */ (field.parentElement?.querySelector("[data-wrong]"));
  hint.dataset.usual ??= hint.textContent ?? "";
  hint.textContent = wrong ? hint.dataset.wrong ?? "" : hint.dataset.usual;
  field.toggleAttribute("aria-invalid", wrong);
  if (wrong) field.setAttribute("aria-invalid", "true");
}

/**
 * Return the address of the guide for some choices.
 *
 * @param {Choices} choices
 * @param {string} site
 */
function address({ locale, start: first, ...settings }, site) {
  const fragment = writeSettings(settings, first);
  return `${site}${locale === "en" ? "en/" : ""}guide/${fragment && "#"}${fragment}`;
}

/**
 * Show the guide in this page, as a partner's page would; it is loaded now, never before.
 *
 * @param {string} to
 * @param {Where} where
 * @param {string} text - of the link
 * @param {HTMLElement} place
 */
function preview(to, { site, file, integrity }, text, place) {
  const link = document.createElement("a");
  link.dataset.embed = "";
  link.textContent = text;
  link.href = to;
  place.replaceChildren(link);
  if (document.querySelector("script[data-preview]")) return;
  const script = document.createElement("script");
  script.dataset.preview = "";
  script.src = site + file;
  script.integrity = integrity;
  document.head.append(script);
}

/** @param {HTMLFormElement} form */
function start(form) {
  const { site = "", file = "", integrity = "", frame = "", urgentFr = "", urgentEn = "" } = form.dataset;
  const where = { site: new URL(site, location.href).href, file, integrity, frame, urgent: { fr: urgentFr, en: urgentEn } };
  const done = /** @type {HTMLElement} */ (form.querySelector("[data-done]"));
  const place = /** @type {HTMLElement} */ (form.querySelector("[data-place]"));
  const textOf = (/** @type {string} */ locale) => (locale === "en" ? form.dataset.textEn : form.dataset.textFr) ?? "";
  form.hidden = false;

  /** @returns {Choices | undefined} the choices, once every field can be read */
  function make() {
    const { choices, wrong } = read(new FormData(form));
    for (const name of ["dep", "accent"]) mark(form, name, wrong.includes(name));
    if (wrong.length) {
      /** @type {HTMLElement} */ (form.elements.namedItem(wrong[0])).focus();
      return undefined;
    }
    const made = codes(choices, where, textOf(choices.locale));
    for (const [kind, code] of Object.entries(made)) {
      for (const shown of document.querySelectorAll(`[data-code="${kind}"]`)) shown.textContent = code;
    }
    for (const seen of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("a[data-seen]"))) {
      seen.textContent = textOf(choices.locale);
      seen.href = address(choices, where.site);
    }
    done.textContent = [form.dataset.made, moved(choices.accent, form.dataset.darker ?? "")].filter(Boolean).join(" ");
    return choices;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const choices = make();
    if (choices) preview(address(choices, where.site), where, textOf(choices.locale), place);
  });
}

/** Let each code be copied, on the page with the form and on the one without; that it is done is said beside the button. */
function offerCopies() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    const row = /** @type {HTMLElement} */ (button.parentElement);
    const done = /** @type {HTMLElement} */ (row.querySelector("[role=status]"));
    row.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      const code = document.querySelector(`[data-code="${button.getAttribute("data-copy")}"]`)?.textContent ?? "";
      const link = asLink(code);
      if (link && self.ClipboardItem) {   // the code in a box for code, the link in a text
        await navigator.clipboard.write([new ClipboardItem({ "text/plain": inKind("text/plain", code), "text/html": inKind("text/html", link) })]);
      } else await navigator.clipboard.writeText(code);
      for (const said of document.querySelectorAll("[data-copy] + [role=status]")) said.textContent = "";
      done.textContent = button.getAttribute("data-copied");
    });
  }
}

/** Let a code that is selected and copied by hand be what the button gives: code in a box for code, a link in a text. */
function copyByHand() {
  for (const code of document.querySelectorAll("[data-code]")) {
    code.closest("pre")?.addEventListener("copy", (event) => {
      const text = String(getSelection());
      const link = asLink(text.trim());
      if (!link || !event.clipboardData) return;   // a part of it is copied as it is
      event.clipboardData.setData("text/plain", text);
      event.clipboardData.setData("text/html", link);
      event.preventDefault();
    });
  }
}

/**
 * @param {string} type
 * @param {string} text
 */
function inKind(type, text) {
  return new Blob([text], { type });
}

if (typeof document !== "undefined") {
  for (const form of document.querySelectorAll("form[data-embed-maker]")) start(/** @type {HTMLFormElement} */ (form));
  offerCopies();
  copyByHand();
}
