"""Ten thousand random messages each way: no exception, no height outside the bounds, no change of state."""

from typing import Any

import pytest
from playwright.sync_api import Frame, Page

from scripts.site.serve import SiteServer
from tests.conftest import NewContext
from tests.support.hosts import guide_frame, hosting, open_host

COUNT = 10_000
EXTREMES = (1, -5, 0.5, 10**9, 2**53 - 1, 159, 20_001, 700)

# Near misses and junk, from a seed: names that exist with values that do not, wrong types, deep and odd objects.
SEND = """([seed, count, allowed, first]) => {
  const random = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const one = (all) => all[Math.floor(random() * all.length)];
  const names = ["ready", "height", "step", "end", "top", "theme", "locale", "guide 1", "__proto__", "constructor", "", "HEIGHT", "answer"];
  const odd = [undefined, null, NaN, Infinity, -Infinity, 0, -1, 1e308, 5e-324, 2 ** 53, "640", "<b>", 7n, true, new Date(NaN), /x/g,
    new Map([[1, 2]]), new Set(["a"]), new ArrayBuffer(8), { valueOf: 1, toString: 1 }, { length: 2, 0: "height", 1: 640 }, [], [[]],
    new Error("x"), "\\u0000", "é".repeat(5000), "dark ", "EN", "javascript:alert(1)", ["theme", "dark"]];
  const value = (depth = 0) => {
    const kind = random();
    if (kind < 0.35) return one(odd);
    if (kind < 0.6) return Math.round((random() - 0.3) * 10 ** Math.floor(random() * 8)) / one([1, 1, 1, 3]);
    if (kind < 0.75) return one(names);
    if (depth > 3) return null;
    if (kind < 0.9) return Array.from({ length: Math.floor(random() * 4) }, () => value(depth + 1));
    return Object.fromEntries(Array.from({ length: 3 }, () => [one(names), value(depth + 1)]));
  };
  const message = () => (random() < 0.7 ? [one(names), value(), value()].slice(0, 1 + Math.floor(random() * 3)) : value());
  const port = window.ports.at(-1);
  for (const said of first) port.postMessage(said);
  let sent = first.length;
  while (sent < count) {
    const said = message();
    if (Array.isArray(said) && allowed.includes(said[0]) && ["light", "dark", "auto", "fr", "en"].includes(said[1])) continue;
    if (random() < 0.9) port.postMessage(said);
    else window.postMessage(said, "*");
    if (random() < 0.1) (window === window.top ? frames[0] : window.parent).postMessage(said, "*");
    sent += 1;
  }
}"""

STATE = """() => JSON.stringify([location.href, document.documentElement.lang, { ...document.documentElement.dataset },
  document.documentElement.getAttribute("style"), history.length, document.title])"""


@pytest.fixture
def opened(server: SiteServer, new_context: NewContext) -> Any:
    with hosting(server.url) as host:
        errors: list[str] = []
        page = open_host(new_context(width=375), f"{host.url}plain.html")
        page.on("pageerror", lambda error: errors.append(str(error)))
        frame = guide_frame(page)
        page.wait_for_function("() => parseInt(document.querySelector('iframe').style.height) > 0")
        yield page, frame, errors
        assert errors == []


@pytest.mark.parametrize("seed", [1, 20261122])
def test_the_frame_hears_nothing_but_its_words(opened: tuple[Page, Frame, list[str]], seed: int) -> None:
    page, frame, _ = opened
    before, host_before = frame.evaluate(STATE), page.evaluate(STATE)
    page.evaluate(SEND, [seed, COUNT, ["theme", "locale"], []])
    page.wait_for_timeout(500)
    assert frame.evaluate(STATE) == before
    assert page.evaluate(STATE) == host_before
    frame.locator('a[data-answer="asker=victime"]:visible').click()
    page.wait_for_function("() => window.events.some(([name, detail]) => name === 'step' && detail[0] === 2)")


@pytest.mark.parametrize("seed", [2, 20261123])
def test_the_host_hears_nothing_but_bounded_heights(opened: tuple[Page, Frame, list[str]], seed: int) -> None:
    page, frame, _ = opened
    page.evaluate("""() => {
      window.heights = [];
      const frame = document.querySelector("iframe");
      new MutationObserver(() => window.heights.push(frame.style.cssText)).observe(frame, { attributes: true, attributeFilter: ["style"] });
    }""")
    before, frame_before, known = page.evaluate(STATE), frame.evaluate(STATE), page.evaluate("window.events.length")
    for part in range(4):   # several seconds: the flood is stopped within each
        frame.evaluate(SEND, [seed + part, COUNT // 4, [], [["height", height] for height in EXTREMES]])
        page.wait_for_timeout(1_100)
    assert page.evaluate(STATE) == before
    assert frame.evaluate(STATE).replace('"scrolls"', '""') == frame_before   # the heights sent cut it: it scrolls
    styles = page.evaluate("window.heights")
    heights = [float(style.split("height: ")[1].split("px")[0]) for style in styles]
    assert heights and all(160 <= height <= 20_000 for height in heights)
    assert all("width: 100%" in style and "visibility" not in style for style in styles)
    assert page.evaluate("document.querySelectorAll('iframe').length") == 1
    events = page.evaluate("window.events")[known:]
    assert len(events) < 41 * 8, "a flood goes no further than forty messages a second"
    for name, detail in events:
        if name == "height":
            assert 160 <= detail <= 20_000
        elif name == "step":
            assert 0 < detail[0] <= detail[1] < 100
        else:
            assert (name, detail) in (("ready", None), ("end", None))
