/**
 * What the guide's modules share: finding elements, and the words the page carries.
 */

/**
 * Return the one element a page of ours must hold.
 *
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} css
 * @param {new () => T} type - HTMLElement, HTMLFormElement…
 * @returns {T}
 */
export function find(root, css, type) {
  const found = seek(root, css, type);
  if (!found) throw new Error(`no ${type.name} is ${css}`);
  return found;
}

/**
 * Return an element, or undefined where there is none of this type.
 *
 * @template {Element} T
 * @param {ParentNode | null | undefined} root
 * @param {string} css
 * @param {new () => T} type
 * @returns {T | undefined}
 */
export function seek(root, css, type) {
  const found = root?.querySelector(css);
  return found instanceof type ? found : undefined;
}

/**
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} css
 * @param {new () => T} type
 * @returns {T[]}
 */
export function all(root, css, type) {
  return /** @type {T[]} */ ([...root.querySelectorAll(css)].filter((one) => one instanceof type));
}

/**
 * Return what was pressed: the nearest element around the target of an event.
 *
 * @param {Event} event
 * @param {string} css
 * @returns {HTMLElement | undefined}
 */
export function pressed(event, css) {
  const found = event.target instanceof Element ? event.target.closest(css) : null;
  return found instanceof HTMLElement ? found : undefined;
}

/**
 * Return a word of the interface, as the build wrote it in the page.
 *
 * @param {HTMLElement} guide
 * @param {string} key
 * @returns {string}
 */
export function word(guide, key) {
  return JSON.parse(guide.dataset.words ?? "{}")[key] ?? "";
}

/**
 * Return what is written in a form, by field.
 *
 * @param {HTMLFormElement} form
 * @returns {Record<string, string>}
 */
export function typedIn(form) {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
}

/**
 * Make a button that says a word and does something.
 *
 * @param {string} text
 * @param {() => void} act
 */
export function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

/** Let a slow phone draw, and hear the person, before what comes next. */
export function nextTurn() {
  return new Promise((done) => setTimeout(done));
}
