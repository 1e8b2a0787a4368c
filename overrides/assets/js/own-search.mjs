/**
 * On the search page, a sentence read as the guide reads it: Python comes when it is asked for, and what is confirmed goes to the guide.
 */
import { carryAnswers } from "./carry.mjs";
import { readWords } from "./own-words.mjs";
import { startEngine } from "./runtime.mjs";

/** @typedef {ReturnType<typeof readWords>} Reader */

/**
 * @param {HTMLElement} place - `<div data-own-read>`, with the address of what names Python's files, as the build wrote it
 * @returns {Promise<Reader>}
 */
export async function sentenceReader(place) {
  const { reader = "", locale = "", root = "../" } = place.dataset;
  const answer = await fetch(reader, { credentials: "same-origin" });
  const { files, more, words } = await answer.json();
  const folder = reader.slice(0, reader.lastIndexOf("/") + 1);
  Object.assign(place.dataset, { folder, more: JSON.stringify(more), words: JSON.stringify(words) });   // what the reading asks its place for
  const guide = new URL(`${root}guide/`, document.baseURI).href;
  return readWords(place, place, start({ folder, files }, locale), (answers) => carryAnswers(answers, guide));
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
