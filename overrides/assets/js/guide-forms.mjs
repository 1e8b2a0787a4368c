/**
 * The forms of a result: what they say, when they are refused and why. Nothing advances before their button.
 */
import { all, seek, typedIn } from "./guide-dom.mjs";

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
    clear(input);
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
  const onPaper = form.closest("[data-final]")?.querySelector("[data-sheet-local]");
  if (onPaper) onPaper.innerHTML = found.html;
  for (const input of form.querySelectorAll("input")) {
    clear(input);
    if (found.wrong.includes(input.name)) refuse(input, found.problem);
  }
  seek(form, "input[aria-invalid]", HTMLInputElement)?.focus();
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
 * Say beside a field why it is refused; where the person already stands in it, no focus comes to say it: it is an alert.
 *
 * @param {HTMLElement} field
 * @param {string} problem
 * @param {boolean} stays - whether the focus stays where it is
 */
export function refuse(field, problem, stays = document.activeElement === field) {
  const said = document.createElement("span");
  said.className = "guide-error";
  said.id = `${field.id}-error`;
  if (stays) said.setAttribute("role", "alert");
  field.before(said);
  said.textContent = problem;
  field.setAttribute("aria-invalid", "true");
  const help = field.getAttribute("aria-describedby");
  field.setAttribute("aria-describedby", help ? `${said.id} ${help}` : said.id);
}

/**
 * Take back what was said of a field.
 *
 * @param {HTMLElement} field
 */
export function clear(field) {
  document.getElementById(`${field.id}-error`)?.remove();
  field.removeAttribute("aria-invalid");
  const help = (field.getAttribute("aria-describedby") ?? "").replace(`${field.id}-error`, "").trim();
  if (help) field.setAttribute("aria-describedby", help);
  else field.removeAttribute("aria-describedby");
}
