/**
 * The forms of a result: what they say, when they are refused and why. Nothing advances before their button.
 */
import { all } from "./guide-dom.mjs";
import { typedIn } from "./guide-letters.mjs";

/** @typedef {Record<string, string>} Answers */
/** @typedef {(request: object) => Promise<any>} Ask */

/**
 * @param {HTMLFormElement} form
 * @returns {Answers} an empty value takes an answer back
 */
export function answersOf(form) {
  /** @type {Answers} */
  const answers = {};
  for (const field of all(form, "[data-field]", HTMLElement)) answers[field.dataset.field ?? ""] = "";
  for (const [fact, value] of new FormData(form)) {
    answers[fact] = [answers[fact], String(value)].filter(Boolean).join(",");
  }
  return answers;
}

/**
 * Part the days a form gives: those that are answers, and those of what has happened since.
 *
 * @param {HTMLFormElement} form
 * @returns {{answers: Answers, days: Answers}}
 */
export function daysOf(form) {
  const facts = new Set(all(form, "[data-fact]", HTMLElement).map(({ dataset }) => dataset.fact));
  const given = Object.entries(answersOf(form));
  return {
    answers: Object.fromEntries(given.filter(([id]) => facts.has(id))),
    days: Object.fromEntries(given.filter(([id]) => !facts.has(id))),
  };
}

/**
 * Tell whether the dates of a form can be read and are past; say beside a date why not, and go to it.
 *
 * @param {HTMLFormElement} form
 */
export function checked(form) {
  /** @type {HTMLInputElement | undefined} */
  let wrong;
  for (const input of form.querySelectorAll("input")) {
    if (input.type !== "date") continue;
    form.querySelector(`#${input.id}-error`)?.remove();
    input.removeAttribute("aria-invalid");
    const problem = input.validity.badInput ? input.dataset.unread : input.value > input.max ? input.dataset.future : "";
    if (!problem) continue;
    refuse(input, problem);
    wrong ??= input;
  }
  wrong?.focus();
  return !wrong;
}

/**
 * Say what stands at the places given, beside the form; the names found go into the letters.
 *
 * @param {HTMLFormElement} form
 * @param {Ask} ask
 * @param {import("./guide-files.mjs").Desk} desk
 * @param {Record<string, string>} typed
 */
export async function findLocal(form, ask, desk, typed) {
  const guide = /** @type {HTMLElement | null} */ (form.closest("[data-guide]"));
  const found = await ask({ do: "local", directory: desk.directory, caisse: guide?.dataset.caisse, ...typedIn(form) });
  const place = form.parentElement?.querySelector("[data-found]");
  if (place) place.innerHTML = found.html;
  for (const input of form.querySelectorAll("input")) {
    form.querySelector(`#${input.id}-error`)?.remove();
    input.removeAttribute("aria-invalid");
    if (found.wrong.includes(input.name)) refuse(input, found.problem);
  }
  Object.assign(typed, { council: found.council, fund: found.fund, own_fund: found.own_fund });
}

/**
 * Fill in the département that a fund's page has named, by itself or by the code of the fund once the directory is there.
 *
 * @param {HTMLElement} step
 * @param {HTMLElement} guide
 * @param {import("./guide-files.mjs").Desk} [desk]
 */
export function fillPlace(step, guide, desk) {
  const rows = /** @type {[string, string, string, string, string, string[]][]} */ (desk?.directory.departements ?? []);
  const { caisse = "", dep = rows.find(([, , , , , funds]) => funds.includes(caisse))?.[0] } = guide.dataset;
  if (dep) for (const field of step.querySelectorAll("#p-place, #p-own")) field.setAttribute("value", dep);
}

/**
 * Say beside a field why it is refused.
 *
 * @param {HTMLInputElement} input
 * @param {string} problem
 */
function refuse(input, problem) {
  const said = document.createElement("span");
  said.className = "guide-error";
  said.id = `${input.id}-error`;
  said.textContent = problem;
  input.before(said);
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", said.id);
}
