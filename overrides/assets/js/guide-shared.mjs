/**
 * A device that others use: one switch, said once and true everywhere in the guide until the tab is closed.
 */
import { all, word } from "./guide-dom.mjs";
import { forget, keepInPage } from "./guide-history.mjs";
import { isShared, noteShared } from "./guide-safety.mjs";

/**
 * Make a check box with its label, and room below for what it means.
 *
 * @param {HTMLElement} guide
 * @param {string} key - of its words: "shared" → shared.label, shared.note
 * @param {string} hook - the `data-` attribute of the box
 * @param {boolean} checked
 */
export function option(guide, key, hook, checked) {
  const box = document.createElement("p");
  box.className = "guide-option";
  const label = document.createElement("label");
  const input = document.createElement("input");
  input.type = "checkbox";
  input.checked = checked;
  input.autocomplete = "off";
  input.setAttribute(hook, "");
  label.append(input, ` ${word(guide, `${key}.label`)}`);
  const note = document.createElement("span");
  note.className = "guide-help";
  note.textContent = word(guide, `${key}.note`);
  box.append(label, " ", note);
  return box;
}

/**
 * Offer the switch under the questions, and obey it from the start where it is on.
 *
 * @param {HTMLElement} guide
 * @param {() => void} emptied - told when the person comes back to a page that was left: it shows nothing of what was done
 */
export function offerShared(guide, emptied) {
  guide.querySelector(".guide-about")?.before(option(guide, "shared", "data-shared", isShared()));
  if (isShared()) keepInPage(true);
  guide.dataset.device = isShared() ? "shared" : "own";
  addEventListener("pagehide", () => {
    if (!isShared()) return;
    forget();
    for (const form of all(guide, "form", HTMLFormElement)) form.reset();
    guide.hidden = true;
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted || !isShared()) return;
    guide.hidden = false;
    emptied();
  });
}

/**
 * Take what the switch says.
 *
 * @param {HTMLElement} guide
 * @param {boolean} shared
 */
export async function takeShared(guide, shared) {
  for (const other of all(guide, "[data-shared]", HTMLInputElement)) other.checked = shared;
  guide.dataset.device = shared ? "shared" : "own";
  await noteShared(shared);
  setForms(guide);
  await keepInPage(shared);
}

/**
 * Ask the browser to remember nothing that is typed here, where others use the device.
 *
 * @param {HTMLElement} guide
 */
export function setForms(guide) {
  if (!isShared()) return;
  for (const field of all(guide, "form, input, textarea", HTMLElement)) field.setAttribute("autocomplete", "off");
}
