/**
 * The worker of two comparisons: Pyodide as npm ships it with the engine as source, and MicroPython, which only says it is there.
 *
 * Messages are those of the site's own worker.
 */
let answer = (/** @type {string} */ _) => "";

addEventListener("message", async ({ data }) => {
  const message = JSON.parse(data);
  if (message.start) {
    answer = await (message.start.kind === "stock" ? startStock(message.start) : startMicro(message.start));
    postMessage(JSON.stringify({ ready: message.start.kind }));
  } else {
    postMessage(JSON.stringify({ answer: message.ask, text: answer(message.request) }));
  }
});

/** @param {{folder: string, engine: string, model: string}} files */
async function startStock({ folder, engine, model }) {
  const { loadPyodide } = await import(`${folder}pyodide.mjs`);
  const [python, sources, text] = await Promise.all([
    loadPyodide({ indexURL: folder, env: { PYTHONHASHSEED: "0" } }),
    fetch(engine).then((response) => response.json()),
    fetch(model).then((response) => response.text()),
  ]);
  python.FS.mkdirTree("/engine/decision_tree");
  for (const [name, source] of Object.entries(sources)) python.FS.writeFile(`/engine/${name}`, source);
  python.runPython("import sys; sys.path.insert(0, '/engine')");
  const browser = python.pyimport("decision_tree.guide.browser");
  browser.load(text);
  return (/** @type {string} */ request) => browser.answer(request);
}

/** @param {{folder: string}} files */
async function startMicro({ folder }) {
  const { loadMicroPython } = await import(`${folder}micropython.mjs`);
  const python = await loadMicroPython({ url: `${folder}micropython.wasm` });
  python.runPython("import json\ndef answer(text):\n    return json.dumps(json.loads(text))");
  return python.globals.get("answer");
}
