/**
 * Take a sentence, or the answers a person confirmed, from a page of the site to the guide's: by the name of the window, which is
 * wiped as soon as it is read, and which no server, no address and no store ever sees.
 */

const MARK = "own-words:";
const CONFIRMED = "own-answers:";
const PART = /^[\w,.-]+$/;   // a fact, or its value

for (const form of document.querySelectorAll("form[data-own-words][data-to]")) {
  if (form instanceof HTMLFormElement) sendToGuide(form);
}

/**
 * @param {string} text
 * @param {string} to - the address of the guide
 */
export function carry(text, to) {
  window.name = MARK + text;
  location.assign(to);
}

/**
 * @param {import("./guide-history.mjs").Answers} answers
 * @param {string} to - the address of the guide
 */
export function carryAnswers(answers, to) {
  window.name = CONFIRMED + JSON.stringify(answers);
  location.assign(to);
}

/**
 * Return what another page of ours took here, once.
 *
 * @returns {{text?: string, answers?: import("./guide-history.mjs").Answers}}
 */
export function carried() {
  const { name } = window;
  const mark = [MARK, CONFIRMED].find((one) => name.startsWith(one));
  if (!mark) return {};
  window.name = "";
  const rest = name.slice(mark.length);
  return mark === MARK ? { text: rest } : { answers: answersIn(rest) };
}

/**
 * Read answers, and leave out what cannot be one: any site can name a window.
 *
 * @param {string} text
 * @returns {import("./guide-history.mjs").Answers | undefined}
 */
function answersIn(text) {
  try {
    const pairs = Object.entries(JSON.parse(text)).filter((pair) => pair.every((part) => PART.test(String(part))));
    return pairs.length ? Object.fromEntries(pairs.map(([fact, value]) => [fact, String(value)])) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Put a button in the place of the link that leads to the search page as long as no script runs.
 *
 * @param {HTMLFormElement} form
 */
export function withButton(form) {
  const link = form.querySelector("a[data-own-go]");
  if (!link) return;
  link.replaceWith(Object.assign(document.createElement("button"), { type: "submit", className: link.className, textContent: link.textContent }));
}

/** @param {HTMLFormElement} form */
function sendToGuide(form) {
  withButton(form);
  const box = form.querySelector("textarea");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = box?.value.trim();
    if (text) carry(text, form.dataset.to ?? "");
    else box?.focus();
  });
  window.addEventListener("pagehide", () => form.reset());   // a page kept for Back does not keep what was typed
}
