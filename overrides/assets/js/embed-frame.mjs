/**
 * The guide inside another site's page: takes its settings from the fragment, and tells that page how high it is and how far
 * the visitor has come. Never an answer, never a body. It talks to nobody but the window that holds it, over the port it was given.
 */
import { parse, readable, write } from "./embed-colour.mjs";
import { forgets, remember } from "./embed-history.mjs";
import { readSettings, takeSettings, writeSettings } from "./embed-settings.mjs";

/** @typedef {import("./embed-settings.mjs").Settings} Settings */

const GREETING = "guide 1";
const OFTEN_MS = 100;   // between two heights
const SETTLED_MS = 500; // after a height is told: what the page around gives is then known
const TALLEST = 20_000; // beyond, the frame scrolls

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
 * Tell the height of the page each time it changes, now and then when it changes often. Where the page around gives less, this
 * one scrolls: nothing of the guide is cut.
 */
function followHeight() {
  const body = document.body;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  const fit = () => {
    page.dataset.framed = height > Math.min(TALLEST, innerHeight + 1) ? "scrolls" : "";
  };
  const send = () => {
    waiting = undefined;
    const now = Math.ceil(body.getBoundingClientRect().height);
    if (now === height) return;
    height = now;
    tell("height", height);
    setTimeout(fit, SETTLED_MS);
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
  const states = new Map([...guide.querySelectorAll(".guide-states > .guide-state")].map((state) => [state.id, state]));
  place = where(states);
  tellPlace();
  const look = () => {
    const now = where(states);
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
  window.addEventListener("hashchange", soon);
  window.addEventListener("popstate", soon);
  new MutationObserver(soon).observe(guide, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-shown", "data-engine"] });
}

function tellPlace() {
  if (place?.final) tell("end");
  else if (place) tell("step", place.step, place.of);
}

/** @typedef {Map<string, Element>} States - by id; the links the build wrote stay readable while Python answers in their place */

/**
 * Return the place in the guide: which question this is, how many there may be at most.
 *
 * @param {States} states
 */
function where(states) {
  /** @type {Record<string, string>} */
  const answers = history.state?.answers ?? Object.fromEntries(location.hash.slice(1).split("&").map((part) => part.split("=")));
  let section = states.get(/^#n\d+$/.test(location.hash) ? location.hash.slice(1) : "n1");
  let step = /^#n\d+$/.test(location.hash) ? Object.keys(answers).length + 1 : 1;
  for (let next; section && (next = follow(states, section, answers)); section = next) step += 1;
  const left = section ? longest(states, section) : 0;
  return { step, of: step + Math.max(0, left - 1), final: left === 0, key: `${section?.id} ${step} ${location.hash === "#urgent"}` };
}

/**
 * @param {States} states
 * @param {Element} section
 * @param {Record<string, string>} answers
 */
function follow(states, section, answers) {
  const link = linksOf(section).find(({ dataset }) => {
    const [fact, value] = (dataset.answer ?? "").split("=");
    return answers[fact] === value;
  });
  return link && states.get(link.hash.slice(1));
}

/** @param {Element} section */
function linksOf(section) {
  return /** @type {HTMLAnchorElement[]} */ ([...section.querySelectorAll("a[data-answer]")]);
}

/** @type {Map<string, number>} */
const lengths = new Map();

/**
 * Return how many questions the longest way from a section asks, its own included.
 *
 * @param {States} states
 * @param {Element} section
 * @returns {number}
 */
function longest(states, section) {
  const known = lengths.get(section.id);
  if (known !== undefined) return known;
  lengths.set(section.id, 0);
  const after = new Set(linksOf(section).map((link) => link.hash));
  const ways = [...after].map((hash) => longest(states, states.get(hash.slice(1)) ?? section));
  const length = ways.length ? 1 + Math.max(...ways) : 0;
  lengths.set(section.id, length);
  return length;
}
