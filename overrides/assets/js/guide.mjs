/**
 * Take over a guide that already works as links, once Python is ready, at the state the person has reached.
 *
 * Answers live in the history entry and in this page: never in an address, in storage or in a request, unless the person asks.
 */
import { takeSettings } from "./embed-settings.mjs";
import { listen } from "./guide-acts.mjs";
import { find, nextTurn, word } from "./guide-dom.mjs";
import { answersIn, begin, fragmentOf, onMove, placeHere, push, wipe } from "./guide-history.mjs";
import { linkScreen } from "./guide-links.mjs";
import { addDesk, describe, liveScreen, show } from "./guide-live.mjs";
import { offerShared } from "./guide-shared.mjs";
import { hearOwnWords } from "./own-words.mjs";
import { steadily, takeCaret, watchPresses, watchRepeats } from "./guide-steady.mjs";
import { offerKept, unfoldOnPaper } from "./guide-tools.mjs";
import { askAhead, startEngine, whenWanted } from "./runtime.mjs";

/** @typedef {import("./guide-history.mjs").Place} Place */
/** @typedef {import("./guide-live.mjs").Screen} Screen */

/**
 * Who answers: the links; the links while Python's screen is made ready; Python; the links for good.
 *
 * @typedef {"links" | "waiting" | "python" | "failed"} Phase
 */
/** @type {Record<Phase, Phase[]>} */
const NEXT = { links: ["waiting", "failed"], waiting: ["python", "failed"], python: ["failed"], failed: [] };

/**
 * A guide in use. `live` is there while Python answers; `go` makes an entry, `show` shows the one there is, `attempt` leaves
 * Python for the links when what it does fails.
 *
 * @typedef {{guide: HTMLElement, phase: Phase, live?: Screen, links: ReturnType<typeof linkScreen>,
 *   repeats: import("./guide-steady.mjs").Repeats, go: (place: Place) => void, show: () => unknown,
 *   attempt: (going: Promise<unknown>) => Promise<unknown>}} Session
 */

for (const guide of document.querySelectorAll("[data-guide]")) {
  if (guide instanceof HTMLElement) enhance(guide);
}

/**
 * @param {HTMLElement} guide - `<div data-guide>`, as the build wrote it
 */
function enhance(guide) {
  takeSettings(guide);
  begin();
  guide.dataset.scripted = "";
  const session = sessionOf(guide);
  session.links.show(placeHere(), Boolean(placeHere().about));
  pointLanguage(guide);
  listen(session);
  offerShared(guide, () => void session.show());
  onMove(() => guide.isConnected && session.show());
  hearOwnWords(guide, (answers) => session.go({ answers }));
  const presses = watchPresses();
  window.addEventListener("leave", (event) => leaving(session, /** @type {CustomEvent} */ (event).detail));
  whenWanted(document.body, () => startPython(session, presses));   // in a frame, once the frame is seen
}

/**
 * @param {HTMLElement} guide
 * @returns {Session}
 */
function sessionOf(guide) {
  const paint = (/** @type {Place} */ place) => {
    session.repeats.shown();
    guide.querySelector(":scope > .guide-note")?.remove();
    if (!session.live) return session.links.show(place, true);
    session.links.giveWay(place);
    return session.attempt(show(session.live, place, true).then(() => session.repeats.shown()));
  };
  /** @type {Session} */
  const session = {
    guide,
    phase: "links",
    links: linkScreen(guide),
    repeats: watchRepeats(),
    go(place) {
      takeCaret(document.querySelector("main h1"));
      paint(place);   // Python works while the browser makes the entry
      push(place);
      pointLanguage(guide);
    },
    show() {
      takeCaret();   // to a text, Orca would say the letter that Alt and Left have reached there
      const painted = paint(placeHere());
      pointLanguage(guide);
      return painted;
    },
    attempt: (going) => going.catch(() => fail(session)),
  };
  return session;
}

/**
 * Empty the entries of the guide before the person leaves by the quick exit.
 *
 * @param {Session} session
 * @param {{jobs: Promise<unknown>[], title: string}} exit
 */
function leaving({ guide }, { jobs, title }) {
  jobs.push(wipe(new URL(guide.dataset.root ?? "../", document.baseURI).href, title));
}

/**
 * @param {Session} session
 * @param {Phase} phase
 */
function enter(session, phase) {
  if (!NEXT[session.phase].includes(phase)) throw new Error(`from ${session.phase} to ${phase}`);
  session.phase = phase;
}

/**
 * Let the link to the other language lead to the same state.
 *
 * @param {HTMLElement} guide
 */
function pointLanguage(guide) {
  const { number, answers } = placeHere();
  const given = answers && Object.keys(answers).length > 0 && guide.dataset.device !== "shared";   // an address is kept by the browser
  for (const link of document.querySelectorAll("a.tool--language")) {
    if (link instanceof HTMLAnchorElement) link.hash = given ? fragmentOf(guide.dataset.model, answers) : number ? `n${number}` : "";
  }
}

/**
 * Start Python; when it is ready, its screen takes the place of the links.
 *
 * @param {Session} session
 * @param {import("./guide-steady.mjs").Presses} presses
 */
function startPython(session, presses) {
  const { guide } = session;
  const { folder, files, locale } = guide.dataset;
  if (!folder || !files || !locale) return;
  const engine = startEngine({ folder, files: JSON.parse(files) }, locale, (tier) => {
    if (guide.dataset.runtime !== tier) guide.dataset.runtime = tier;   // each change is heard
  });
  const python = askAhead(async (request) => JSON.parse(await engine.ask(JSON.stringify(request))));
  engine.ready.then(() => guide.dispatchEvent(new CustomEvent("python", { detail: python })), () => {});
  session.attempt(engine.ready.then(() => takeOver(session, liveScreen(guide, python), presses)));
}

/**
 * From here on Python answers, from the state the person has reached.
 *
 * @param {Session} session
 * @param {Screen} live
 * @param {import("./guide-steady.mjs").Presses} presses
 */
async function takeOver(session, live, presses) {
  const { guide, links } = session;
  enter(session, "waiting");
  while (live.place !== placeHere() || presses.now()) {   // what is on the screen now, and not while it is being pressed
    await presses.now();
    if (!guide.isConnected) return;   // a quick exit: nothing more is read or asked for
    await show(live, placeHere(), false);
    await nextTurn();
  }
  presses.stop();
  enter(session, "python");
  session.live = live;
  const focused = guide.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.answer : undefined;
  steadily(guide, () => {
    links.giveWay(placeHere());
    find(guide, ".guide-states", HTMLElement).after(live.live);
    describe(guide, placeHere().about);
    guide.dataset.engine = "python";
  });
  if (focused) /** @type {HTMLElement | null} */ (live.step.querySelector(`[data-answer="${CSS.escape(focused)}"]`))?.focus({ preventScroll: true });
  unfoldOnPaper(live.step);
  await nextTurn();
  offerKept(guide, live.live, ({ fragment, days = {} }) => session.go({ fragment, answers: answersIn(fragment), days }));
  await nextTurn();
  if (guide.isConnected) await addDesk(live).catch(() => {});   // without them the result stands, and each letter has its page
}

/**
 * Say in one sentence that Python does not run; the links go on.
 *
 * @param {Session} session
 */
function fail(session) {
  const { guide, links, live } = session;
  if (session.phase === "failed") return;
  enter(session, "failed");
  guide.dispatchEvent(new CustomEvent("python"));
  session.live = undefined;
  const said = document.createElement("p");
  said.className = "guide-failed";
  said.setAttribute("role", "status");
  steadily(guide, () => {
    guide.dataset.engine = guide.dataset.runtime = "static";
    live?.live.remove();
    links.back();
    links.show(placeHere(), false);
    guide.prepend(said);
    said.textContent = word(guide, "guide.failed");
  });
}
