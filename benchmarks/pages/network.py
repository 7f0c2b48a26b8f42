"""How many frames a second a browser draws while the network of /explore is dragged: 500 dots and 3,000 lines.

    spacekg serve --port 8000 &
    python benchmarks/pages/network.py http://127.0.0.1:8000 [--nodes 500] [--edges 3000] [--seconds 5]

The page is the server's own, but for what is drawn: so many who work together, drawn by lot (the same each time). The
ground, then one dot, is dragged in circles by the mouse for so long each, and frames are counted by
requestAnimationFrame. Beside it stands the same without a network on the page, which is what this machine can do at
most. The browser is Debian's Chromium without a screen and without a graphics card.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import shutil
import time

from playwright.sync_api import Page, Route, sync_playwright

COUNTED = """() => {
  window.frames_drawn = 0;
  const count = () => { window.frames_drawn += 1; requestAnimationFrame(count); };
  requestAnimationFrame(count);
}"""

PLACE = """(number) => {
  const place = document.querySelector('.moving').network.nodes()[number].renderedPosition();
  return [place.x, place.y];
}"""
IDLE = "nothing: an idle page"
DOTS = {"the dot with the most lines": 0, "a dot with few": 400}


def main() -> None:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server")
    parser.add_argument("--nodes", type=int, default=500)
    parser.add_argument("--edges", type=int, default=3000)
    parser.add_argument("--seconds", type=float, default=5)
    given = parser.parse_args()
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        ready, rates = measured(browser.new_page(), given)
        browser.close()
    print(f"{given.nodes} dots and {given.edges} lines, drawn {ready:.2f} s after the button was pressed")
    print("| dragged | frames a second | of what an idle page gets |\n|---|---|---|")
    for name, frames in rates.items():
        print(f"| {name} | {frames:.0f} | {frames / rates[IDLE]:.0%} |")


def measured(page: Page, given: argparse.Namespace) -> tuple[float, dict[str, float]]:
    """Open the page with another network and drag it; gives the seconds until it is drawn, and frames a second."""
    drawn = json.dumps(synthetic(given.nodes, given.edges))

    def replaced(route: Route) -> None:
        answer = route.fetch()
        text = re.sub(r'(id="ties">).*?(</script>)', lambda found: found[1] + drawn + found[2], answer.text())
        route.fulfill(response=answer, body=text)

    page.route(re.compile(r"/explore/network$"), replaced)
    page.goto(f"{given.server}/explore/network")
    page.evaluate(COUNTED)
    rates = {IDLE: rate(page, (300, 300), given.seconds)}
    begun = time.perf_counter()
    page.locator("#move").click()
    page.wait_for_function("document.querySelector('.moving')?.network")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    ready = time.perf_counter() - begun
    page.locator(".moving").scroll_into_view_if_needed()
    box = page.locator(".moving").bounding_box() or {}
    rates["the ground"] = rate(page, (box["x"] + 8, box["y"] + 8), given.seconds)
    for name, number in DOTS.items():
        x, y = page.evaluate(PLACE, number)
        rates[name] = rate(page, (box["x"] + x, box["y"] + y), given.seconds)
    return ready, rates


def synthetic(nodes: int, edges: int) -> dict[str, list[list[object]]]:
    """Make up who works with whom: a few with many, most with few."""
    drawn = random.Random(1)
    pairs: dict[tuple[int, int], int] = {}
    while len(pairs) < edges:
        one, other = int(nodes * drawn.random() ** 2), int(nodes * drawn.random())
        if one != other:
            pairs[min(one, other), max(one, other)] = drawn.randint(1, 9)
    agents: list[list[object]] = [[f"Agency {at}", ""] for at in range(nodes)]
    return {"agents": agents, "ties": [[one, other, times] for (one, other), times in pairs.items()]}


def rate(page: Page, start: tuple[float, float], seconds: float) -> float:
    """Drag from a place in circles; gives frames a second."""
    page.mouse.move(*start)
    page.mouse.down()
    before, begun, step = page.evaluate("window.frames_drawn"), time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        step += 1
        page.mouse.move(start[0] + 60 * (1 - math.cos(step / 9)), start[1] + 60 * abs(math.sin(step / 9)))
    frames = (page.evaluate("window.frames_drawn") - before) / (time.perf_counter() - begun)
    page.mouse.up()
    return frames


if __name__ == "__main__":
    main()
