/**
 * Search the built index as the search page does: reads {index, queries} as JSON, writes for each query the addresses found.
 */
import { readFileSync } from "node:fs";
import MiniSearch from "minisearch";

// The module takes over the boxes of a page as soon as it is loaded; here there is no page.
Object.assign(globalThis, { document: { querySelectorAll: () => [] } });
const { searcher } = await import("../../overrides/assets/js/search.mjs");

const { index, queries } = JSON.parse(readFileSync(0, "utf-8"));
const search = searcher(MiniSearch, JSON.parse(readFileSync(index, "utf-8")));
process.stdout.write(JSON.stringify(queries.map((/** @type {string} */ query) => search(query).map(({ entry }) => entry.u))));
