/**
 * Ask Alfa about pages: each line read is a page as `Native.fromNode` gives it; each line written, what fails in it at A and AA.
 *
 * With --native, print the function that reads a page instead.
 */
import { createInterface } from "node:readline";

import { Audit } from "@siteimprove/alfa-act";
import { Device } from "@siteimprove/alfa-device";
import { Node } from "@siteimprove/alfa-dom";
import { Native } from "@siteimprove/alfa-dom/native.js";
import { Request, Response } from "@siteimprove/alfa-http";
import Rules from "@siteimprove/alfa-rules";
import { Conformance, Criterion } from "@siteimprove/alfa-wcag";
import { Page } from "@siteimprove/alfa-web";

const device = Device.standard();
const needed = Conformance.isAA();
const rules = [...Rules].filter((rule) => [...rule.requirements].some((one) => Criterion.isCriterion(one) && needed(one)));

/** @param {any} outcome */
function told(outcome) {
  const { rule, target } = outcome.toJSON();
  const name = rule.uri.split("/").at(-1);
  const where = outcome.target.path?.() ?? JSON.stringify(target).slice(0, 200);
  const why = Object.values(outcome.toJSON().expectations).map(([, found]) => found?.error?.message ?? "").filter(Boolean).join("; ");
  return { rule: name, where, why };
}

/** @param {string} line */
async function judged(line) {
  const read = /** @type {any} */ (Node.from(JSON.parse(line), device));
  const outcomes = /** @type {any[]} */ ([...(await Audit.of(Page.of(Request.empty(), Response.empty(), read, device), rules).evaluate())]);
  return outcomes.filter((outcome) => outcome.toJSON().outcome === "failed").map(told);
}

if (process.argv[2] === "--native") {
  process.stdout.write(`(${Native.fromNode})`);
} else {
  for await (const line of createInterface({ input: process.stdin })) process.stdout.write(`${JSON.stringify(await judged(line))}\n`);
}
