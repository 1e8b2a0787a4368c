/**
 * Leaving no trace unless asked: keeping answers on this device, erasing them, a device that is shared.
 *
 * The browser's own history still lists the pages seen: the privacy page says so.
 */
const KEPT = "guide";
const SHARED = "shared";   // for this tab alone, until it is closed
const TYPED = "letter";    // the same

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

/** Tell whether the person has said that others use this device. */
export function isShared() {
  return taken(SHARED) === "yes";
}

/**
 * Note that others use this device, or no longer: what is kept here goes, and so do the copies for reading without a network.
 *
 * @param {boolean} shared
 */
export async function noteShared(shared) {
  put(SHARED, shared ? "yes" : undefined);
  if (!shared) return;
  erase();
  put(TYPED);
  try {
    const worker = await navigator.serviceWorker?.getRegistration();
    await worker?.unregister();
    for (const name of await caches.keys()) await caches.delete(name);
  } catch {
    // no copy could be made either
  }
}

/**
 * Keep what is typed in letters until this tab is closed; undefined takes it away.
 *
 * @param {Record<string, string>} [typed]
 */
export function keepLetter(typed) {
  put(TYPED, typed && JSON.stringify(typed));
}

/** Return what this tab keeps of letters; undefined when the person has not asked for it. @returns {Record<string, string> | undefined} */
export function keptLetter() {
  const text = taken(TYPED);
  return text ? JSON.parse(text) : undefined;
}

/**
 * @param {string} key
 */
function taken(key) {
  try {
    return sessionStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} key
 * @param {string} [value]
 */
function put(key, value) {
  try {
    if (value === undefined) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value);
  } catch {
    // this browser keeps nothing, not even for a tab
  }
}
