/**
 * The guide inside another site's page: takes its settings from the fragment, and tells that page how high it is and how far
 * the visitor has come. Never an answer, never a body. It talks to nobody but the window that holds it, over the port it was given.
 */
import { parse, readable, write } from "./embed-colour.mjs";
import { forgets, remember } from "./embed-history.mjs";
import { readSettings, takeSettings, writeSettings } from "./embed-settings.mjs";
import { placeHere } from "./guide-history.mjs";
import { answersOfPlace, linksOf, longest, walk } from "./guide-links.mjs";

/** @typedef {import("./embed-settings.mjs").Settings} Settings */

const GREETING = "guide 1";
const OFTEN_MS = 100;   // between two heights
const SETTLED_MS = 500; // after a height is told: what the page around gives is then known
// The heights told, in pixels, beyond the last the frame scrolls: so few that those of all results make three classes at most.
const STEPS = [600, 960, 1536, 2458, 3932, 6291, 10_066, 16_106];

const page = document.documentElement;
const guide = /** @type {HTMLElement | null} */ (document.querySelector("[data-guide]"));
const dark = matchMedia("(prefers-color-scheme: dark)");

/** @type {MessagePort | undefined} */
let port;
let height = 0;   // as last told
let place = /** @type {ReturnType<typeof where> | undefined} */ (undefined);
/** @type {Settings} */
let settings = {};

if (window.parent !== window && forgets()) remember();
readAgain();
window.addEventListener("hashchange", readAgain);
dark.addEventListener("change", paint);
document.addEventListener("click", prepareLink, true);
document.addEventListener("auxclick", prepareLink, true);
if (window.parent !== window) window.addEventListener("message", greet);

/** Read the settings before the guide reads its state. */
function readAgain() {
  if (guide) settings = { ...settings, ...takeSettings(guide) };
  paint();
}

/** Show the theme and the accent asked for, the accent never without contrast. */
function paint() {
  const { theme, accent } = settings;
  if (theme === "light" || theme === "dark") page.dataset.theme = theme;
  else delete page.dataset.theme;
  const wanted = parse(accent ?? "");
  delete page.dataset.accent;
  if (!wanted) return;
  const now = getComputedStyle(page);
  const grounds = ["--paper", "--card", "--sand"].map((name) => parse(now.getPropertyValue(name)));
  if (grounds.includes(null)) return;
  const colours = readable(wanted, /** @type {import("./embed-colour.mjs").Colour[]} */ (grounds));
  for (const name of /** @type {const} */ (["accent", "strong", "tint", "on"])) page.style.setProperty(`--host-${name}`, write(colours[name]));
  page.dataset.accent = "";
}

/**
 * Other pages open in a new tab, whatever wrote the link; the other language keeps the settings.
 *
 * @param {Event} event
 */
function prepareLink(event) {
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!(link instanceof HTMLAnchorElement)) return;
  if (link.matches("[data-other]")) link.hash = writeSettings(settings, readSettings(link.hash || location.hash).rest);
  else if (/^https?:$/.test(link.protocol) && (link.pathname !== location.pathname || link.origin !== location.origin)) {
    link.target = "_blank";
    link.rel = "noopener";
  }
}

/**
 * Take the port of the window that holds this one, and say again what it needs to know.
 *
 * WebKit says at each link to a place of this page that the frame has loaded: the page around then closes its port and greets anew.
 *
 * @param {MessageEvent} event
 */
function greet(event) {
  if (event.source !== window.parent || event.data !== GREETING || event.ports.length !== 1) return;
  port?.close();
  const first = !port;
  port = event.ports[0];
  port.onmessage = hear;
  if (first) followHeight();
  else tell("height", height);
  tell("ready");
  if (first) followSteps();
  else tellPlace();
}

/** @param {(string | number)[]} said */
function tell(...said) {
  port?.postMessage(said);
}

/**
 * Hear the page around: a theme or a language, nothing else.
 *
 * @param {MessageEvent} event
 */
function hear({ data }) {
  if (!Array.isArray(data) || data.length !== 2) return;
  const [name, value] = data;
  if (name === "theme" && (value === "light" || value === "dark" || value === "auto")) {
    settings = { ...settings, theme: value };
    paint();
  } else if (name === "locale" && (value === "fr" || value === "en") && value !== page.lang) {
    const link = /** @type {HTMLAnchorElement | null} */ (document.querySelector("a[data-other]"));
    if (!link) return;
    const to = new URL(link.href);
    to.hash = writeSettings(settings, readSettings(link.hash || location.hash).rest);
    location.replace(to);
  }
}

/**
 * Tell the height of the page, in steps, each time it changes, now and then when it changes often. Where the page around gives less, this
 * one scrolls: nothing of the guide is cut.
 */
function followHeight() {
  const body = document.body;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  const fit = () => {
    page.dataset.framed = body.getBoundingClientRect().height > innerHeight + 1 ? "scrolls" : "";
  };
  const send = () => {
    waiting = undefined;
    const tall = body.getBoundingClientRect().height;
    const now = STEPS.find((step) => step >= tall) ?? STEPS[STEPS.length - 1];
    setTimeout(fit, SETTLED_MS);
    if (now === height) return;
    height = now;
    tell("height", height);
  };
  page.dataset.framed = "";
  send();
  addEventListener("resize", fit);
  new ResizeObserver(() => {
    waiting ??= setTimeout(send, OFTEN_MS);
  }).observe(body);
}

/** Tell how many questions were answered, and how many there may be, when that changes; then the end. */
function followSteps() {
  if (!guide) return;
  const most = longest();
  place = where(most);
  tellPlace();
  const look = () => {
    const now = where(most);
    if (now.key === place?.key) return;
    place = now;
    tellPlace();
    tell("top");
  };
  let asked = false;
  const soon = () => {
    if (asked) return;
    asked = true;
    setTimeout(() => {
      asked = false;
      look();
    });
  };
  window.addEventListener("popstate", soon);
  new MutationObserver(soon).observe(guide, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-shown", "data-engine"] });
}

function tellPlace() {
  if (place?.final) tell("end");
  else if (place) tell("step", place.step, place.of);
}

/**
 * Return the place in the guide: which question this is, and how many there may be at most, whatever is answered.
 *
 * @param {number} most
 */
function where(most) {
  const { about, ...place } = placeHere();
  const { id, steps } = walk(answersOfPlace(place));
  return { step: steps + 1, of: Math.max(steps + 1, most), final: linksOf(id).length === 0, key: `${id} ${steps} ${about === "urgent"}` };
}
