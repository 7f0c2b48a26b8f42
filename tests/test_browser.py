"""What people do, in a real browser over a real server: search, ask why, read the sentence, go back.

The browser is Chromium as the system has it; where there is none, these tests are skipped.
"""

from __future__ import annotations

import csv
import io
import itertools
import math
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page, expect, sync_playwright
from tests.asked import served

from spacekg import publication, store, web
from spacekg.declared import Declared
from spacekg.reconciliation import register
from spacekg.release import Release

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PAGES = (
    "",
    "search?q=webb",
    "page/jwst",
    "page/hubble-space-telescope",
    "page/document/advancing-together",
    "documents",
    "disputes",
    "about",
    "downloads",
    "api",
    "status",
    "queries",
    "queries/jwst_participants",
    "sparql",
    "link",
    "vocab",
    "no-such-page",
    "explore",
    "explore/network",
    "explore/matrix",
    "explore/timeline",
    "explore/sites",
    "explore/programmes",
)
CYTOSCAPE = Path(web.__file__).parent / "static" / "vendor" / "cytoscape.js"
GRAVE = ("serious", "critical")
OPENED = "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here")


@pytest.fixture(scope="module")
def site(rules: Declared, shipped_release: Release) -> Iterator[str]:
    queries = {query.name: query.text for query in rules.queries.values()}
    engine = store.open_file(shipped_release.graph, shipped_release.id, queries, rules.prefixes)
    names = register.read(shipped_release, rules)
    app = web.create_app(engine, published=publication.read(rules, shipped_release), register=names)
    with served(app) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # In a container the browser runs as root, which its own sandbox refuses.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A tab in which nothing may go wrong: no complaint of the browser, no request to another host."""
    wrong: list[str] = []
    page = browser.new_page(accept_downloads=True, locale="en-GB")
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda sent: urlsplit(sent.url).netloc == urlsplit(site).netloc or wrong.append(sent.url))
    yield page
    page.close()
    assert wrong == []


def test_somebody_searches_asks_why_reads_the_sentence_and_goes_back(page: Page, site: str) -> None:
    page.goto(site)
    box = page.get_by_role("combobox", name="Search all names")
    box.press_sequentially("webb")
    choices = page.get_by_role("option")
    expect(choices.first).to_be_visible()
    box.press("ArrowDown")
    expect(choices.first).to_have_attribute("aria-selected", "true")
    box.fill("James Webb Space T")
    expect(choices.first).to_contain_text("James Webb Space Telescope")
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("James Webb Space Telescope")
    why = page.locator("details.why").first
    why.locator("summary").click()
    quote = why.locator("mark").first
    expect(quote).to_be_visible()
    words = quote.inner_text()
    why.get_by_role("link", name=re.compile("[A-Z].*: ")).first.click()
    expect(page).to_have_url(re.compile("/page/document/.*#at-[0-9a-f]+"))
    assert re.sub(r"\s+", " ", words) in re.sub(r"\s+", " ", page.locator(".text").inner_text())
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("James Webb Space Telescope")


def test_a_dispute_shows_both_sides_and_leads_to_the_document(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_role("link", name="Disputes").click()
    dispute = page.locator("section", has_text="Hubble Space Telescope launched by")
    expect(dispute.get_by_text("is not among them")).to_be_visible()
    dispute.get_by_role("link", name="Advancing together").click()
    expect(page.locator("mark.disputed").first).to_be_visible()


def test_the_claims_are_downloaded(page: Page, site: str) -> None:
    page.goto(f"{site}downloads")
    with page.expect_download() as download:
        page.get_by_role("link", name="All claims (CSV)").click()
    assert download.value.suggested_filename == "spacekg-claims.csv"
    assert download.value.path().read_text(encoding="utf-8").startswith("claim,subject,")


def test_without_scripts_the_box_is_a_form(browser: Browser, site: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(site)
    page.get_by_label("Search all names").fill("Webb")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="James Webb Space Telescope").click()
    page.locator("details.why summary").first.click()
    expect(page.locator("details.why mark").first).to_be_visible()
    page.close()


@pytest.mark.parametrize(
    ("view", "drawn"),
    [
        ("network", "svg.network circle"),
        ("matrix", "table.matrix [class^=shade]"),
        ("timeline", "svg.spans g"),
        ("sites", "svg.map circle"),
        ("programmes", "ul.tree > li"),
    ],
)
def test_every_view_is_drawn_and_its_table_has_the_rows_of_its_query(
    page: Page, site: str, view: str, drawn: str
) -> None:
    page.goto(site)
    page.get_by_role("link", name="Explore", exact=True).click()
    page.locator(f'.card a[href$="/explore/{view}"]').click()
    assert page.locator(drawn).count() > 5
    assert len(rows(page)) == min(len(opened(page, site)), 100)


def test_a_network_that_is_filtered_opens_as_sparql_with_the_same_rows(page: Page, site: str) -> None:
    page.goto(f"{site}explore/network")
    whole = len(rows(page))
    page.get_by_label("Kind").select_option("joint-mission")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("[?&]kind=joint-mission"))
    expect(page.get_by_label("Kind")).to_have_value("joint-mission")
    shown, answered = rows(page), opened(page, site)
    assert 0 < len(shown) == len(answered) < whole
    assert [row[2] for row in shown] == [row["workName"] for row in answered]
    assert {row["kind"] for row in answered} == {"joint-mission"}


NETWORK = "document.querySelector('.moving').network"
moving = pytest.mark.skipif(
    not CYTOSCAPE.is_file(), reason="the scripts of npm packages were not fetched: python tools/assets.py"
)


@moving
def test_a_network_is_drawn_the_same_each_time_and_no_dot_hides_another(page: Page, site: str) -> None:
    drawn = []
    for _ in range(2):
        page.goto(f"{site}explore/network")
        page.locator("#move").click()
        drawn.append(page.evaluate(f"{NETWORK}.nodes().map((node) => Object.values(node.position()))"))
    assert drawn[0] == drawn[1]
    width = page.evaluate(f"{NETWORK}.nodes()[0].width()")
    assert min(math.dist(*pair) for pair in itertools.combinations(drawn[0], 2)) > 2 * width


@moving
def test_a_network_can_be_moved(page: Page, site: str) -> None:
    page.goto(f"{site}explore/network")
    first = page.locator("svg.network title").first.text_content()
    page.locator("#move").click()
    stage = page.locator(".moving")
    expect(stage).to_be_visible()
    place = f"{NETWORK}.nodes()[0].renderedPosition()"
    assert page.evaluate(f"{NETWORK}.nodes()[0].data('name')") == first
    stage.scroll_into_view_if_needed()
    before, box = page.evaluate(place), stage.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + before["x"], box["y"] + before["y"])
    page.mouse.down()
    page.mouse.move(box["x"] + before["x"] + 40, box["y"] + before["y"] + 25, steps=5)
    page.mouse.up()
    after = page.evaluate(place)
    assert (round(after["x"] - before["x"]), round(after["y"] - before["y"])) == (40, 25)


def rows(page: Page) -> list[list[str]]:
    """Give the cells of the table below a picture, row by row."""
    found = page.locator("#table ~ * tbody tr, #table ~ table tbody tr").all()
    return [[cell.strip() for cell in row.locator("td").all_text_contents()] for row in found]


def opened(page: Page, site: str) -> list[dict[str, str]]:
    """Ask what the page opens as SPARQL."""
    page.get_by_text("Open as SPARQL").click()
    query = page.locator("details textarea").input_value()
    answer = page.request.get(f"{site}sparql", params={"query": query, "format": "csv"})
    assert answer.ok
    return list(csv.DictReader(io.StringIO(answer.text())))


LIST = "name,country\nCSA,Canada\nEuropean Space Agncy,\nESA,\nMercury,\n"


@pytest.mark.parametrize("scripted", [True, False])
def test_a_list_is_pasted_matched_corrected_downloaded_and_taken_up_again(
    browser: Browser, site: str, scripted: bool
) -> None:
    with browser.new_context(java_script_enabled=scripted, accept_downloads=True) as context:
        page = context.new_page()
        pasted(page, site)
        expect(page.get_by_label("The column that has the names")).to_have_value("0")
        page.locator("summary", has_text="What other columns say").click()
        page.get_by_label("country", exact=True).select_option("country:1")
        page.get_by_role("button", name="Find matches").click()
        row = page.get_by_role("row")
        expect(row.filter(has_text="country=Canada").locator(".status")).to_have_text("match")
        page.get_by_label("Choice for Mercury").select_option("none")
        page.get_by_label("Another id for ESA").fill("Q42262")
        page.get_by_role("button", name="Show my choices").click()
        expect(row.filter(has_text="Mercury").locator(".status")).to_have_text("none of these")
        with page.expect_download() as archive:
            page.get_by_role("button", name="linked.zip").click()
        with zipfile.ZipFile(archive.value.path()) as parts:
            linked = list(csv.DictReader(io.StringIO(parts.read("linked.csv").decode())))
            decided = parts.read("linked.decisions.csv")
        assert [each["qid"] for each in linked] == ["Q212227", "Q42262", "Q42262", ""]
        pasted(page, site, {"name": "linked.decisions.csv", "mimeType": "text/csv", "buffer": decided})
        page.get_by_role("button", name="Find matches").click()
        expect(page.get_by_label("Choice for Mercury")).to_have_value("none")


def pasted(page: Page, site: str, *decided: FilePayload) -> None:
    """Paste the list, with decisions of before if there are any, and go on."""
    page.goto(f"{site}link")
    page.get_by_label("Paste a list").fill(LIST)
    page.get_by_label("Decisions to begin with").set_input_files(list(decided))
    page.get_by_role("button", name="Go on").click()


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious_and_a_phone_has_room(browser: Browser, site: str, path: str) -> None:
    # axe is put into the page, which the page's own policy rightly refuses.
    with browser.new_context(bypass_csp=True, color_scheme="light", viewport={"width": 360, "height": 740}) as context:
        page = context.new_page()
        page.goto(site + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.evaluate(OPENED)
        assert grave(page, ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"], "tag") == []


@pytest.mark.parametrize("path", ["", "page/hubble-space-telescope", "disputes"])
def test_everything_can_be_read_in_the_dark(browser: Browser, site: str, path: str) -> None:
    with browser.new_context(bypass_csp=True, color_scheme="dark") as context:
        page = context.new_page()
        page.goto(site + path)
        page.evaluate(OPENED)
        assert grave(page, ["color-contrast"], "rule") == []


def grave(page: Page, wanted: list[str], kind: str) -> list[tuple[str, str]]:
    """Let axe look for what some rules forbid; gives what it takes for serious."""
    found = Axe().run(page, options={"runOnly": {"type": kind, "values": wanted}}).response["violations"]
    return [(each["id"], each["nodes"][0]["html"][:200]) for each in found if each["impact"] in GRAVE]
