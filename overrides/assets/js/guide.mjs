/**
 * Take over a guide that already works as links, once Python is ready, at the state the person has reached.
 *
 * Answers live in the history entry and in the fragment of the address: never in storage, never in a request.
 */
import { takeSettings } from "./embed-settings.mjs";
import { loadDesk, offerLetters, openLetter, save } from "./guide-desk.mjs";
import { answersOf, checked, fillPlace, findLocal } from "./guide-forms.mjs";
import { depth, leave } from "./guide-safety.mjs";
import { setAside, steadily, watchPresses } from "./guide-steady.mjs";
import { offerKept, unfoldOnPaper, use } from "./guide-tools.mjs";
import { askAhead, startEngine, whenWanted } from "./runtime.mjs";

/** @typedef {Record<string, string>} Answers - fact → value, as links carry them */
/** @typedef {{number: number, final: boolean, html: string, before: string, after: string, said: string, answers: Answers, fragment: string, cards: Record<string, string>, error?: string}} Step */
/** @typedef {(request: object) => Promise<any>} Ask */
/** @typedef {{answers: Answers} | {fragment: string} | {number: number}} Where */

for (const guide of document.querySelectorAll("[data-guide]")) {
  if (guide instanceof HTMLElement) enhance(guide);
}

/**
 * @param {HTMLElement} guide - `<section data-guide>`, as the build wrote it
 */
function enhance(guide) {
  takeSettings(guide);
  const links = followLinks(guide);
  const presses = watchPresses();
  if (window.top === window) guide.prepend(exit(guide));
  whenWanted(document.body, () => {   // whoever opens this page came for the guide; in a frame, once the frame is seen
    const { folder, files, locale } = guide.dataset;
    if (!folder || !files || !locale) return;
    const engine = startEngine({ folder, files: JSON.parse(files) }, locale, (tier) => (guide.dataset.runtime = tier));
    const python = askAhead(async (request) => JSON.parse(await engine.ask(JSON.stringify(request))));
    engine.ready.then(() => takeOver(guide, python, links, presses)).catch(() => fail(guide, links));
  });
}

/**
 * Make the button that leaves at once.
 *
 * @param {HTMLElement} guide
 */
function exit(guide) {
  const words = JSON.parse(guide.dataset.words ?? "{}");
  const line = document.createElement("p");
  line.className = "guide-exit";
  document.documentElement.dataset.exit = "";   // the page keeps room for it above what it scrolls to
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words["safety.exit"];
  button.title = words["safety.exit_help"];
  button.addEventListener("click", () => leave(new URL(guide.dataset.root ?? "../", document.baseURI).href));
  line.append(button);
  return line;
}

/**
 * Before Python: keep the answers given by links, and show the state of a link that holds answers.
 *
 * @param {HTMLElement} guide
 */
function followLinks(guide) {
  let active = true;
  /** @type {Element | null} - the state shown by answers, not by its address */
  let shown = null;
  let before = depth();
  /** @type {Answers | undefined} */
  let next;
  let given = answersHere();
  let at = location.hash;
  const states = setAside(/** @type {HTMLElement} */ (guide.querySelector(".guide-states")));
  if (!history.state) history.replaceState({ depth: before }, "");
  guide.addEventListener("click", (event) => {
    const answer = active ? answerOf(event) : undefined;
    if (!answer) return;
    next = { ...answersHere(), ...answer };
    const link = /** @type {HTMLAnchorElement} */ (/** @type {Element} */ (event.target).closest("a[data-answer]"));
    const to = walk(guide, next, link.hash);   // past what the page around the guide has already answered
    if (!to || `#${to.id}` === link.hash) return;
    event.preventDefault();
    location.hash = to.id;
  });
  window.addEventListener("popstate", () => {
    if (!active || !guide.isConnected) return;
    if (!history.state) {   // a place the person has just gone to: a state, or a body described beside the same answers
      const answers = next ?? (whereTo() ? undefined : given);
      const made = location.hash === at ? 0 : 1;   // a link to the very same place makes no entry
      history.replaceState({ ...(answers && { answers }), depth: before + made }, "");
    }
    at = location.hash;
    given = answersHere();
    before = depth();
    next = undefined;
    replay();
  });
  replay();

  function replay() {
    show(location.hash.startsWith("#v=") ? walk(guide, answersHere()) : null);
    pointLanguage(guide, answersHere());
  }

  /** @param {Element | null} section */
  function show(section) {
    shown?.removeAttribute("data-shown");
    section?.setAttribute("data-shown", "");
    shown = section;
  }

  return {
    stop() {
      active = false;
      show(null);
      states.away();
    },
    resume() {
      active = true;
      states.back();
      replay();
    },
  };
}

/**
 * Follow answers over the links of the page, to the first question that has none.
 *
 * @param {HTMLElement} guide
 * @param {Answers} answers
 * @param {string} from - the question to begin at
 */
function walk(guide, answers, from = "#n1") {
  let section = guide.querySelector(from);
  for (let link; section && (link = nextLink(section, answers)); ) section = guide.querySelector(link.hash);
  return section;
}

/**
 * @param {Element} section
 * @param {Answers} answers
 */
function nextLink(section, answers) {
  const links = /** @type {HTMLAnchorElement[]} */ ([...section.querySelectorAll("a[data-answer]")]);
  return links.find((link) => {
    const [fact, value] = pair(link);
    return answers[fact] === value;
  });
}

/**
 * @param {HTMLElement} link
 * @returns {[string, string]}
 */
function pair(link) {
  const [fact, value] = (link.dataset.answer ?? "").split("=");
  return [fact, value];
}

/**
 * Return the answer a click gives; a click that opens another tab or window stays the browser's own.
 *
 * @param {MouseEvent} event
 * @returns {Answers | undefined}
 */
function answerOf(event) {
  const link = event.target instanceof Element ? event.target.closest("a[data-answer]") : null;
  const modified = event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  return link instanceof HTMLElement && !modified ? Object.fromEntries([pair(link)]) : undefined;
}

/**
 * Return the answers of this history entry, else those of its address.
 *
 * @returns {Answers}
 */
function answersHere() {
  if (history.state?.answers) return history.state.answers;
  if (!location.hash.startsWith("#v=")) return {};
  return Object.fromEntries(location.hash.split("&").slice(1).map((part) => part.split("=")));
}

/**
 * Return what this history entry shows; undefined for a place in the page that is not a state.
 *
 * @returns {Where | undefined}
 */
function whereTo() {
  if (history.state?.answers) return { answers: history.state.answers };
  if (location.hash.startsWith("#v=")) return { fragment: location.hash.slice(1) };
  const number = Number(/^#n(\d+)$/.exec(location.hash)?.[1] ?? 0);
  if (number > 1) return { number };
  return number || !location.hash ? { answers: {} } : undefined;
}

/**
 * @param {HTMLElement} guide
 * @param {Answers} answers
 */
function fragmentOf(guide, answers) {
  return [`v=${guide.dataset.model}`, ...Object.entries(answers).map((entry) => entry.join("="))].join("&");
}

/**
 * Let the link to the other language lead to the same state.
 *
 * @param {HTMLElement} guide
 * @param {Answers} answers
 */
function pointLanguage(guide, answers) {
  const numbered = /^#n\d+$/.test(location.hash) ? location.hash : "";
  const fragment = Object.keys(answers).length ? fragmentOf(guide, answers) : numbered;
  for (const link of document.querySelectorAll("a.tool--language")) {
    if (link instanceof HTMLAnchorElement) link.hash = fragment;
  }
}

/**
 * Say in one sentence that Python does not run; the links go on.
 *
 * @param {HTMLElement} guide
 * @param {ReturnType<typeof followLinks>} links
 */
function fail(guide, links) {
  if (guide.querySelector(".guide-failed")) return;
  const said = document.createElement("p");
  said.className = "guide-failed";
  said.setAttribute("role", "status");
  steadily(guide, () => {
    guide.dataset.engine = guide.dataset.runtime = "static";
    guide.querySelector("[data-live]")?.remove();
    links.resume();
    guide.prepend(said);
    said.textContent = JSON.parse(guide.dataset.words ?? "{}")["guide.failed"];
  });
}

/**
 * From here on Python answers, from the state the person has reached.
 *
 * @param {HTMLElement} guide
 * @param {ReturnType<typeof askAhead>} python
 * @param {ReturnType<typeof followLinks>} links
 * @param {import("./guide-steady.mjs").Presses} presses
 */
async function takeOver(guide, python, links, presses) {
  const { live, step, status } = screen();
  const stop = new AbortController();
  const common = { locale: guide.dataset.locale, root: guide.dataset.root };
  let turn = 0;
  let place = depth();
  let started = false;
  let at = location.hash;
  let ours = false;   // until Python's screen is shown, the links answer
  /** @type {Answers} - days of what has happened since, kept beside the answers and never in the address */
  let days = history.state?.days ?? {};
  /** @type {import("./guide-desk.mjs").Desk | undefined} */
  let desk;
  /** @type {Record<string, string>} - what is typed in letters, in this page's memory alone */
  const typed = {};
  const said = (/** @type {object} */ request) => python.ask({ ...common, on: today(), days, answers: answersHere(), ...request });
  const shown = (/** @type {Where} */ where) => ({ ...common, do: "show", on: today(), days, ...where });
  const after = (/** @type {Answers} */ more) =>
    Object.fromEntries(Object.entries({ ...answersHere(), ...more }).filter(([, value]) => value !== ""));

  /**
   * @param {Where} where
   * @param {boolean} move - to the new heading
   * @param {boolean} [entered] - whether the history entry holds these answers already
   */
  async function go(where, move, entered = false) {
    const mine = ++turn;
    const found = /** @type {Step} */ (await python.ask(shown(where)));
    if (found.error) throw new Error(found.error);
    if (mine !== turn || !guide.isConnected) return;   // a newer step, or a quick exit
    const answers = "answers" in where ? where.answers : found.answers;
    const given = Object.keys(found.answers).length > 0;
    const address = given ? `#${found.fragment}` : location.pathname + location.search;
    const asOpened = !started && !given && !location.hash && !history.state?.answers;   // the entry already says all there is
    place = history.state?.depth ?? (started ? place + 1 : 0);
    started = true;
    if (!asOpened && (!entered || address !== location.hash)) history.replaceState({ answers, days, letter: history.state?.letter, depth: place }, "", address);
    paint(step, found);
    fillPlace(step, guide, desk);
    if (desk) offerLetters(step, guide, desk);
    pointLanguage(guide, answers);
    python.look(() => {
      const next = /** @type {HTMLElement[]} */ ([...step.querySelectorAll("[data-state] a[data-answer]")]);
      return next.map((link) => shown({ answers: after(Object.fromEntries([pair(link)])) }));
    });
    if (desk && history.state?.letter) return showLetter(history.state.letter);
    if (!move) return;
    status.textContent = found.said;
    step.querySelector("h2")?.focus({ preventScroll: true });
    if (live.getBoundingClientRect().top < 0) live.scrollIntoView();
  }

  /** @param {string} letter */
  async function showLetter(letter) {
    if (desk) await openLetter(step, letter, said, desk, typed, () => history.back());
  }

  const attempt = (/** @type {Promise<void>} */ going) => going.catch(() => {
    stop.abort();
    fail(guide, links);
  });
  const answer = (/** @type {Answers} */ more) => {
    const answers = after(more);
    const fragment = fragmentOf(guide, answers);
    if (document.querySelector(":target")) {   // what is described there closes: a new place alone does that, and `popstate` shows the step
      location.hash = fragment;
      return;
    }
    const another = location.hash !== `#${fragment}`;
    const going = go({ answers }, true, another);   // Python works while the browser makes the entry
    if (another) history.pushState({ answers, days, depth: place + 1 }, "", `#${fragment}`);
    at = location.hash;
    attempt(going);
  };

  window.addEventListener("popstate", () => {
    if (!guide.isConnected) return;
    if (!ours) {
      turn += 1;
      return;
    }
    const where = whereTo();
    if (where) attempt(go(where, true));
    else if (!history.state) history.replaceState({ answers: shownAnswers(step), days, depth: (place += location.hash === at ? 0 : 1) }, "");
    else place = depth();
    at = location.hash;
  }, { signal: stop.signal });
  live.addEventListener("click", (event) => {
    const given = answerOf(event);
    if (!given) return;
    event.preventDefault();
    answer(given);
  });
  unfoldOnPaper(step, stop.signal);
  guide.querySelector("#urgent a")?.addEventListener("click", (event) => {
    event.preventDefault();
    answer({ urgency: "true" });
  }, { signal: stop.signal });
  live.addEventListener("click", (event) => {
    const tool = event.target instanceof Element ? event.target.closest("[data-tool]") : null;
    if (tool instanceof HTMLElement) attempt(use(tool.dataset.tool ?? "", guide, step, () => desk, () => (days = {})));
  });
  live.addEventListener("click", (event) => {
    const letter = event.target instanceof Element ? event.target.closest("[data-letter]") : null;
    if (!(letter instanceof HTMLElement) || !desk) return;
    event.preventDefault();
    history.pushState({ ...history.state, letter: letter.dataset.letter, depth: (place += 1) }, "");
    attempt(showLetter(letter.dataset.letter ?? ""));
  });
  live.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.matches("[data-letter-form]") || !checked(form)) return;
    if (form.matches("[data-local]")) {
      if (desk) attempt(findLocal(form, said, desk, typed));
      return;
    }
    const { facts_date: factsDate, ...others } = answersOf(form);
    if (form.matches("[data-dates]")) days = { ...days, ...others };
    answer(form.matches("[data-dates]") ? { ...(factsDate === undefined ? {} : { facts_date: factsDate }) } : others);
  });
  live.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-save]") : null;
    if (!(button instanceof HTMLElement)) return;
    const kind = button.dataset.save ?? "";
    attempt(said({ do: "file", kind }).then(({ text, type }) => save(`guide.${kind}`, text, type)));
  });
  live.addEventListener("toggle", (event) => {
    if (event.target instanceof HTMLDetailsElement) attempt(tell(event.target, said));
  }, true);

  for (let mine = -1; mine !== turn || presses.now(); ) {   // what is on the screen now, and not while it is being pressed
    await presses.now();
    mine = turn + 1;
    await go(whereTo() ?? { answers: {} }, false);
    await nextTurn();
    if (!guide.isConnected) return;
  }
  presses.stop();
  ours = true;
  const focused = guide.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.answer : undefined;
  steadily(guide, () => {
    links.stop();
    guide.querySelector(".guide-about")?.before(live);
    guide.dataset.engine = "python";
  });
  if (focused) /** @type {HTMLElement | null} */ (live.querySelector(`[data-answer="${CSS.escape(focused)}"]`))?.focus({ preventScroll: true });
  await nextTurn();
  if (!guide.isConnected) return;   // a quick exit: nothing more is read or asked for
  offerKept(guide, live, (found) => {
    days = found.days ?? {};
    location.hash = found.fragment;
  });
  await nextTurn();
  if (!guide.isConnected) return;
  loadDesk(guide).then((loaded) => {
    desk = loaded;
    steadily(guide, () => {
      fillPlace(step, guide, loaded);
      offerLetters(step, guide, loaded);
    });
    if (history.state?.letter) attempt(showLetter(history.state.letter));
  }).catch(() => {});   // without them the result stands, and each letter has its page
}

/** Let a slow phone draw, and hear the person, before what comes next. */
function nextTurn() {
  return new Promise((done) => setTimeout(done));
}

/** Make the empty screen: the step, and the line that announces it. */
function screen() {
  const live = document.createElement("div");
  live.className = "guide-live";
  live.dataset.live = "";
  const step = document.createElement("div");
  const status = document.createElement("p");
  status.className = "unseen";
  status.setAttribute("role", "status");
  live.append(step, status);
  return { live, step, status };
}

/**
 * @param {HTMLElement} step
 * @param {Step} found
 */
function paint(step, found) {
  step.onsubmit = step.onclick = null;   // those of a letter that stood here
  step.innerHTML = `${found.before}<div data-state="${found.number}">${found.html}</div>${found.after}`;
  step.dataset.answers = JSON.stringify(found.answers);
  for (const card of step.querySelectorAll("[data-body]")) {
    if (card instanceof HTMLElement) card.insertAdjacentHTML("beforeend", found.cards[card.dataset.body ?? ""] ?? "");
  }
}

/**
 * @param {HTMLElement} step
 * @returns {Answers}
 */
function shownAnswers(step) {
  return JSON.parse(step.dataset.answers ?? "{}");
}

/**
 * Fill a fold whose content is worked out only when it is opened.
 *
 * @param {HTMLDetailsElement} fold
 * @param {Ask} ask
 */
async function tell(fold, ask) {
  const told = fold.querySelector("[data-told]");
  if (!fold.open || !fold.dataset.ask || !told || told.innerHTML) return;
  const found = await ask({ do: fold.dataset.ask, body: fold.dataset.about });
  told.innerHTML = found.html ?? "";
}

/** The day it is here, as a date alone. */
function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}
