/**
 * Print what scripts ask of a browser, as names of MDN's compatibility data: [file, name] pairs, as JSON.
 *
 *     node scripts/measure/features.mjs DATA BUILT… -- SOURCE…
 *
 * The syntax is read in the built scripts, as they are sent; what they call is read in their sources, where types are known.
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";

import ts from "typescript";

const [data, ...files] = process.argv.slice(2);
const { api, javascript } = JSON.parse(readFileSync(data, "utf-8"));
const built = files.slice(0, files.indexOf("--"));
const sources = files.slice(files.indexOf("--") + 1);
/** @type {Set<string>} */
const found = new Set();

/** @param {string} file @param {string | undefined} name */
const note = (file, name) => name && found.add(JSON.stringify([basename(file), name]));

const { SyntaxKind: Kind } = ts;
/** @type {Partial<Record<ts.SyntaxKind, string>>} */
const TOKENS = {
  [Kind.QuestionQuestionToken]: "operators.nullish_coalescing",
  [Kind.QuestionQuestionEqualsToken]: "operators.nullish_coalescing_assignment",
  [Kind.BarBarEqualsToken]: "operators.logical_or_assignment",
  [Kind.AmpersandAmpersandEqualsToken]: "operators.logical_and_assignment",
  [Kind.AsteriskAsteriskToken]: "operators.exponentiation",
  [Kind.AsteriskAsteriskEqualsToken]: "operators.exponentiation_assignment",
  [Kind.ArrowFunction]: "functions.arrow_functions",
  [Kind.ClassDeclaration]: "statements.class",
  [Kind.ClassExpression]: "operators.class",
  [Kind.PropertyDeclaration]: "classes.public_class_fields",
  [Kind.PrivateIdentifier]: "classes.private_class_fields",
  [Kind.ClassStaticBlockDeclaration]: "classes.static.initialization_blocks",
  [Kind.TemplateExpression]: "grammar.template_literals",
  [Kind.NoSubstitutionTemplateLiteral]: "grammar.template_literals",
  [Kind.TaggedTemplateExpression]: "grammar.template_literals",
  [Kind.SpreadElement]: "operators.spread",
  [Kind.SpreadAssignment]: "operators.spread.spread_in_object_literals",
  [Kind.ObjectBindingPattern]: "operators.destructuring",
  [Kind.ArrayBindingPattern]: "operators.destructuring",
  [Kind.ShorthandPropertyAssignment]: "grammar.shorthand_object_literals",
  [Kind.ImportDeclaration]: "statements.import",
  [Kind.ExportDeclaration]: "statements.export",
  [Kind.MetaProperty]: "operators.import_meta",
  [Kind.BigIntLiteral]: "builtins.BigInt",
  [Kind.ForOfStatement]: "statements.for_of",
  [Kind.YieldExpression]: "operators.yield",
  [Kind.AwaitExpression]: "operators.await",
};

/** @param {ts.Node} node @returns {string | undefined} the syntax that only its details tell */
function detail(node) {
  if ("questionDotToken" in node && node.questionDotToken) return "operators.optional_chaining";
  if (ts.isCatchClause(node) && !node.variableDeclaration) return "statements.try_catch.optional_catch_binding";
  if (ts.isForOfStatement(node) && node.awaitModifier) return "statements.for_await_of";
  if (ts.isNumericLiteral(node) && node.getText().includes("_")) return "grammar.numeric_separators";
  if (ts.isCallExpression(node) && node.expression.kind === Kind.ImportKeyword) return "operators.import";
  if (ts.isBindingElement(node) && node.dotDotDotToken) {
    return `operators.destructuring.rest_in_${ts.isObjectBindingPattern(node.parent) ? "objects" : "arrays"}`;
  }
  if (ts.isParameter(node)) return node.dotDotDotToken ? "functions.rest_parameters" : node.initializer && "functions.default_parameters";
  if (ts.isVariableDeclarationList(node)) return node.flags & ts.NodeFlags.Const ? "statements.const" : node.flags & ts.NodeFlags.Let ? "statements.let" : undefined;
  if (ts.isAwaitExpression(node) && !ts.findAncestor(node, ts.isFunctionLike)) return "operators.await.top_level";
  return ts.isFunctionLike(node) && isGenerator(node) ? "statements.generator_function" : undefined;
}

/** @param {ts.Node} node */
const isGenerator = (node) => "asteriskToken" in node && Boolean(node.asteriskToken);

/** @param {string} file @param {ts.Node} node - what it and all in it are written with */
function syntax(file, node) {
  for (const name of [TOKENS[node.kind], detail(node)]) note(file, name && `javascript.${name}`);
  if (ts.isRegularExpressionLiteral(node)) expression(file, node.text);
  ts.forEachChild(node, (one) => syntax(file, one));
}

/** @param {string} file @param {string} text - of a regular expression, with its flags */
function expression(file, text) {
  const [body, flags] = [text.slice(1, text.lastIndexOf("/")), text.slice(text.lastIndexOf("/") + 1)];
  const names = { "(?<=": "lookbehind_assertion", "(?<!": "lookbehind_assertion", "\\p{": "unicode_character_class_escape", "\\k<": "named_backreference" };
  for (const [mark, name] of Object.entries(names)) if (body.includes(mark)) note(file, `javascript.regular_expressions.${name}`);
  if (/\(\?<[^=!]/.test(body)) note(file, "javascript.regular_expressions.named_capturing_group");
  const said = { s: "dotAll", d: "hasIndices", v: "unicodeSets", y: "sticky", u: "unicode" };
  for (const [flag, name] of Object.entries(said)) if (flags.includes(flag)) note(file, `javascript.builtins.RegExp.${name}`);
}

for (const file of built) syntax(file, ts.createSourceFile(file, readFileSync(file, "utf-8"), ts.ScriptTarget.Latest, true, ts.ScriptKind.JS));

const program = ts.createProgram(sources, {
  allowJs: true, checkJs: true, noEmit: true, strict: true, skipLibCheck: true, types: [],
  target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.esnext.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
});
const checker = program.getTypeChecker();

/** @param {ts.Type} type @returns {Iterable<string>} the names of a type and of all it is made of */
function* names(type) {
  for (const one of type.isUnion() ? type.types : [checker.getApparentType(type)]) {
    const symbol = one.getSymbol();
    if (symbol) yield symbol.name;
    if (type.isUnion()) yield* names(one);
    else for (const base of one.isClassOrInterface() || (one.getFlags() & ts.TypeFlags.Object) ? checker.getBaseTypes(/** @type {ts.InterfaceType} */ (target(one))) ?? [] : []) yield* names(base);
  }
}

/** @param {ts.Type} type */
const target = (type) => /** @type {ts.TypeReference} */ (type).target ?? type;

/** @param {string} holder @param {string} member @param {string} on - what stands before the dot @returns {string | undefined} the name the data has for a member */
function named(holder, member, on) {
  const plain = holder.replace(/Constructor$/, "").replace(/^Readonly(?=Array|Map|Set)/, "");
  if (on === plain && api[plain]?.[`${member}_static`]) return `api.${plain}.${member}_static`;
  if (api[plain]?.[member]) return `api.${plain}.${member}`;
  if (javascript.builtins[plain]?.[member]) return `javascript.builtins.${plain}.${member}`;
  return undefined;
}

/** @param {ts.Symbol | undefined} symbol */
const ofTheBrowser = (symbol) => (symbol?.declarations ?? []).some((one) => /[/]lib[.][\w.]+[.]d[.]ts$/.test(one.getSourceFile().fileName));

/** @param {string} file @param {ts.Node} node - what it and all in it call */
function calls(file, node) {
  if (ts.isPropertyAccessExpression(node) || ts.isBindingElement(node)) member(file, node);
  else if (ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node.parent)) global(file, node, node.text);
  else if (ts.isIdentifier(node) && /** @type {ts.PropertyAccessExpression} */ (node.parent).expression === node) global(file, node, node.text);
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === "addEventListener") listener(file, node);
  if (ts.isNewExpression(node)) options(file, node);
  ts.forEachChild(node, (one) => calls(file, one));
}

/** @param {string} file @param {ts.PropertyAccessExpression | ts.BindingElement} node */
function member(file, node) {
  const name = ts.isPropertyAccessExpression(node) ? node.name : node.propertyName ?? node.name;
  if (!ts.isIdentifier(name) || (ts.isBindingElement(node) && !ts.isObjectBindingPattern(node.parent))) return;
  const type = checker.getTypeAtLocation(ts.isPropertyAccessExpression(node) ? node.expression : node.parent);
  const symbol = checker.getPropertyOfType(checker.getApparentType(checker.getNonNullableType(type)), name.text);
  if (!ofTheBrowser(symbol)) return;
  const on = ts.isPropertyAccessExpression(node) ? node.expression.getText() : "";
  for (const holder of [...names(checker.getNonNullableType(type)), on]) {
    const key = named(holder, name.text, on);
    note(file, key);
    if (key) break;
  }
}

/** @param {string} file @param {ts.Identifier} node @param {string} name */
function global(file, node, name) {
  if (!ofTheBrowser(checker.getSymbolAtLocation(node)) || ts.isPropertyAssignment(node.parent)) return;
  note(file, api[name] ? `api.${name}` : javascript.builtins[name] ? `javascript.builtins.${name}` : api.Window[name] && `api.Window.${name}`);
}

/** @param {string} file @param {ts.CallExpression} node - a listener: the event it waits for, and its options */
function listener(file, node) {
  const [event, , said] = node.arguments;
  const { expression: heard } = /** @type {ts.PropertyAccessExpression} */ (node.expression);
  for (const holder of ts.isStringLiteral(event) ? names(checker.getNonNullableType(checker.getTypeAtLocation(heard))) : []) {
    const key = `${/** @type {ts.StringLiteral} */ (event).text}_event`;
    if (api[holder]?.[key]) { note(file, `api.${holder}.${key}`); break; }
  }
  for (const one of said && ts.isObjectLiteralExpression(said) ? said.properties : []) {
    note(file, `api.EventTarget.addEventListener.options_parameter.options_${one.name?.getText()}_parameter`);
  }
}

/** @param {string} file @param {ts.NewExpression} node - what is made, and with which options */
function options(file, node) {
  const made = node.expression.getText();
  if (api[made]?.[made]) note(file, `api.${made}.${made}`);
  for (const said of node.arguments ?? []) {
    for (const one of ts.isObjectLiteralExpression(said) ? said.properties : []) {
      if (!one.name || !api[made]?.[made]) continue;
      const name = `options_${one.name.getText()}_parameter`;
      if (api[made][made][name]) note(file, `api.${made}.${made}.${name}`);
      const value = ts.isPropertyAssignment(one) ? one.initializer.getText() : "";
      if (made === "Worker" && /module/.test(value)) note(file, "api.Worker.Worker.ecmascript_modules");
    }
  }
}

for (const source of program.getSourceFiles()) {
  if (sources.some((file) => source.fileName.endsWith(file)) && !source.isDeclarationFile) calls(source.fileName, source);
}

console.log(`[${[...found].sort().join(",\n")}]`);
