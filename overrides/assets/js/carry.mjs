/**
 * Take a sentence from a page of the site to the guide's: by the name of the window, which is wiped as soon as it is read, and which
 * no server, no address and no store ever sees.
 */

const MARK = "own-words:";

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

/** Return the sentence another page of ours took here, once. */
export function carried() {
  const { name } = window;
  if (!name.startsWith(MARK)) return "";
  window.name = "";
  return name.slice(MARK.length);
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
