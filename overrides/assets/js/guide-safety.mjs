/**
 * Leaving no trace unless asked: the quick exit, keeping answers on this device, erasing them.
 *
 * The browser's own history still lists the pages seen: the privacy page says so.
 */
import { wipe } from "./guide-history.mjs";

const KEPT = "guide";

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

/**
 * Leave at once: blank the page, empty the entries the guide made, then open the home page.
 *
 * @param {string} home - address of the home page
 */
export async function leave(home) {
  document.body.replaceChildren();
  document.title = new URL(home).host;
  erase();
  await wipe(home, new URL(home).host);
  location.replace(home);
}
