/**
 * What can be done with a result as a whole: print it, enlarge it, keep it, erase it, reopen it elsewhere.
 */
import { drawCode } from "./guide-desk.mjs";
import { erase, keep, kept } from "./guide-safety.mjs";

/**
 * Do what a button says with the result as a whole.
 *
 * @param {string} tool
 * @param {HTMLElement} guide
 * @param {HTMLElement} step
 * @param {() => import("./guide-desk.mjs").Desk | undefined} desk
 * @param {() => void} forget - the days given
 */
export async function use(tool, guide, step, desk, forget) {
  const words = JSON.parse(guide.dataset.words ?? "{}");
  const said = step.querySelector("[data-tool-said]");
  const say = (/** @type {string} */ key) => said && (said.textContent = words[key]);
  const code = step.querySelector("[data-code]");
  const loaded = desk();
  if (tool === "print") {
    unfold(step);
    window.print();
  }
  if (tool === "large") guide.toggleAttribute("data-large");
  if (tool === "keep") say(keep({ fragment: location.hash.slice(1), days: history.state?.days ?? {} }) ? "safety.kept" : "safety.not_kept");
  if (tool === "code" && code && loaded) await drawCode(code, location.href, words["safety.code_note"], loaded);
  if (tool === "erase") {
    erase();
    forget();
    location.hash = "n1";
    const status = guide.querySelector("[data-live] > [role='status']");
    if (status) status.textContent = words["safety.erased"];
  }
}

/**
 * Print a result with what it folds away, whoever asks for paper: our button or the browser's menu.
 *
 * @param {HTMLElement} step
 * @param {AbortSignal} signal
 */
export function unfoldOnPaper(step, signal) {
  window.addEventListener("beforeprint", () => unfold(step), { signal });
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
  if (!found || location.hash) return;
  const words = JSON.parse(guide.dataset.words ?? "{}");
  const line = document.createElement("p");
  line.className = "guide-steps guide-kept";
  for (const [word, act] of /** @type {[string, () => void][]} */ ([["safety.resume", () => resume(found)], ["safety.erase", erase]])) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words[word];
    button.addEventListener("click", () => {
      line.remove();
      act();
    });
    line.append(button);
  }
  live.prepend(line);
}
