/**
 * What can be done with a result as a whole: print it, enlarge it, keep it, reopen it elsewhere.
 */
import { button, seek, word } from "./guide-dom.mjs";
import { drawCode } from "./guide-files.mjs";
import { answersHere, fragmentOf, placeHere } from "./guide-history.mjs";
import { erase, keep, kept } from "./guide-safety.mjs";

/** @typedef {import("./guide-live.mjs").Screen} Screen */

/** @type {Record<string, (screen: Screen, say: (key: string) => void) => unknown>} - what each button does */
const TOOLS = {
  print() {
    window.print();
  },
  "print-all"({ step }) {
    step.toggleAttribute("data-whole", true);
    unfold(step);
    window.addEventListener("afterprint", () => step.removeAttribute("data-whole"), { once: true });
    window.print();
  },
  large({ guide }) {
    guide.toggleAttribute("data-large");
  },
  keep({ guide }, say) {
    const fragment = fragmentOf(guide.dataset.model, answersHere());
    say(keep({ fragment, days: placeHere().days ?? {} }) ? "safety.kept" : "safety.not_kept");
  },
  async code({ guide, step, desk }) {
    const place = seek(step, "[data-code]", HTMLElement);
    if (place && desk) await drawCode(place, linkHere(guide), word(guide, "safety.code_note"), desk);
  },
};

/** @param {HTMLElement} guide */
function linkHere(guide) {
  return `${location.href.split("#")[0]}#${fragmentOf(guide.dataset.model, answersHere())}`;
}

/**
 * Do what a button says with the result as a whole.
 *
 * @param {Screen} screen
 * @param {string} tool
 */
export async function use(screen, tool) {
  const said = seek(screen.step, "[data-tool-said]", HTMLElement);
  await TOOLS[tool]?.(screen, (key) => said && (said.textContent = word(screen.guide, key)));
}

/**
 * Print a result with what it folds away, whoever asks for paper: our button or the browser's menu.
 *
 * @param {HTMLElement} step
 */
export function unfoldOnPaper(step) {
  window.addEventListener("beforeprint", () => unfold(step));
}

/**
 * Open what is folded, but for what is only for the screen, until the page is printed.
 *
 * @param {HTMLElement} step
 */
function unfold(step) {
  const closed = [...step.querySelectorAll("details:not([open])")].filter((fold) => !fold.matches("[data-ask]") && !fold.querySelector("form"));
  for (const fold of closed) fold.setAttribute("open", "");
  window.addEventListener("afterprint", () => closed.forEach((fold) => fold.removeAttribute("open")), { once: true });
}

/**
 * Offer the answers this device keeps, before the first question.
 *
 * @param {HTMLElement} guide
 * @param {HTMLElement} live
 * @param {(found: import("./guide-safety.mjs").Kept) => void} resume
 */
export function offerKept(guide, live, resume) {
  const found = kept();
  if (!found || Object.keys(answersHere()).length) return;
  const line = document.createElement("p");
  line.className = "guide-steps guide-kept";
  const done = (/** @type {() => void} */ act) => () => {
    line.remove();
    act();
  };
  line.append(button(word(guide, "safety.resume"), done(() => resume(found))), button(word(guide, "safety.erase"), done(erase)));
  live.prepend(line);
}
