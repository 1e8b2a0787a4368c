/**
 * The states of the guide, kept as text: a page holds two thousand of them, and a person sees ten.
 *
 * The page writes them as sections, for who has no script. This one stands after the first question and opens a `<noscript>` that the
 * page closes after the last: a browser that runs it reads what lies between as text. A state becomes a section when it is asked for.
 *
 * Old syntax, and no module: it runs while the page is read, and in browsers that know no module it is all there is.
 */
(function () {
  document.write("<noscript>");
  var kept = /** @type {HTMLElement} */ (document.querySelector(".guide-states > noscript"));
  /** @type {Record<string, string>} - id → its section, as text */
  var texts = {};
  var read = false;

  /** Read the states, once the page has come whole. */
  function readStates() {
    if (read || document.readyState === "loading") return;
    read = true;
    (kept.textContent || "").split("<section ").forEach(function (part) {
      var id = /id="(n\d+)"/.exec(part);
      if (id) texts[id[1]] = "<section " + part;
    });
  }

  /** @type {NonNullable<Window["guideStates"]>} */
  var states = {
    text: function (id) {
      readStates();
      return texts[id];
    },
    section: function (id) {
      var text = document.getElementById(id) ? "" : states.text(id);
      if (text) kept.insertAdjacentHTML("beforebegin", text);
      return document.getElementById(id);
    },
    every: function () {
      readStates();
      for (var id in texts) {   // in the order of the page: those shown before come into line
        var shown = document.getElementById(id);
        if (shown) kept.parentNode && kept.parentNode.insertBefore(shown, kept);
        else kept.insertAdjacentHTML("beforebegin", texts[id]);
      }
    },
  };
  window.guideStates = states;

  /** Show what the address names, as a browser does for what the page holds: until the guide’s modules take over, or for good. */
  function follow() {
    var id = location.hash.slice(1);
    if (document.readyState === "loading" || !/^(n\d+|all)$/.test(id)) return;
    if (id === "all") states.every();
    else if (document.getElementById(id) || !states.section(id)) return;
    location.replace("#" + id);   // what was not there when it was followed is now aimed at
  }
  document.addEventListener("readystatechange", follow);
  window.addEventListener("hashchange", follow);
})();
