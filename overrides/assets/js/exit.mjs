/**
 * Leave at once, by the link at the top of a page or by three presses of Shift: the page goes blank, its copies and what the
 * person asked to keep go, the entries it made in the history lose their title, and a neutral site takes their place.
 */

const WITHIN_MS = 1_500;   // three presses of Shift
const PATIENCE_MS = 2_500; // for what is emptied before; the page is blank meanwhile

const link = document.querySelector("[data-exit]");
if (link instanceof HTMLAnchorElement && self === top) {
  const go = (/** @type {Event} */ event) => {
    event.preventDefault();
    leave(link.href);
  };
  link.addEventListener("click", go);
  /** @type {number[]} */
  let presses = [];
  addEventListener("keydown", (event) => {
    presses = event.key === "Shift" ? [...presses, event.timeStamp].slice(-3) : [];
    if (presses.length === 3 && event.timeStamp - presses[0] < WITHIN_MS && !event.repeat) go(event);
  });
}

/** @param {string} to - a page of another site */
async function leave(to) {
  document.body.replaceChildren();
  document.title = new URL(to).host;
  /** @type {Promise<unknown>[]} */
  const jobs = [];
  dispatchEvent(new CustomEvent("leave", { detail: { jobs, title: document.title } }));   // the guide empties its own entries
  if (!jobs.length) history.replaceState(null, "", new URL("..", document.baseURI));
  try {
    localStorage.clear();
    sessionStorage.clear();
    jobs.push(caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name)))));
  } catch {
    // nothing could be kept either
  }
  await Promise.race([Promise.allSettled(jobs), new Promise((done) => setTimeout(done, PATIENCE_MS))]);
  location.assign(to);
}
