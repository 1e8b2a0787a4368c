/**
 * Print each function of the JavaScript files named that has more than LIMIT lines and gives no reason: FILE:LINE: NAME LINES.
 *
 *     node scripts/project/long_functions.mjs LIMIT REASON FILE…
 */
import { readFileSync } from "node:fs";

import ts from "typescript";

const [limit, reason, ...files] = process.argv.slice(2);

/**
 * Say whether the comment above a function, or above the statement it stands in, gives a reason.
 *
 * @param {ts.Node} node
 * @param {string} text - of the file
 */
function explained(node, text) {
  const above = ts.findAncestor(node, (one) => ts.isStatement(one) && !ts.isBlock(one)) ?? node;
  return (ts.getLeadingCommentRanges(text, above.getFullStart()) ?? []).some(({ pos, end }) => text.slice(pos, end).includes(reason));
}

for (const file of files) {
  const text = readFileSync(file, "utf-8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const lineOf = (/** @type {number} */ place) => source.getLineAndCharacterOfPosition(place).line + 1;
  const walk = (/** @type {ts.Node} */ node) => {
    if (ts.isFunctionLike(node)) {
      const first = lineOf(node.getStart());
      const lines = lineOf(node.end) - first + 1;
      if (lines > Number(limit) && !explained(node, text)) console.log(`${file}:${first}: ${node.name?.getText() ?? "a function"} ${lines}`);
    }
    ts.forEachChild(node, walk);
  };
  walk(source);
}
