/**
 * The guide as links: sections by number, and answers followed from one to the next. The page around an embedded guide counts
 * its steps with the same functions.
 */
import { all, find } from "./guide-dom.mjs";
import { focusSettled, setAside } from "./guide-steady.mjs";

/** @typedef {import("./guide-history.mjs").Answers} Answers */
/** @typedef {(id: string) => Element | null | undefined} Sections - "n57" → its section */

const FIRST = "n1";

/**
 * @param {HTMLElement} link
 * @returns {[string, string]} the fact and the value a link answers
 */
export function answerOf(link) {
  const [fact, value] = (link.dataset.answer ?? "").split("=");
  return [fact, value];
}

/**
 * @param {Element} section
 */
export function linksOf(section) {
  return all(section, "a[data-answer]", HTMLAnchorElement);
}

/**
 * Follow answers over the links, to the first question that has none.
 *
 * @param {Sections} sections
 * @param {Answers} answers
 * @param {string} [from] - the section to begin at
 * @returns {{section: Element | null | undefined, steps: number}} where they lead, and how many of them were followed
 */
export function walk(sections, answers, from = FIRST) {
  let section = sections(from);
  let steps = 0;
  for (let link; section && (link = linkFor(section, answers)); steps += 1) section = sections(link.hash.slice(1));
  return { section, steps };
}

/**
 * @param {Element} section
 * @param {Answers} answers
 */
function linkFor(section, answers) {
  return linksOf(section).find((link) => {
    const [fact, value] = answerOf(link);
    return answers[fact] === value;
  });
}

/**
 * Return the fewest answers that lead to a section; none where no link does.
 *
 * @param {Sections} sections
 * @param {string} to - its id
 * @returns {Answers}
 */
export function wayTo(sections, to) {
  /** @type {Map<string, Answers>} */
  const found = new Map([[FIRST, {}]]);
  for (const [id, answers] of found) {   // a Map hears what is added while it is read
    if (id === to) return answers;
    for (const link of linksOf(sections(id) ?? document.createElement("p"))) {
      const next = link.hash.slice(1);
      if (!found.has(next)) found.set(next, { ...answers, ...Object.fromEntries([answerOf(link)]) });
    }
  }
  return {};
}

/**
 * Return how many questions the longest way from a section asks, its own included.
 *
 * @param {Sections} sections
 * @param {Element} section
 * @param {Map<string, number>} lengths - those known; kept from one call to the next
 * @returns {number}
 */
export function longest(sections, section, lengths) {
  const known = lengths.get(section.id);
  if (known !== undefined) return known;
  lengths.set(section.id, 0);
  const after = new Set(linksOf(section).map((link) => link.hash.slice(1)));
  const ways = [...after].map((id) => longest(sections, sections(id) ?? section, lengths));
  const length = ways.length ? 1 + Math.max(...ways) : 0;
  lengths.set(section.id, length);
  return length;
}

/** @typedef {import("./guide-history.mjs").Place} Place */

/** @param {string} id */
const here = (id) => document.getElementById(id);

/**
 * Return the answers a place stands for; those of a number are the fewest that lead there.
 *
 * @param {Place} place
 * @returns {Answers}
 */
export function answersOfPlace({ answers, number }) {
  return answers ?? (number ? wayTo(here, `n${number}`) : {});
}

/**
 * The screen without Python: of all sections in the page, the one a place leads to is shown.
 *
 * @param {HTMLElement} guide
 */
export function linkScreen(guide) {
  const states = setAside(find(guide, ".guide-states", HTMLElement));
  /** @type {Element | null | undefined} */
  let shown;
  return {
    ...states,
    /**
     * @param {Place} place
     * @param {boolean} move - bring the person there
     */
    show(place, move) {
      const section = sectionOf(place);
      shown?.removeAttribute("data-shown");
      section?.setAttribute("data-shown", "");
      shown = section;
      guide.dataset.view = place.about?.replace(/^b-.*/, "body") ?? (section?.id === FIRST ? "first" : "state");
      if (!move || place.about === "all") return;
      section?.scrollIntoView();
      focusSettled(section?.querySelector("h2, h3"));
    },
    /** Show none of them: another screen does. */
    hide() {
      shown?.removeAttribute("data-shown");
      states.away();
    },
  };
}

/** @param {Place} place */
function sectionOf({ about, number, answers }) {
  const named = about && about !== "all" ? here(about) : number && !answers ? here(`n${number}`) : null;
  return named ?? walk(here, answers ?? {}).section ?? here(FIRST);
}
