/**
 * Turn a link to the guide into the guide, in the page of another site. ES5; nothing global, nothing stored, no answer heard.
 *
 *     <a data-embed href="https://SITE/guide/#dep=59">…</a>  <script async src="https://SITE/embed-1.0.0.js"></script>
 *
 * A CMS that removes `data-embed` leaves the address: `#embed` as the first word of its fragment does the same.
 * The link stays until the guide answers, and is there again when it cannot. The frame and this script talk over a private
 * port. In: ["ready"], ["height", pixels], ["step", n, m], ["end"], ["top"]. Out: ["theme", …], ["locale", …].
 * Every host page carries it, so it is short: under 2 kB once scripts/site/embed.py has packed it.
 */
/*! 1.0.0 */
(function (d) {
  "use strict";
  var me = /** @type {HTMLScriptElement} */ (d.currentScript),
    base = me && (me.getAttribute("data-site") || me.src.replace(/[^/]*$/, "")),
    origin = /** @type {RegExpExecArray} */ (/^https?:\/\/[^/]+/.exec(base)),
    /** @type {[Element, HTMLIFrameElement][]} */
    pairs = [];
  // A page opened as a file, or by a browser without ports, keeps its link.
  if (!origin || !/^http/.test(location.protocol) || !self.MessageChannel) return;

  /** @param {HTMLAnchorElement & {guide?: number}} link */
  function upgrade(link) {
    // Only an address of the site this script comes from: a link in a visitor's comment frames no other site.
    var to = link.href.indexOf(base) ? null : /^(en\/)?(guide|embed)\/(#.*)?$/.exec(link.href.slice(base.length)),
      frame = d.createElement("iframe"),
      style = frame.style,
      since = 0,
      count = 0,
      /** @type {MessagePort | undefined} */
      port,
      /** @type {ReturnType<typeof setTimeout>} */
      late;
    if (!to || link.guide) return;
    link.guide = 1;

    /** @param {string} name @param {unknown} [detail] */
    function tell(name, detail) {
      frame.dispatchEvent(new CustomEvent("guide:" + name, { bubbles: true, detail: detail }));
    }
    /** @param {MessageEvent} event */
    function hear(event) {
      var said = event.data, now = Date.now(), name, n, m;
      if (now - since > 999) {
        since = now;
        count = 0;
      }
      if (count++ > 40 || !Array.isArray(said)) return;
      name = said[0];
      n = said[1];
      m = said[2];
      if (name === "ready") {
        clearTimeout(late);
        if (d.activeElement === link) frame.focus();
        link.style.display = "none";
        tell(name);
      }
      if (name === "height" && Number.isInteger(n)) {
        n = Math.min(Math.max(n, 160), 20000);
        style.height = n + "px";
        tell(name, n);
      }
      if (name === "step" && Number.isInteger(n) && Number.isInteger(m) && n > 0 && m >= n && m < 100) tell(name, [n, m]);
      if (name === "end") tell(name);
      // Only after the visitor acted in the frame, and when its top is out of sight.
      if (name === "top" && d.activeElement === frame && frame.getBoundingClientRect().top < 0) frame.scrollIntoView();
    }

    function remove() {
      if (port) port.close();
      link.style.display = "";
      frame.remove();
    }

    frame.title = link.textContent || "";
    frame.loading = "lazy";
    frame.referrerPolicy = "no-referrer";
    frame.allow = "clipboard-write";
    frame.sandbox = "allow-same-origin allow-" + ["scripts", "forms", "popups", "popups-to-escape-sandbox", "downloads", "modals"].join(" allow-");
    style.cssText = "display:block;border:0;width:100%;height:600px";
    frame.onload = function () {
      var channel = new MessageChannel();
      if (port) port.close();
      port = channel.port1;
      port.onmessage = hear;
      clearTimeout(late);
      late = setTimeout(remove, 9000);
      /** @type {Window} */ (frame.contentWindow).postMessage("guide 1", origin[0], [channel.port2]);
    };
    frame.addEventListener("guide:set", function (event) {
      if (port) port.postMessage(/** @type {CustomEvent} */ (event).detail);
    });
    frame.src = base + (to[1] || "") + "embed/" + (to[3] || "");
    /** @type {Node} */ (link.parentNode).insertBefore(frame, link.nextSibling);
    pairs.push([link, frame]);
  }

  function scan() {
    pairs.forEach(function (pair) {
      if (!d.contains(pair[0])) pair[1].remove();
    });
    [].forEach.call(d.querySelectorAll('a[data-embed],a[href*="/#embed"]'), upgrade);
  }

  scan();
  new MutationObserver(scan).observe(d, { childList: true, subtree: true, attributes: true, attributeFilter: ["href", "data-embed"] });
})(document);
