/**
 * A site's own colour on our pages, moved towards black or white until everyone can read it (WCAG: 4.5 to 1).
 */

/** @typedef {[number, number, number]} Colour - red, green, blue, 0 to 255 */

export const ENOUGH = 4.5;
const BLACK = /** @type {Colour} */ ([0, 0, 0]);
const WHITE = /** @type {Colour} */ ([255, 255, 255]);
const TINT = 0.12;     // how much of the accent its pale background holds
const STRONGER = 0.3;  // how far the stronger accent goes on towards black or white

/**
 * @param {string} hex - "#0b5f55" or "0b5f55"; anything else gives null
 * @returns {Colour | null}
 */
export function parse(hex) {
  const found = /^\s*#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})\s*$/i.exec(hex) ?? short(hex);
  return found && /** @type {Colour} */ (found.slice(1, 4).map((part) => parseInt(part, 16)));
}

/** @param {string} hex */
function short(hex) {
  const found = /^\s*#?([0-9a-f])([0-9a-f])([0-9a-f])\s*$/i.exec(hex);
  return found && found.map((part) => part + part);
}

/** @param {Colour} colour */
export function write(colour) {
  return `#${colour.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

/**
 * @param {Colour} one
 * @param {Colour} other
 * @param {number} share - of `other`, 0 to 1
 * @returns {Colour}
 */
export function mix(one, other, share) {
  return /** @type {Colour} */ (one.map((part, index) => Math.round(part + (other[index] - part) * share)));
}

/** @param {Colour} colour */
function luminance(colour) {
  const [red, green, blue] = colour.map((part) => {
    const level = part / 255;
    return level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/**
 * @param {Colour} one
 * @param {Colour} other
 */
export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/**
 * Return the colours to use for an accent on some backgrounds: each pair that holds text has enough contrast.
 *
 * @param {Colour} wanted
 * @param {Colour[]} grounds - what the accent is written on; all light, or all dark
 * @returns {{accent: Colour, strong: Colour, tint: Colour, on: Colour, kept: boolean}} `kept`: the colour asked for is the one used
 */
export function readable(wanted, grounds) {
  const towards = contrast(grounds[0], BLACK) > contrast(grounds[0], WHITE) ? BLACK : WHITE;
  for (let share = 0; ; share = Math.min(1, share + 0.02)) {
    const accent = mix(wanted, towards, share);
    const tint = mix(grounds[0], accent, TINT);
    if (share === 1 || [...grounds, tint].every((ground) => contrast(accent, ground) >= ENOUGH)) {
      const on = contrast(accent, WHITE) >= contrast(accent, BLACK) ? WHITE : BLACK;
      return { accent, strong: mix(accent, towards, STRONGER), tint, on, kept: share === 0 };
    }
  }
}
