/**
 * Once Python answers in this page, have the worker of offline.mjs keep what runs it and what the letters are made from: the
 * next visit needs no network.
 */

const guide = document.querySelector("[data-guide]");

if (navigator.serviceWorker && guide instanceof HTMLElement) {
  let told = "";
  const keep = async () => {
    const addresses = used(guide.dataset);
    if (!addresses.length || told === addresses.join() || guide.dataset.device === "shared") return;
    told = addresses.join();
    const { active } = await navigator.serviceWorker.ready;   // never comes where no worker may start
    active?.postMessage(addresses);
  };
  const watch = () => keep().catch(() => {});   // some browsers refuse all of it with their cookies
  new MutationObserver(watch).observe(guide, { attributeFilter: ["data-engine", "data-runtime"] });
  watch();
}

/**
 * Return the addresses of what Python needs in this page, once it runs.
 *
 * @param {DOMStringMap} data
 * @returns {string[]}
 */
export function used({ engine, runtime, locale, folder, files, more }) {
  if (engine !== "python") return [];
  const { model, ...tiers } = JSON.parse(files ?? "{}");
  const { letters, directory, [`words-${locale}`]: words } = JSON.parse(more ?? "{}");
  const all = [model[locale ?? ""], ...Object.values(tiers[runtime ?? ""] ?? {}), letters, directory, words];
  return all.filter(Boolean).map(({ name }) => new URL(`${folder}${name}`, document.baseURI).href);
}
