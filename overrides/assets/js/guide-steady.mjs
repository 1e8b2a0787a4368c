/**
 * Changing the page while a person uses it: never what is being pressed, nothing moves under the finger, nothing holds it up.
 */

/** @typedef {{now: () => Promise<void> | undefined, stop: () => void}} Presses */
/** @typedef {{shown: () => void, repeated: (event: MouseEvent) => boolean}} Repeats */

const LONGEST_PRESS_MS = 2_000;   // a press that never ends (lost to a menu, to another window) does not stop Python for good
const REPEAT_MS = 600;            // after a new screen: a hand that trembles, or is used to it, presses twice
const NEAR_PX = 48;               // a finger wide
const SETTLED_MS = 300;           // what reads the screen aloud has heard of the change
const TAP_MS = 150;               // after a finger is lifted, the browser still has to make a click of it

/**
 * Watch for fingers and buttons that are down.
 *
 * @returns {Presses} `now` gives a promise kept once nothing is pressed, undefined when nothing is
 */
export function watchPresses() {
  const done = new AbortController();
  /** @type {Promise<void> | undefined} */
  let pressed;
  let release = () => {};
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let late;
  const end = () => {
    pressed = undefined;
    release();
  };
  const endIn = (/** @type {number} */ delay) => {
    clearTimeout(late);
    late = setTimeout(end, delay);
  };
  const on = (/** @type {string} */ type, /** @type {() => void} */ act) =>
    window.addEventListener(type, act, { capture: true, passive: true, signal: done.signal });
  on("pointerdown", () => {
    pressed ??= new Promise((kept) => (release = kept));
    endIn(LONGEST_PRESS_MS);
  });
  on("pointerup", () => endIn(TAP_MS));
  on("pointercancel", () => endIn(0));
  on("click", () => endIn(0));   // once its answer is taken
  return { now: () => pressed, stop: () => done.abort() };
}

/**
 * Tell the second press of a hand that presses twice: it would answer a question nobody has read yet.
 *
 * @returns {Repeats} `shown` notes a new screen; `repeated` tells whether a press only repeats the one that brought it
 */
export function watchRepeats() {
  let since = -Infinity;
  let last = { x: 0, y: 0 };
  let brought = last;   // where the press was that brought the screen
  let acted = false;    // another key, or another place: the person has seen the screen
  window.addEventListener("keydown", ({ key }) => (acted ||= key !== "Enter" && key !== " "), { capture: true, passive: true });
  return {
    shown() {
      since = performance.now();
      brought = last;
      acted = false;
    },
    repeated(event) {
      if (event.detail) last = { x: event.clientX, y: event.clientY };
      if (event.detail) acted ||= Math.hypot(last.x - brought.x, last.y - brought.y) > NEAR_PX;
      return event.isTrusted && !acted && performance.now() - since < REPEAT_MS;
    },
  };
}

/**
 * Take the caret out of what is about to go: it would slip into what comes, which a screen reader would then take for read.
 *
 * @param {Element | null} [to] - a text that stays
 */
export function takeCaret(to) {
  if (to) getSelection()?.collapse(to, 0);
  else getSelection()?.removeAllRanges();
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let focusing;

/**
 * Give the focus to a new heading once what reads the screen aloud has heard of it; never take it from where the person has gone.
 *
 * @param {Element | null | undefined} to
 */
export function focusSettled(to) {
  clearTimeout(focusing);
  if (!(to instanceof HTMLElement)) return;
  const before = document.activeElement;
  focusing = setTimeout(() => {
    const now = document.activeElement;
    if (now === before || now === document.body) to.focus({ preventScroll: true });
  }, SETTLED_MS);
}

/**
 * Change the guide; the first answer or body in sight stays where it is on the screen.
 *
 * @param {HTMLElement} guide
 * @param {() => void} change
 */
export function steadily(guide, change) {
  const seen = first(marks(guide), inSight);
  const before = seen?.getBoundingClientRect().top ?? 0;
  change();
  const now = seen && (rendered(seen) ? seen : first(marks(guide), (mark) => same(mark, seen)));
  if (now) window.scrollBy({ top: now.getBoundingClientRect().top - before, behavior: "instant" });
}

/**
 * Give what a person may be about to touch, or reads: answers, bodies, a body described.
 *
 * @param {HTMLElement} guide
 */
function* marks(guide) {
  const part = (/** @type {string} */ css) => /** @type {HTMLElement | undefined} */ ([...guide.children].find((one) => one.matches(css)));
  const states = part(".guide-states");
  yield* marksIn(document.getElementById("urgent"));
  if (!states?.hidden) yield* marksIn(states?.querySelector("[data-shown]"));
  for (const body of part(".guide-about")?.children ?? []) yield* marksIn(body);
  yield* marksIn(part(".guide-live"));
}

/** @param {Element | null} [part] - a state, Python's screen or a body */
function marksIn(part) {
  if (!part?.matches(".guide-state, .guide-live, .guide-body") || !rendered(part)) return [];
  return part.matches(".guide-body") ? [part] : part.querySelectorAll("[data-answer], [data-body]");
}

/**
 * @param {Iterable<Element>} elements
 * @param {(element: Element) => boolean} wanted
 */
function first(elements, wanted) {
  for (const element of elements) if (wanted(element)) return element;
  return undefined;
}

/** @param {Element} part */
function rendered(part) {
  return part.getClientRects().length > 0;
}

/** @param {Element} part */
function inSight(part) {
  const { top, bottom } = part.getBoundingClientRect();
  return bottom > 0 && top < window.innerHeight;
}

/**
 * @param {Element} one
 * @param {Element} other
 */
function same(one, other) {
  return ["data-answer", "data-body"].some((name) => other.hasAttribute(name) && one.getAttribute(name) === other.getAttribute(name));
}
