/**
 * Start the worker that keeps visited pages for when there is no network; never in a frame, never for who saves data.
 * Every page carries this: it says what it used before the worker came, and nothing more.
 */

const workers = navigator.serviceWorker;

async function begin() {
  await workers.register(new URL("../../sw.js", import.meta.url));
  (await workers.ready).active?.postMessage(performance.getEntriesByType("resource").map(({ name }) => name));
}

/** Where the person has said that others use the device, no copy is made. */
function shared() {
  try {
    return sessionStorage.shared;
  } catch {
    return false;
  }
}

if (workers && document.querySelector("[data-offline]") && self === top && !shared() && !(/** @type {any} */ (navigator).connection?.saveData)) addEventListener("load", () => begin().catch(() => {}));
