/**
 * What the site that shows the guide asks of it, in the fragment of the address: `#dep=59&theme=dark&asker=parent`.
 * Settings come first; what is left are answers given in advance, or the guide's own state (`v=…`, `n57`).
 */

/** @typedef {{theme?: string, accent?: string, dep?: string, caisse?: string}} Settings */

/** @type {Record<keyof Settings, RegExp>} */
export const SETTINGS = {
  theme: /^(light|dark|auto)$/,
  accent: /^[0-9a-f]{6}$/i,
  dep: /^(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-8]|98[678])$/,
  caisse: /^[0-9A-Z-]{2,12}$/,
};

/**
 * Take the settings out of a fragment. What is malformed is left out, never guessed.
 *
 * @param {string} fragment - with or without its "#"
 * @returns {{settings: Settings, rest: string}} `rest` has no "#"
 */
export function readSettings(fragment) {
  /** @type {Settings} */
  const settings = {};
  const rest = [];
  for (const part of fragment.replace(/^#/, "").slice(0, 2000).split("&")) {
    const [name, value = ""] = part.split("=", 2);
    if (Object.keys(SETTINGS).includes(name)) {
      const key = /** @type {keyof Settings} */ (name);
      if (SETTINGS[key].test(value)) settings[key] = value;
    } else if (part && part !== "embed") rest.push(part);
  }
  return { settings, rest: rest.join("&") };
}

/**
 * Write settings as the first part of a fragment, without "#".
 *
 * @param {Record<string, string | undefined>} settings
 * @param {string} [rest]
 */
export function writeSettings(settings, rest = "") {
  const parts = Object.entries(settings).filter(([, value]) => value).map((entry) => entry.join("="));
  return [...parts, rest].filter(Boolean).join("&");
}

/**
 * Take the settings out of the address, mark the guide with the département and the fund, and leave the guide its own state.
 *
 * @param {HTMLElement} guide
 * @returns {Settings}
 */
export function takeSettings(guide) {
  const { settings, rest } = readSettings(location.hash);
  const state = stateOf(rest, guide.dataset.model ?? "");
  if (settings.dep) guide.dataset.dep = settings.dep;
  if (settings.caisse) guide.dataset.caisse = settings.caisse;
  if (location.hash.slice(1) === state) return settings;
  if (state && !state.startsWith("v=")) location.replace(`#${state}`);
  else history.replaceState(history.state, "", state ? `#${state}` : location.pathname + location.search);
  return settings;
}

/**
 * Return the guide's own fragment for what is left: its state as it is, answers with the version of the model.
 *
 * @param {string} rest
 * @param {string} model - the hash of the model
 */
export function stateOf(rest, model) {
  if (rest.startsWith("v=") || !rest.includes("=")) return rest;
  const answers = rest.split("&").filter((part) => /^[a-z_]{1,40}=[a-z0-9_,-]{1,80}$/.test(part));
  return answers.length ? [`v=${model}`, ...answers].join("&") : "";
}
