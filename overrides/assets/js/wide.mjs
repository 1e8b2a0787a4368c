/**
 * A table wider than the screen is a stop of the keyboard, with a name; one that fits is not.
 */
const WIDE = ".scroll, .table-scroll";
const watched = new ResizeObserver((entries) => {
  for (const wide of new Set(entries.map(({ target }) => target.closest(WIDE)))) mark(/** @type {HTMLElement} */ (wide));
});
const headings = [...document.querySelectorAll("main :is(h1, h2, h3, h4)")];
// What it holds is watched too: a table grows under an unchanged frame when its fonts arrive.
for (const wide of document.querySelectorAll(WIDE)) for (const one of [wide, ...wide.children]) watched.observe(one);

/** @param {HTMLElement} wide */
function mark(wide) {
  const scrolls = wide.scrollWidth > wide.clientWidth + 1;
  const name = wide.querySelector("caption") ?? headings.filter((one) => one.compareDocumentPosition(wide) & Node.DOCUMENT_POSITION_FOLLOWING).pop();
  const marks = { tabindex: "0", role: "region", "aria-label": name?.textContent?.trim() ?? document.title };
  for (const [key, value] of Object.entries(marks)) wide.toggleAttribute(key, scrolls) && wide.setAttribute(key, value);
}
