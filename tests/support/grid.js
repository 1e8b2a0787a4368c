/**
 * What can be measured of the RGAA in a page as it stands: criterion → [result, what is wrong].
 *
 * Results: C, NC, NA; "applies" where only a person can judge, and something is there to be judged.
 */
async function measured() {
  return {
    ...pictures(), ...tables(), ...links(), ...code(), ...structure(), ...presentation(), ...withoutStyles(), ...added(), ...forms(),
    ...navigation(), ...consulting(), ...await moved(),
  };
}

function seen(one) {
  return one.checkVisibility({ visibilityProperty: true });
}

function all(css) {
  return [...document.querySelectorAll(css)].filter(seen);
}

function shown(one) {
  return one.outerHTML?.slice(0, 140) ?? String(one);
}

/** Something a person judges, or nothing. */
function there(some) {
  return [some.length ? "applies" : "NA", some.map(shown)];
}

/** All right, or not; or nothing to be so. */
function of(some, wrong) {
  const found = some.filter(wrong);
  return [some.length ? (found.length ? "NC" : "C") : "NA", found.map(shown)];
}

/** Right as long as there is none. */
function never(some) {
  return [some.length ? "NC" : "C", some.map(shown)];
}

function holds(right, what) {
  return [right ? "C" : "NC", right ? [] : [what]];
}

function said(one) {
  return one.textContent.replace(/\s+/g, " ").trim();
}

/** What a screen reader has of a text: nothing of what is hidden from it. */
function heard(one) {
  const copy = one.cloneNode(true);
  for (const hidden of copy.querySelectorAll("[aria-hidden=true]")) hidden.remove();
  return [copy.textContent, ...[...copy.querySelectorAll("[alt], svg[aria-label]")].map((it) => it.alt ?? it.ariaLabel)].join(" ").trim();
}

/** The name an author gave. */
function given(one) {
  const ids = (one.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean);
  return (ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" ") || one.getAttribute("aria-label") || "").trim();
}

function named(one) {
  const labels = [...(one.labels ?? [])].map(heard).join(" ");
  return (given(one) || one.getAttribute("alt") || labels || (one.matches("input, select, textarea") ? "" : heard(one)) || one.title || "").trim();
}

function numbers(colour) {
  return colour.match(/[\d.]+/g)?.map(Number) ?? [];
}

function light(colour) {
  return colour.slice(0, 3).map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
}

function contrast(one, other) {
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function ground(one) {
  for (let here = one; here; here = here.parentElement) {
    const [r, g, b, a = 1] = numbers(getComputedStyle(here).backgroundColor);
    if (a > 0.5) return [r, g, b];
  }
  return [255, 255, 255];
}

/** An icon, or the edge or the ground of what is pressed, that hardly differs from what is around. */
function faint(one) {
  const style = getComputedStyle(one);
  const around = ground(one.parentElement);
  if (one.matches("svg")) return contrast(numbers(style.color), around) < 3;
  return Math.max(contrast(numbers(style.borderTopColor), around), contrast(ground(one), around)) < 3;
}

function pictures() {
  const images = all("img, svg, canvas, object, embed, area, input[type=image]").filter((one) => !one.parentElement.closest("svg"));
  const silent = (one) => one.closest("[aria-hidden=true]") || one.getAttribute("alt") === "";
  const informing = images.filter((one) => !silent(one));
  const detailed = all("figure.chart svg, .guide-timeline");
  const captioned = all("figure:has(figcaption)");
  const fields = all("input:not([type=hidden], [type=checkbox], [type=radio], [type=color]), select, textarea");
  const media = all("audio, video, object, embed, canvas, [autoplay], animate, animateTransform, animateMotion, marquee");
  const puzzles = there(all("[class*=captcha], [id*=captcha]"));
  return {
    "1.1": of(informing, (one) => !named(one) && !one.querySelector("title")),
    "1.2": of(images.filter(silent), (one) => one.getAttribute("alt") || one.getAttribute("aria-label") || one.querySelector("title")),
    "1.3": there(informing), "1.4": puzzles, "1.5": puzzles,
    "1.6": of(detailed, (one) => !one.parentElement.querySelector("table, ol, ul")), "1.7": there(detailed),
    "1.8": there(all("img:not([alt=''])")),
    "1.9": of(captioned, (one) => !["figure", "group"].includes(one.getAttribute("role")) || given(one) !== said(one.querySelector("figcaption"))),
    "2.1": of(all("iframe"), (one) => !one.title), "2.2": there(all("iframe")),
    "3.3": of([...fields, ...all(".guide-answers a, .guide-group > summary, .button"), ...images.filter((one) => one.closest(".icon"))], faint),
    ...Object.fromEntries(Array.from({ length: 13 }, (_, at) => [`4.${at + 1}`, there(media)])),
  };
}

function tables() {
  const complex = there(all("table:has(thead tr + tr), table:has([headers]), table:has([rowspan]), table:has([colspan])"));
  const layout = there(all("table:not(:has(th))"));
  const data = all("table:has(th)");
  const titled = all("table:has(caption)");
  return {
    "5.1": complex, "5.2": complex, "5.3": layout, "5.8": layout,
    "5.4": of(titled, (one) => !said(one.caption)), "5.5": there(titled),
    "5.6": of(data, (one) => one.querySelector("th:not([scope])")),
    "5.7": of(data, (one) => one.querySelector("th:not([scope=row], [scope=col])")),
  };
}

function links() {
  const found = all("a[href]");
  return {
    "6.1": of(found, (one) => /^(ici|cliquez ici|lire la suite|en savoir plus|voir|lien|plus|suite|détails?)\.?$/i.test(said(one))),
    "6.2": of(found, (one) => !named(one)),
  };
}

function code() {
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  const languages = new Intl.DisplayNames("en", { type: "language", fallback: "none" });
  const foreign = all("a, option").filter((one) => /^(English|Español|Português|Română|Türkçe|Kreyòl ayisyen)$/.test(said(one)));
  const backwards = all("body *").filter((one) => [...one.childNodes].some((it) => it.nodeType === 3 && /[\u0590-\u08ff]/.test(it.data)));
  return {
    "8.1": holds(document.doctype?.name === "html" && document.compatMode === "CSS1Compat", "doctype"),
    "8.2": never(ids.filter((id, at) => ids.indexOf(id) !== at)),
    "8.3": holds(document.documentElement.lang, "lang"), "8.4": holds(document.documentElement.lang === "fr", document.documentElement.lang),
    "8.5": holds(document.title.trim(), "title"), "8.6": there([document.title]),
    "8.7": of(foreign, (one) => !one.closest("[lang]:not(html)") && !one.querySelector("[lang]")),
    "8.8": of([...document.querySelectorAll("[lang]")], (one) => !languages.of(one.lang)),
    "8.9": never(all("font, center, big, tt, strike, br + br, p:empty:not([role], [class], [data-count])")),
    "8.10": of(backwards, (one) => one.closest("[dir]")?.dir !== "rtl"),
  };
}

function structure() {
  const titles = all("h1, h2, h3, h4, h5, h6");
  const level = (one) => (one ? Number(one.tagName[1]) : 0);
  const skipped = titles.filter((one, at) => level(one) - level(titles[at - 1]) > 1);
  const wrong = ["header", "main", "footer"].filter((tag) => all(tag).filter((one) => !one.parentElement.closest("main")).length !== 1);
  const parts = never([...wrong, ...all("nav").filter((one) => !given(one))]);
  const lists = all("ul, ol, dl");
  const children = (one) => (one.matches("dl") ? "dt, dd, div" : "li");
  return {
    "9.1": titles.some((one) => level(one) === 1) ? never(skipped) : ["NC", ["no h1"]],
    "9.2": parts, "12.6": parts,
    "9.3": of(lists, (one) => [...one.children].some((child) => !child.matches(children(one)))),
    "9.4": there(all("blockquote, q")),
  };
}

function presentation() {
  const inText = all("main :is(p, li, dd, td) a[href]")
    .filter((one) => [...one.parentElement.childNodes].some((it) => it.nodeType === 3 && it.data.trim().length > 3));
  const unmarked = (one) => !getComputedStyle(one).textDecorationLine.includes("underline") && getComputedStyle(one).borderBottomStyle === "none";
  const old = "[align], [bgcolor], [valign], [cellpadding], [cellspacing], [nowrap], table[border], :is(table, td, th)[width]";
  const body = getComputedStyle(document.body);
  return {
    "10.1": never(all(old).filter((one) => !one.closest("svg"))),
    "10.5": holds([body.color, body.backgroundColor].every((colour) => numbers(colour)[3] !== 0), "body"),
    "10.6": of(inText, unmarked),
    "10.8": never(all("[aria-hidden=true] :is(a[href], button, input, select, textarea, [tabindex]), [aria-hidden=true]:is(a[href], button)")),
  };
}

/** What the page says, and in what order, once its styles are gone. */
function withoutStyles() {
  const words = () => new Set(document.body.innerText.toLowerCase().match(/[\p{L}\d]+/gu));
  const written = (one, part) => (getComputedStyle(one, part).content.replace(/\/.*$/, "").match(/"[^"]*"/g) ?? []).some((text) => /[\p{L}\d]/u.test(text));
  const drawn = all("body *").filter((one) => written(one, "::before") || written(one, "::after"));
  const displaced = all("body *").filter((one) => {
    const { order, flexDirection, flexWrap, float, gridRowStart } = getComputedStyle(one);
    return order !== "0" || /reverse/.test(flexDirection + flexWrap) || float !== "none" || /^-?\d/.test(gridRowStart);
  });
  const [styled, sheets] = [words(), [...document.styleSheets]];
  for (const sheet of sheets) sheet.disabled = true;
  const plain = words();
  for (const sheet of sheets) sheet.disabled = false;
  const lost = [...styled].filter((word) => !plain.has(word));
  return { "10.2": never([...drawn, ...lost]), "10.3": never(displaced) };
}

function rulesOf(list) {
  return [...list].flatMap((rule) => [rule, ...rulesOf(rule.cssRules ?? [])]);
}

/** What a style shows only under the pointer or with the focus: the links to skip to are what has the focus. */
function added() {
  const shows = /(?:^|[;\s])(?:display|visibility|opacity|content|clip|clip-path|height|max-height|left|top)\s*:/;
  const rules = [...document.styleSheets].flatMap((sheet) => rulesOf(sheet.cssRules))
    .filter((rule) => /:(?:hover|focus)/.test(rule.selectorText ?? "") && shows.test(rule.style.cssText) && !/\.skip/.test(rule.selectorText));
  const found = there(rules.map((rule) => rule.cssText));
  const main = document.querySelector("main").cloneNode(true);
  main.querySelector("noscript")?.remove();   // the states nobody asked for
  const text = said(main);
  const shape = there(text.match(/[^.]*(?<!\p{L})(?:ci-contre|à gauche|à droite|en haut|en bas|au-dessus|au-dessous|ci-dessus|ci-dessous|plus haut|plus bas|rond|carré)(?!\p{L})[^.]*/gu) ?? []);
  const cryptic = there(text.match(/(?:^|\s)[:;=]-?[)(DPp|](?=\s|$)|[-=_|\\/*#~]{5,}/g) ?? []);
  return { "10.9": shape, "10.10": shape, "10.13": found, "10.14": found, "12.11": found, "13.5": cryptic, "13.6": cryptic };
}

/** Gestures and movements that our scripts listen to; what is sent away and could have been corrected first. */
async function moved() {
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => /\.m?js$/.test(name));
  const texts = await Promise.all(loaded.map(async (name) => (await fetch(name)).text()));
  const inline = [...document.scripts].map((one) => one.textContent);
  const heard = (wanted) => there([...texts, ...inline].flatMap((text) => text.match(wanted) ?? []));
  return {
    "11.12": there([...document.forms].filter((one) => one.method === "post" || new URL(one.action, location).origin !== location.origin)),
    "13.10": heard(/["']?(?:touchmove|gesturestart|gesturechange|pointermove|mousemove|dragstart)["']?/g),
    "13.12": heard(/["']?(?:deviceorientation|devicemotion)["']?/g),
  };
}

function forms() {
  const fields = all("input:not([type=hidden]), select, textarea");
  const groups = all("fieldset, form [role=group]");
  const radios = fields.filter((one) => one.type === "radio");
  const buttons = all("button, input[type=submit], input[type=button]");
  const person = all("#p-own, #l-name, #l-address, #l-phone, #l-email");
  const far = (one) => {
    const [label] = one.labels ?? [];
    if (!label || label.contains(one)) return false;
    const between = (one.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id)?.getBoundingClientRect().height ?? 0);
    const [from, to] = [label.getBoundingClientRect(), one.getBoundingClientRect()];
    return to.top - from.bottom - between.reduce((sum, height) => sum + height, 0) > 40 || from.top - to.bottom > 10;
  };
  const legend = (one) => (one.querySelector("legend") ? said(one.querySelector("legend")) : given(one));
  return {
    "11.1": of(fields, (one) => !named(one)), "11.2": there(fields), "11.4": of(fields, far),
    "11.5": groups.length || radios.length ? never(radios.filter((one) => !one.closest("fieldset, [role=group]"))) : ["NA", []],
    "11.6": of(groups, (one) => !legend(one)), "11.7": there(groups),
    "11.8": of(all("select:has(optgroup)"), (one) => [...one.querySelectorAll("optgroup")].some((group) => !group.label)),
    "11.9": of(buttons, (one) => !named(one)),
    "11.13": of(person, (one) => ["", "on", "off"].includes(one.autocomplete)),
  };
}

function navigation() {
  const leads = (place) => document.querySelector(`header nav a[href$="${place}/"]`) ?? document.querySelector(`header a[href$="${place}/"]`)
    ?? (location.pathname.endsWith(`/${place}/`) ? document.querySelector("header a[href='./']") : null);
  const first = document.querySelector("body a[href]");
  return {
    "12.1": holds(leads("plan-du-site") && leads("recherche") && document.querySelector("header nav li a"), "two ways"),
    "12.4": holds(leads("plan-du-site"), "map"), "12.5": holds(leads("recherche"), "search"),
    "12.7": holds(first.closest(".skip") && document.querySelector(first.hash), "the first link"),
    "12.10": there(all("[accesskey]")),
  };
}

function consulting() {
  const files = there([...all("a[href]").filter((one) => /\.(pdf|docx|odt)$/.test(one.pathname)), ...all("[data-letter-do=pdf], [data-letter-do=docx]")]);
  const moving = there([...document.getAnimations(), ...all("marquee, blink, img[src$='.gif']")]);
  const beside = all("a[target=_blank]").filter((one) => !/nouve(l onglet|lle fenêtre)/.test(`${said(one)} ${one.title}`));
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).flatMap((rule) => [rule, ...(rule.cssRules ?? [])]);
  return {
    "13.1": there([...document.querySelectorAll("meta[http-equiv=refresh]")]),
    "13.2": never(beside), "13.3": files, "13.4": files, "13.7": moving, "13.8": moving,
    "13.9": never(rules.filter((rule) => /orientation/.test(rule.media?.mediaText ?? "")).map((rule) => rule.media.mediaText)),
  };
}
