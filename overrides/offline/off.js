/**
 * Sent in place of sw.js to end it: every copy goes, the worker goes, and the site is read from the network alone.
 */
(() => {
  const worker = /** @type {any} */ (self);
  worker.addEventListener("install", () => worker.skipWaiting());
  worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(end()));

  async function end() {
    await caches.delete(`refus-de-soins ${worker.registration.scope}`);
    await worker.registration.unregister();
  }
})();
