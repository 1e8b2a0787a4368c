/**
 * The guide as links: states by number, and answers followed from one to the next. The page around an embedded guide counts its steps
 * with the same functions.
 */
import { find } from "./guide-dom.mjs";
import { focusSettled } from "./guide-steady.mjs";

/** @typedef {import("./guide-history.mjs").Answers} Answers */
/** @typedef {{fact: string, value: string, to: string}} Link - an answer, and the state it leads to */

const FIRST = "n1";
const LINK = /<a [^>]*data-answer="(\w+)=([^"]+)" href="#(n\d+)"/g;   // as the build writes an answer

/** @type {Map<string, Link[]>} - of the states read so far */
const known = new Map();

/**
 * @param {HTMLElement} link
 * @returns {[string, string]} the fact and the value a link answers
 */
export function answerOf(link) {
  const [fact, value] = (link.dataset.answer ?? "").split("=");
  return [fact, value];
}

/**
 * Return the answers of a state, as the build wrote them; none where it is a result.
 *
 * @param {string} id - "n57"
 * @returns {Link[]}
 */
export function linksOf(id) {
  const links = known.get(id) ?? [...textOf(id).matchAll(LINK)].map(([, fact, value, to]) => ({ fact, value, to }));
  known.set(id, links);
  return links;
}

/** @param {string} id */
function textOf(id) {
  return window.guideStates?.text(id) ?? document.getElementById(id)?.innerHTML ?? "";
}

/** @param {string} id */
function sectionOf(id) {
  return window.guideStates?.section(id) ?? document.getElementById(id);
}

/**
 * Follow answers over the links, to the first question that has none.
 *
 * @param {Answers} answers
 * @returns {{id: string, steps: number}} where they lead, and how many of them were followed
 */
export function walk(answers) {
  let id = FIRST;
  let steps = 0;
  for (let link; (link = linksOf(id).find(({ fact, value }) => answers[fact] === value)); steps += 1) id = link.to;
  return { id, steps };
}

/**
 * Return the fewest answers that lead to a state; none where no link does.
 *
 * @param {string} wanted
 * @returns {Answers}
 */
function wayTo(wanted) {
  /** @type {Map<string, Answers>} */
  const found = new Map([[FIRST, {}]]);
  for (const [id, answers] of found) {   // a Map hears what is added while it is read
    if (id === wanted) return answers;
    for (const { fact, value, to } of linksOf(id)) {
      if (!found.has(to)) found.set(to, { ...answers, [fact]: value });
    }
  }
  return {};
}

/**
 * Return how many questions the longest way from a state asks, its own included.
 *
 * @param {string} [id]
 * @param {Map<string, number>} [lengths] - those counted so far
 * @returns {number}
 */
export function longest(id = FIRST, lengths = new Map()) {
  const counted = lengths.get(id);
  if (counted !== undefined) return counted;
  lengths.set(id, 0);
  const ways = [...new Set(linksOf(id).map(({ to }) => to))].map((to) => longest(to, lengths));
  const length = ways.length ? 1 + Math.max(...ways) : 0;
  lengths.set(id, length);
  return length;
}

/** @typedef {import("./guide-history.mjs").Place} Place */

/**
 * Return the answers a place stands for; those of a number are the fewest that lead there.
 *
 * @param {Place} place
 * @returns {Answers}
 */
export function answersOfPlace({ answers, number }) {
  return answers ?? (number ? wayTo(`n${number}`) : {});
}

/**
 * The screen without Python: of all states, the one a place leads to is shown.
 *
 * @param {HTMLElement} guide
 */
export function linkScreen(guide) {
  const states = find(guide, ".guide-states", HTMLElement);
  /** @type {HTMLElement | null} */
  let shown;
  return {
    /**
     * @param {Place} place
     * @param {boolean} move - bring the person there
     */
    show(place, move) {
      if (place.about === "all") this.every();
      const section = shownAt(place);
      shown?.removeAttribute("data-shown");
      section?.setAttribute("data-shown", "");
      shown = section;
      guide.dataset.view = place.about?.replace(/^b-.*/, "body") ?? (section?.id === FIRST ? "first" : "state");
      if (!move || place.about === "all") return;
      section?.scrollIntoView();
      focusSettled(section?.querySelector("h2, h3"));
    },
    /**
     * Show none of them, since Python's screen does; all of them where the place asks for all.
     *
     * @param {Place} place
     */
    giveWay(place) {
      if (place.about === "all") return this.every();
      shown?.removeAttribute("data-shown");
      states.hidden = true;
    },
    back() {
      states.hidden = false;
    },
    /** Have every state in the page, for who wants them all on paper. */
    every() {
      window.guideStates?.every();
      states.hidden = false;
    },
  };
}

/** @param {Place} place */
function shownAt({ about, number, answers }) {
  const named = about && about !== "all" ? document.getElementById(about) : number && !answers ? sectionOf(`n${number}`) : null;
  return named ?? sectionOf(walk(answers ?? {}).id);
}
