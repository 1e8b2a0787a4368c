/**
 * Turn a link to the guide into the guide, in the page of another site. ES5; nothing global, nothing stored, no answer heard.
 *
 *     <a data-embed href="https://SITE/guide/#dep=59">…</a>  <script async src="https://SITE/embed-1.1.0.js"></script>
 *
 * A CMS that removes `data-embed` leaves the address: `#embed` as the first word of its fragment does the same.
 * The frame is made once the page has loaded and the link comes near; it takes no room until the guide answers. The link goes
 * then, and is there again when the guide cannot answer, or when the page removes the frame: made again, later each time.
 * The frame and this script talk over a private port. In: ["ready"], ["height", pixels], ["step", n, m], ["end"], ["top"].
 * Out: ["theme", …], ["locale", …].
 * Every host page carries it, so it is short: under 2 kB once scripts/site/embed.py has packed it.
 * In one piece because parts apart would pass to each other what they now share, in more bytes.
 */
/*! 1.1.0 */
(function (d) {
  var /** @type {any} */ me = d.currentScript,
    base = me && (me.dataset.site || me.src.replace(/[^/]*$/, "")),
    whole = Number.isInteger;
  // A page opened as a file keeps its link.
  if (!/^http.+http/.test(location + base)) return;

  /**
   * Put the guide before a link, and the link back when the guide does not answer.
   * In one piece because all of it shares the link, the frame and the beats left, and each name handed on costs bytes.
   *
   * @param {any} link - HTMLAnchorElement; its `guide` is how long to wait before it is taken again, in milliseconds
   * @param {number} again - below 0: taken again
   */
  function upgrade(link, again) {
    // Only an address of the site this script comes from: a link in a visitor's comment frames no other site.
    var to = /^(en\/|)(guide|embed)\/?(\?[^#]*)?(#.*|)$/.exec(link.href.replace(base, "")),
      /** @type {any} - HTMLIFrameElement */
      frame = d.createElement("iframe"),
      // Beats until the link is left alone, 0 once the guide has answered; messages heard in this beat.
      left = 60, count = 0;
    if (!to || again >= 0 && link.guide) return;
    link.guide = 2 * link.guide || 999;

    /** @param {string} height - with the rest, prevails over what the page says of frames */
    function style(height) {
      frame.style.cssText = ("display:block;position:static;border:0;width:100%;scroll-margin:8em;height:" + height + ";").replace(/;/g, "!important;");
    }

    /** @param {MessageEvent} event */
    function hear(event) {
      var said = event.data || 0, name = said[0], n = said[1], m = said[2], detail, box = frame.parentNode;
      if (count++ > 12) return;
      if (name === "ready") {
        left = 0;
        if (d.activeElement === link) frame.focus();
        link.style.display = "none";
      } else if (name === "height" && whole(n)) {
        detail = n = n < 160 ? 160 : n > 2e4 ? 2e4 : n;
        style(n + "px");
        // A box made for films, of 16 by 9, would cut the guide.
        if (box.offsetHeight < n) box.style.cssText += ";aspect-ratio:auto;height:auto;padding:0";
      } else if (name === "step" && whole(n) && whole(m) && n > 0 && m >= n && m < 100) detail = [n, m];
      else if (name !== "end") {
        // Only after the visitor acted in the frame, and when its top is out of sight; below what the page keeps at its top.
        if (name === "top" && d.activeElement === frame && frame.getBoundingClientRect().top < 0) frame.scrollIntoView();
        return;
      }
      frame.dispatchEvent(new CustomEvent("guide:" + name, { bubbles: true, detail: detail }));
    }

    // Every third of a second: is the link there, is the frame there, has the guide answered?
    function beat() {
      var gone = !d.contains(link) || !d.contains(frame);
      count = 0;
      if (!gone && (!left || --left)) setTimeout(beat, 333);
      else {
        frame.remove();
        link.style.display = "";
        if (gone) setTimeout(upgrade, link.guide, link, -1);
      }
    }

    frame.title = link.text;
    frame.referrerPolicy = "no-referrer";
    frame.allow = "clipboard-write";
    frame.sandbox = "same-origin scripts forms popups popups-to-escape-sandbox downloads modals".replace(/\S+/g, "allow-$&");
    frame.onload = function () {
      var channel = new MessageChannel();
      channel.port1.onmessage = hear;
      left = 27;
      frame.contentWindow.postMessage("guide 1", base, [channel.port2]);
      frame.addEventListener("guide:set", function (/** @type {CustomEvent} */ event) {
        channel.port1.postMessage(event.detail);
      });
    };
    frame.src = base + to[1] + "embed/" + to[4];
    style("0;visibility:hidden");

    new IntersectionObserver(function (seen, eye) {
      if (!seen[0].isIntersecting) return;
      eye.disconnect();
      link.after(frame);
      beat();
    }, { rootMargin: "999px" }).observe(link);
  }

  // Once the page is "complete": what it draws itself comes first.
  function scan() {
    if (d.readyState < "d") d.querySelectorAll('a[data-embed],a[href*="#embed"]').forEach(upgrade);
  }

  scan();
  addEventListener("load", scan);
  new MutationObserver(scan).observe(d, { childList: true, subtree: true, attributeFilter: ["href", "data-embed"] });
})(document);
