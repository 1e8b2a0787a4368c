/**
 * Leaving no trace unless asked: the quick exit, keeping answers on this device, erasing them.
 *
 * The browser's own history still lists the pages seen: the privacy page says so.
 */

const KEPT = "guide";
const LATE_MS = 2_000;   // one step back takes milliseconds; the page is already blank meanwhile

/** @typedef {{fragment: string, days: Record<string, string>}} Kept */

/**
 * Return what this device keeps; undefined when nothing, or when the browser forbids storage.
 *
 * @returns {Kept | undefined}
 */
export function kept() {
  try {
    const text = localStorage.getItem(KEPT);
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Keep answers on this device.
 *
 * @param {Kept} what
 * @returns {boolean} whether the browser took it
 */
export function keep(what) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(what));
    return true;
  } catch {
    return false;
  }
}

/** Erase what this device keeps. */
export function erase() {
  try {
    localStorage.removeItem(KEPT);
  } catch {
    // nothing could be kept either
  }
}

/** The place of this history entry among those the guide made, from 0. */
export function depth() {
  return Number(history.state?.depth ?? 0);
}

/** How many entries of this page lie behind this one: as the browser counts them, else as the guide did. */
function behind() {
  const { navigation } = /** @type {any} */ (globalThis);
  if (!navigation?.currentEntry) return depth();
  /** @type {{sameDocument: boolean}[]} */
  const before = navigation.entries().slice(0, navigation.currentEntry.index).reverse();
  const first = before.findIndex((entry) => !entry.sameDocument);
  return first < 0 ? before.length : first;
}

/**
 * Leave at once: blank the page, give the entries the guide made the address of the home page, then open it in their place.
 *
 * @param {string} home - address of the home page
 */
export async function leave(home) {
  document.body.replaceChildren();
  document.title = new URL(home).host;
  erase();
  const entries = behind() + 1;
  history.pushState(null, "", home);   // the steps ahead, that Back left there, are gone
  for (let left = entries; left > 0; left -= 1) {
    const moved = new Promise((done) => window.addEventListener("popstate", () => done(true), { once: true }));
    history.back();
    if (!await Promise.race([moved, new Promise((done) => setTimeout(done, LATE_MS))])) break;
    history.replaceState(null, "", home);
  }
  location.replace(home);
}
