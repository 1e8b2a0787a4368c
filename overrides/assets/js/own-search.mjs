/**
 * On the search page, a sentence read as the guide reads it: Python comes when it is asked for, and what is confirmed goes to the guide.
 */
import { carryAnswers } from "./carry.mjs";
import { readWords } from "./own-words.mjs";
import { startEngine } from "./runtime.mjs";

/** @typedef {ReturnType<typeof readWords>} Reader */

/**
 * @param {HTMLElement} place - `<div data-own-read>`, with the addresses of Python's files, as the build wrote it
 * @returns {Reader}
 */
export function sentenceReader(place) {
  const { folder = "", files = "", locale = "", root = "../" } = place.dataset;
  const guide = new URL(`${root}guide/`, document.baseURI).href;
  return readWords(place, place, start({ folder, files: JSON.parse(files) }, locale), (answers) => carryAnswers(answers, guide));
}

/**
 * @param {import("./runtime.mjs").Urls} urls
 * @param {string} locale
 * @returns {Promise<import("./own-words.mjs").Python | undefined>}
 */
async function start(urls, locale) {
  const engine = startEngine(urls, locale);
  await engine.ready;
  return { ask: async (request) => JSON.parse(await engine.ask(JSON.stringify(request))) };
}
