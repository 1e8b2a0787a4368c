/**
 * Let a visited site be read without a network. It keeps the site's own files, and nothing else: no answer, no address with one.
 *
 * Pages come from the network first; the copy is for when there is none, or none in time. Files whose name holds the hash of
 * their content come from the copy first, and are kept only when their content has that hash. What weighs (Python) is kept once
 * it has been used. A new version fetches what differs from the copies, then forgets what the site no longer has.
 * scripts/site/service_worker.py writes the list below and says how to switch all of this off.
 */

/**
 * @typedef {object} Site
 * @property {Record<string, string>} pages - place under the root → start of the SHA-256 of the page
 * @property {Record<string, string[]>} core - root of a language → the pages kept from the first visit on
 * @property {string[]} shell - the files these pages need
 * @property {string[]} files - all files whose name holds a hash
 */

/** In one piece because a classic script shares its names with all others: this wrapper around small functions keeps them its own. */
(() => {
  const PATIENCE_MS = 4_000;   // for a page we have a copy of
  const HASHED = /\.([0-9a-f]{10})\.[a-z0-9.]+$/;
  const site = /** @type {Site} */ (/** @type {unknown} */ ("LIST"));
  const worker = /** @type {any} */ (self);
  const root = new URL(worker.registration.scope);
  const name = `refus-de-soins ${root.href}`;

  worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(install()));
  worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(activate()));
  worker.addEventListener("message", (/** @type {any} */ event) => event.waitUntil(keepUsed(event.data)));
  worker.addEventListener("fetch", (/** @type {any} */ event) => {
    const { request } = event;
    const place = placeOf(request.url);
    if (request.method !== "GET" || place === undefined || /^(en\/)?embed\b/.test(place)) return;
    if (HASHED.test(place)) event.respondWith(keptFirst(request, place));
    else if (request.mode === "navigate") event.respondWith(networkFirst(event, place));
  });

  /**
   * Return the place of an address under the root, without query and fragment; undefined outside.
   *
   * @param {string} address
   */
  function placeOf(address) {
    const { origin, pathname } = new URL(address, root);
    const ours = origin === root.origin && pathname.startsWith(root.pathname);
    return ours ? pathname.slice(root.pathname.length).replace(/(^|\/)index\.html$/, "$1") : undefined;
  }

  /** @param {string} place */
  function folderOf(place) {
    return place.startsWith("en/") ? "en/" : "";
  }

  /** Keep the pages of the languages in use and those visited before, each fetched only when it differs. */
  async function install() {
    const cache = await caches.open(name);
    const open = await worker.clients.matchAll({ includeUncontrolled: true, type: "window" });
    const seen = [...open, ...(await cache.keys())].map(({ url }) => placeOf(url)).filter((place) => place !== undefined);
    const pages = new Set(seen.filter((place) => place in site.pages));
    for (const place of seen) for (const page of site.core[folderOf(place)]) pages.add(page);
    await Promise.all(site.shell.map((place) => keepFile(cache, place)));
    await Promise.all([...pages].map((place) => keepPage(cache, place)));
  }

  async function activate() {
    const cache = await caches.open(name);
    const known = new Set([...Object.keys(site.pages), ...site.files]);
    for (const request of await cache.keys()) {
      if (!known.has(placeOf(request.url) ?? "?")) await cache.delete(request);
    }
    await worker.registration.navigationPreload?.disable();   // when it fails, Firefox drops what we answer in its place
    await worker.clients.claim();
  }

  /**
   * @param {Cache} cache
   * @param {string} place
   */
  async function keepPage(cache, place) {
    const address = root.href + place;
    const old = await cache.match(address);
    if (old && (await hashOf(old)).startsWith(site.pages[place])) return;
    const answer = await fetch(address, { cache: "no-cache" });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    await cache.put(address, answer);
  }

  /**
   * @param {Cache} cache
   * @param {string} place
   */
  async function keepFile(cache, place) {
    const address = root.href + place;
    if (await cache.match(address)) return;
    await keepSound(cache, place, await fetch(address));
  }

  /**
   * Keep a file whose content has the hash that its name holds.
   *
   * @param {Cache} cache
   * @param {string} place
   * @param {Response} answer
   */
  async function keepSound(cache, place, answer) {
    const hash = HASHED.exec(place)?.[1] ?? "?";
    if (!answer.ok || !(await hashOf(answer.clone())).startsWith(hash)) throw new Error(`${place}: not what its name says`);
    await cache.put(root.href + place, answer);
  }

  /**
   * @param {Response} answer - it is read
   */
  async function hashOf(answer) {
    const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await answer.arrayBuffer()));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /**
   * Keep what a page says it has used before this worker heard of it; the browser still has these files.
   *
   * @param {unknown} addresses
   */
  async function keepUsed(addresses) {
    if (!Array.isArray(addresses)) return;
    const cache = await caches.open(name);
    const places = addresses.map((address) => placeOf(String(address))).filter((place) => place && HASHED.test(place));
    await Promise.allSettled(places.map((place) => keepFile(cache, place ?? "")));
  }

  /**
   * @param {Request} request
   * @param {string} place
   */
  async function keptFirst(request, place) {
    const cache = await caches.open(name);
    const old = await cache.match(root.href + place, { ignoreVary: true });
    if (old) return old;
    const answer = await fetch(request);
    keepSound(cache, place, answer.clone()).catch(() => {});   // no room, or not sound: the page judges for itself
    return answer;
  }

  /**
   * @param {any} event
   * @param {string} place
   */
  async function networkFirst(event, place) {
    const cache = await caches.open(name);
    const old = await cache.match(root.href + place, { ignoreVary: true });
    const fresh = fromNetwork(event, cache, place);
    event.waitUntil(fresh.catch(() => {}));
    try {
      const late = new Promise((done) => old && setTimeout(done, PATIENCE_MS, old));
      const answer = await Promise.race([fresh, late]);
      return old && answer.status >= 500 ? old : answer;
    } catch {
      return old ?? withoutNetwork(cache, place);
    }
  }

  /**
   * @param {any} event
   * @param {Cache} cache
   * @param {string} place
   * @returns {Promise<Response>}
   */
  async function fromNetwork(event, cache, place) {
    const answer = await fetch(event.request);
    const page = answer.ok && answer.type === "basic" && /^text\/html/.test(answer.headers.get("content-type") ?? "");
    if (page && !new URL(event.request.url).search) event.waitUntil(keepVisited(cache, place, answer.clone()).catch(() => {}));
    return answer;
  }

  /**
   * Keep a page that was visited; with the first one in a language, what that language needs.
   *
   * @param {Cache} cache
   * @param {string} place
   * @param {Response} answer
   */
  async function keepVisited(cache, place, answer) {
    await cache.put(root.href + place, answer);
    const folder = folderOf(place);
    if (await cache.match(`${root.href}${folder}offline.html`)) return;
    await Promise.all(site.core[folder].map((page) => keepPage(cache, page)));
  }

  /**
   * Return the page that says there is no network, so that its links, made for its own folder, work at any address.
   *
   * @param {Cache} cache
   * @param {string} place
   */
  async function withoutNetwork(cache, place) {
    for (const folder of new Set([folderOf(place), ...Object.keys(site.core)])) {
      const page = await cache.match(`${root.href}${folder}offline.html`);
      if (!page) continue;
      const text = (await page.text()).replaceAll('="./', `="${root.pathname}${folder}`);
      return new Response(text, { status: 503, headers: page.headers });
    }
    return Response.error();
  }
})();
