/**
 * Places to go back to, in a frame that the browser gives none: WebKit makes no history entry for a frame with loading="lazy"
 * (its bug 227474), so a state written there is forgotten at once, and Back leaves the page of the partner.
 */

/** @typedef {{state: unknown, address: string}} Place */

/** Tell whether this frame forgets what is written in its history. */
export function forgets() {
  const { state } = history;
  history.replaceState({ depth: 0 }, "");
  const forgotten = history.state === null;
  history.replaceState(state, "");
  return forgotten;
}

/** Keep the places of this frame in the page's memory, under the names scripts know: `history.state`, `pushState`, `back`… */
export function remember() {
  const write = history.replaceState.bind(history);
  /** @type {Place[]} */
  const places = [{ state: history.state, address: location.href }];
  let at = 0;

  /** @param {Place} place */
  const put = ({ address }) => write(null, "", address);

  /** @param {number} steps */
  const go = (steps) => {
    const place = places[at + steps];
    if (!steps || !place) return;   // beyond the first lies the page of the partner
    setTimeout(() => {
      at += steps;
      put(place);
      dispatchEvent(new PopStateEvent("popstate", { state: place.state }));
    });
  };

  /** @param {unknown} state @param {string} _ @param {string | URL | null} [to] */
  const replaceState = (state, _, to) => {
    places[at] = { state: structuredClone(state), address: to === undefined || to === null ? location.href : new URL(to, document.baseURI).href };
    put(places[at]);
  };

  addEventListener("popstate", (event) => {   // a link to a place of this page, that no script has followed
    if (event.isTrusted && location.href !== places[at].address) places.splice(++at, Infinity, { state: null, address: location.href });
  });
  Object.defineProperties(history, {
    state: { get: () => places[at].state },
    replaceState: { value: replaceState },
    pushState: {
      /** @type {History["pushState"]} */
      value(state, _, to) {
        places.splice(++at, Infinity, places[at - 1]);
        replaceState(state, _, to);
      },
    },
    go: { value: go },
    back: { value: () => go(-1) },
    forward: { value: () => go(1) },
  });
}
