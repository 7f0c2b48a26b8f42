"""The editor at /sparql in a real browser: examples, completion, remarks, stopping, sharing, pictures, files.

Chromium as the system has it, and the scripts that are fetched when the package is built; without either, these tests
are skipped. Every host but our own is cut off.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, expect, sync_playwright
from tests.asked import served

from spacekg import publication, store, web
from spacekg.answers import Limits
from spacekg.declared import Declared
from spacekg.reconciliation import register
from spacekg.release import Release
from spacekg.web import operation
from spacekg.workers import Pool
from spacekg.workers.nursery import Nursery

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
VENDOR = Path(web.__file__).parent / "static" / "vendor"
GRAVE = ("serious", "critical")
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SITES = """SELECT ?site ?lat ?long {
  VALUES (?site ?lat ?long) { ("Baikonur" 45.96 63.3) ("Kourou" 5.2 -52.7) ("Mahia" -39.2 177.8) }
}"""
MISSIONS = "SELECT ?name ?begin ?days { VALUES (?name ?begin ?days) { ('one' '1969-07-16' 8) ('two' '1975-07-15' 9) } }"
TIES = """PREFIX skg: <https://w3id.org/spacekg/ontology#>
SELECT ?one ?other { ?one skg:collaboratesWith ?other } ORDER BY ?one ?other LIMIT 30"""
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here"),
    pytest.mark.skipif(
        not all((VENDOR / name).is_file() for name in ("yasqe.js", "yasqe.css", "land.json")),
        reason="the scripts of npm packages were not fetched here: python tools/assets.py",
    ),
]


@pytest.fixture(scope="module")
def site(rules: Declared, shipped_release: Release) -> Iterator[str]:
    """The shipped release behind query workers, which are what can stop a query."""
    queries = {query.name: query.text for query in rules.queries.values()}
    graph, id = shipped_release.graph, shipped_release.id
    with (
        closing(Nursery(lambda _: store.open_file(graph, id, queries, rules.prefixes))) as nursery,
        closing(Pool(nursery, size=2)) as pool,
    ):
        names = register.read(shipped_release, rules)
        patient = operation.begin(Limits(client_seconds=600))
        published = publication.read(rules, shipped_release)
        app = web.create_app(pool, published=published, register=names, operated=patient)
        with served(app) as address:
            yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # In a container the browser runs as root, which its own sandbox refuses.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        expect.set_options(timeout=30_000)  # as long as everything else here waits, on a busy machine too
        yield browser
        browser.close()


@dataclass
class Opened:
    """A tab at /sparql in which nothing may go wrong: no complaint of the browser, no request to another host."""

    page: Page
    site: str
    wrong: list[str] = field(default_factory=list)

    def go(self, fragment: str = "") -> Opened:
        self.page.goto(f"{self.site}sparql{fragment}")
        expect(self.editor).to_be_visible()
        return self

    @property
    def editor(self) -> Locator:
        return self.page.locator(".CodeMirror")

    @property
    def text(self) -> str:
        return str(self.editor.evaluate("(each) => each.CodeMirror.getValue()"))

    @property
    def summary(self) -> Locator:
        return self.page.locator("#answer > p[role=status]")

    def write(self, query: str) -> None:
        """Put a query in the place of what is there; `|` is where the cursor goes."""
        before = query.partition("|")[0]
        self.editor.evaluate("(each, query) => each.CodeMirror.setValue(query)", query.replace("|", "", 1))
        if before != query:
            at = {"line": before.count("\n"), "ch": len(before.rpartition("\n")[2])}
            self.editor.evaluate("(each, at) => { each.CodeMirror.focus(); each.CodeMirror.setCursor(at); }", at)

    def run(self, query: str) -> None:
        self.write(query)
        self.page.get_by_role("button", name="Run").click()
        expect(self.summary).to_be_visible()
        expect(self.page.locator("#answer[aria-busy]")).to_have_count(0)

    def rows(self) -> Locator:
        return self.page.locator("#panel tbody tr")


@pytest.fixture
def opened(browser: Browser, site: str) -> Iterator[Opened]:
    with browser.new_context(accept_downloads=True, locale="en-GB", viewport={"width": 1200, "height": 900}) as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        tab = Opened(context.new_page(), site)
        cut_off(tab)
        yield tab.go()
    assert tab.wrong == []


def cut_off(tab: Opened) -> None:
    def route(asked: Route) -> None:
        if urlsplit(asked.request.url).netloc == urlsplit(tab.site).netloc:
            asked.continue_()
        else:
            tab.wrong.append(asked.request.url)
            asked.abort()

    tab.page.route("**/*", route)
    tab.page.on("console", lambda message: tab.wrong.append(message.text))
    tab.page.on("pageerror", lambda error: tab.wrong.append(str(error)))


def test_an_example_runs_with_one_click_and_its_answer_has_names_and_links(opened: Opened) -> None:
    opened.page.get_by_role("link", name="Which states signed the Artemis Accords?").click()
    expect(opened.summary).to_contain_text(re.compile(r"\d+ rows · \d+\.\d\d s · [\d.]+ kB"))
    assert opened.text.startswith("# Which states signed the Artemis Accords?")
    link = opened.rows().get_by_role("link", name="Canada", exact=True).first
    expect(link).to_have_attribute("href", "/id/canada")
    expect(opened.rows().filter(has_text="id:canada")).to_have_count(1)
    link.click()
    expect(opened.page.get_by_role("heading", level=1)).to_have_text("Canada")


def test_a_property_a_class_and_a_thing_are_completed_and_their_prefixes_declared(opened: Opened) -> None:
    opened.write("PREFIX skg: <https://w3id.org/spacekg/ontology#>\nSELECT * {\n  ?m | }")
    opened.page.keyboard.type("skg:launchV")
    first = opened.page.locator(".CodeMirror-hint").first
    expect(first).to_contain_text(re.compile(r"skg:launchVehicle has launch vehicle property, [\d,]+ uses"))
    opened.page.keyboard.press("Enter")
    opened.page.keyboard.type(" ?x . ?m a spacecr")
    expect(first).to_contain_text("skg:Spacecraft")
    opened.page.keyboard.press("Enter")
    opened.page.keyboard.type(" . ?m ?p webb")
    expect(first).to_contain_text("skid:jwst James Webb Space Telescope")
    opened.page.keyboard.press("Enter")
    assert opened.text == (
        "PREFIX skid: <https://w3id.org/spacekg/id/>\nPREFIX skg: <https://w3id.org/spacekg/ontology#>\n"
        "SELECT * {\n  ?m skg:launchVehicle ?x . ?m a skg:Spacecraft . ?m ?p skid:jwst }"
    )


def test_what_is_typed_before_the_words_are_there_is_completed_when_they_come(opened: Opened) -> None:
    held: list[Route] = []

    def hold(asked: Route) -> None:
        held.append(asked)

    opened.page.route("**/sparql/words", hold)
    opened.page.reload()
    opened.write("PREFIX skg: <https://w3id.org/spacekg/ontology#>\nSELECT * {\n  ?m | }")
    opened.page.keyboard.type("skg:launchV")
    hint = opened.page.locator(".CodeMirror-hint")
    expect(hint).to_have_count(0)
    for each in held:
        each.continue_()
    expect(hint.first).to_contain_text("skg:launchVehicle")


def test_enter_pressed_while_a_list_is_made_anew_takes_the_first_of_it(opened: Opened) -> None:
    opened.write("PREFIX skg: <https://w3id.org/spacekg/ontology#>\nSELECT * {\n  ?m a | }")
    opened.page.keyboard.type("spacec")
    expect(opened.page.locator(".CodeMirror-hint").first).to_contain_text("skg:Spacecraft")
    opened.editor.evaluate("""({ CodeMirror: editor }) => {
      editor.replaceSelection("r", "end", "+input");
      editor.triggerOnKeyDown(new KeyboardEvent("keydown", { key: "Enter", keyCode: 13, cancelable: true }));
    }""")
    expect(opened.page.locator(".CodeMirror-hint")).to_have_count(0)
    assert opened.text.endswith("?m a skg:Spacecraft }")


@pytest.mark.parametrize(
    ("typed", "chosen", "rest"),
    [("?q . ?m a spacec", "skg:Spacecraft", "r"), ("?la", "?last", "s"), ("web", "skid:jwst", "b")],
)
def test_what_is_typed_right_behind_an_early_enter_does_not_lose_it(
    opened: Opened, typed: str, chosen: str, rest: str
) -> None:
    opened.write("PREFIX skg: <https://w3id.org/spacekg/ontology#>\nSELECT * {\n  ?last ?p | }")
    opened.page.keyboard.type(typed)
    expect(opened.page.locator(".CodeMirror-hint", has_text=chosen).first).to_be_visible()
    opened.editor.evaluate(
        """({ CodeMirror: editor }, rest) => {
          editor.replaceSelection(rest, "end", "+input");
          editor.triggerOnKeyDown(new KeyboardEvent("keydown", { key: "Enter", keyCode: 13, cancelable: true }));
          editor.replaceSelection(" . ?x", "end", "+input");
        }""",
        rest,
    )
    assert opened.text.endswith(f" {chosen} . ?x }}")


def test_the_linter_writes_into_the_query_and_repairs_it(opened: Opened) -> None:
    opened.write("SELECT ?x {\n  ?x skg:launchdBy [] }")
    remark = opened.page.locator(".remark")
    expect(remark).to_contain_text("skg: is not declared")
    remark.get_by_role("button", name="Declare it").click()
    expect(remark).to_contain_text("launchdBy")
    remark.get_by_role("button", name="skg:launchedBy").click()
    assert opened.text == "PREFIX skg: <https://w3id.org/spacekg/ontology#>\nSELECT ?x {\n  ?x skg:launchedBy [] }"
    expect(remark).to_have_count(0)


def test_a_broken_query_says_where_and_why(opened: Opened) -> None:
    opened.write("SELECT ?x {\n  ?x a ; ?y }\n}")
    opened.page.get_by_role("button", name="Run").click()
    said = opened.page.get_by_role("alert")
    expect(said).to_contain_text("line 2, column 11")
    expect(opened.page.locator(".remark.bad")).to_have_text(said.inner_text())
    assert opened.editor.evaluate("(each) => each.CodeMirror.getCursor().line") == 1
    # The browser itself notes every answer that is an error.
    assert [text for text in opened.wrong if "400 (BAD REQUEST)" not in text] == []
    opened.wrong.clear()


def test_a_long_query_is_stopped_here_and_on_the_server(opened: Opened) -> None:
    def running() -> list[str]:
        with urllib.request.urlopen(f"{opened.site}queries/running") as answer:
            return [run["query"] for run in json.load(answer)]

    opened.write(LONG)
    opened.page.get_by_role("button", name="Run").click()
    until(lambda: running() == [LONG])
    opened.page.get_by_role("button", name="Stop").click()
    expect(opened.page.locator("#answer")).to_contain_text("Stopped after")
    until(lambda: running() == [])
    expect(opened.page.get_by_role("button", name="Run")).to_be_visible()


def test_a_link_opens_the_same_query_its_answer_and_its_picture(opened: Opened, browser: Browser, site: str) -> None:
    query = 'SELECT ?name ?size { VALUES (?name ?size) { ("a+b & c#d" 1) ("é%20" 2) } }'
    opened.run(query)
    opened.page.get_by_role("tab", name="Chart").click()
    opened.page.get_by_role("button", name="Copy link").click()
    expect(opened.page.get_by_role("button", name="Copied")).to_be_visible()
    link = opened.page.evaluate("navigator.clipboard.readText()")
    assert link == opened.page.url
    with browser.new_context() as context:
        other = Opened(context.new_page(), site)
        other.page.goto(link)
        expect(other.page.get_by_role("tab", name="Chart")).to_have_attribute("aria-selected", "true")
        expect(other.page.locator(".bars a, .bars g")).to_have_count(2)
        assert other.text == query


@pytest.mark.parametrize(
    ("query", "tab", "drawn"),
    [(SITES, "Map", "circle"), (MISSIONS, "Timeline", "circle"), (MISSIONS, "Chart", "rect")],
)
def test_what_fits_is_drawn_once_a_row(opened: Opened, query: str, tab: str, drawn: str) -> None:
    opened.run(query)
    count = opened.rows().count()
    opened.page.get_by_role("tab", name=tab).click()
    expect(opened.page.locator(f"#panel svg {drawn}")).to_have_count(count)


def test_ties_and_triples_are_drawn_as_a_graph(opened: Opened) -> None:
    opened.run(TIES)
    opened.page.get_by_role("tab", name="Graph").click()
    expect(opened.page.locator("#panel svg path")).to_have_count(30)
    opened.run("PREFIX id: <https://w3id.org/spacekg/id/> DESCRIBE id:jwst")
    expect(opened.summary).to_contain_text("triples")
    expect(opened.page.locator("#panel svg a").filter(has_text="European Space Agency")).to_have_count(1)


def test_what_does_not_fit_is_not_offered(opened: Opened) -> None:
    opened.run("SELECT ?s ?label { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?label } LIMIT 3")
    assert opened.page.get_by_role("tab").all_inner_texts() == ["Table", "Text"]
    opened.run("ASK { ?s ?p ?o }")
    expect(opened.page.locator(".yes")).to_have_text("Yes.")
    opened.run("SELECT * { ?s <https://example.org/none> ?o }")
    expect(opened.page.locator("#answer")).to_contain_text("The answer has no rows.")


def test_markup_in_an_answer_is_text(opened: Opened) -> None:
    opened.run("""SELECT ?a ?b { VALUES (?a ?b) { ("<img src=x onerror=alert(1)>" <javascript:alert(1)>) } }""")
    expect(opened.rows().first).to_contain_text("<img src=x onerror=alert(1)>")
    expect(opened.rows().get_by_role("link")).to_have_count(0)


def test_a_long_answer_says_how_much_is_shown_and_its_files_have_all(opened: Opened) -> None:
    opened.run("SELECT ?s ?p { ?s ?p [] } LIMIT 450")
    expect(opened.rows()).to_have_count(200)
    expect(opened.page.locator("#panel")).to_contain_text("The first 200 rows of 450 are shown")
    opened.page.get_by_role("button", name="Show 200 more").click()
    expect(opened.rows()).to_have_count(400)
    with opened.page.expect_download() as download:
        opened.page.get_by_role("link", name="CSV").click()
    assert len(list(csv.reader(io.StringIO(download.value.path().read_text(encoding="utf-8"))))) == 451


@pytest.mark.parametrize(("name", "begin"), [("Turtle", "@prefix"), ("JSON-LD", "{"), ("N-Triples", "<")])
def test_a_graph_is_taken_home(opened: Opened, name: str, begin: str) -> None:
    opened.run("PREFIX id: <https://w3id.org/spacekg/id/> DESCRIBE id:jwst")
    with opened.page.expect_download() as download:
        opened.page.get_by_role("link", name=name).click()
    text = download.value.path().read_text(encoding="utf-8")
    assert text.lstrip("[ \n").startswith(begin)
    assert "jwst" in text


def test_the_programs_it_writes_get_the_same_rows(opened: Opened, tmp_path: Path) -> None:
    opened.run("""SELECT ?name { VALUES ?name { "it's" 'say "so"' "two\\nlines" "three" } }""")
    opened.page.locator(".snippets summary").click()
    program = {name: opened.page.locator(f"pre[data-language={name}]").inner_text() for name in ("curl", "Python", "R")}
    python = subprocess.run([sys.executable, "-c", program["Python"]], capture_output=True, text=True, check=True)
    assert python.stdout == "4 rows\n"
    for interpreter, text in (("sh", program["curl"]), ("Rscript", program["R"] + "cat(nrow(rows))")):
        if shutil.which(interpreter) and (interpreter != "sh" or shutil.which("curl")):
            (tmp_path / "program").write_text(text, encoding="utf-8")
            said = subprocess.run(
                [interpreter, str(tmp_path / "program")], capture_output=True, text=True, check=True
            ).stdout
            assert len(list(csv.reader(io.StringIO(said)))) == 5 if interpreter == "sh" else said == "4"


def test_it_is_worked_with_the_keyboard_alone(opened: Opened) -> None:
    opened.write("SELECT ?n ?m { VALUES (?n ?m) { (1 2) (3 4) } }|")
    opened.page.keyboard.press("Control+Enter")
    expect(opened.rows()).to_have_count(2)
    opened.page.keyboard.press("Tab")
    expect(opened.page.get_by_role("button", name="Run")).to_be_focused()
    opened.page.get_by_role("tab", name="Table").focus()
    opened.page.keyboard.press("ArrowRight")
    expect(opened.page.get_by_role("tab", name="Chart")).to_have_attribute("aria-selected", "true")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_axe_finds_nothing_serious_and_a_phone_has_room(browser: Browser, site: str, scheme: str, width: int) -> None:
    # axe is put into the page, which the page's own policy rightly refuses.
    with browser.new_context(
        bypass_csp=True,
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": 740},
    ) as context:
        tab = Opened(context.new_page(), site).go()
        tab.write("SELECT ?x {\n  ?x skg:launchdBy ?y }")
        expect(tab.page.locator(".remark").first).to_be_visible()
        assert grave(tab.page) == []
        tab.run(MISSIONS)
        tab.page.locator(".snippets summary").click()
        for name in tab.page.get_by_role("tab").all_inner_texts():
            tab.page.get_by_role("tab", name=name).click()
            assert grave(tab.page) == []
            assert tab.page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_it_is_a_form_with_the_same_questions(browser: Browser, site: str) -> None:
    with browser.new_context(java_script_enabled=False, accept_downloads=True) as context:
        page = context.new_page()
        page.goto(f"{site}sparql")
        assert "Without scripts this is a plain form" in page.locator("main").inner_text()
        page.get_by_label("Query").fill("SELECT ?n { VALUES ?n { 1 2 } }")
        page.get_by_label("Format").select_option("csv")
        with page.expect_download() as download:
            page.get_by_role("button", name="Run").click()
        assert download.value.path().read_text(encoding="utf-8").split() == ["n", "1", "2"]
        page.get_by_role("link", name="Which states signed the Artemis Accords?").click()
        expect(page.get_by_role("cell", name="Canada").first).to_be_visible()


def grave(page: Page) -> list[tuple[str, str]]:
    """Let axe look for what it takes for serious."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
    return [(each["id"], each["nodes"][0]["html"][:200]) for each in found if each["impact"] in GRAVE]


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds, a minute at most."""
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
