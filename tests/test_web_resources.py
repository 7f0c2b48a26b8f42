"""Every name is an address that answers well: over real HTTP, for people, for programs and for attackers."""

from __future__ import annotations

import csv
import dataclasses
import html
import io
import json
import re
from collections import deque
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pyoxigraph
import pytest
from click.testing import CliRunner
from tests.asked import Answer, ask, served
from tests.opening import Opened

from spacekg import formats, publication, store, web
from spacekg.answers import Engine
from spacekg.cli import serving
from spacekg.declared import BASE, Declared
from spacekg.publication import Publication
from spacekg.release import Release
from spacekg.web import discovery, pages

HTML = "text/html"
SUFFIX = {format.suffix: format for format in formats.GRAPHS}
RETIRED = {"old-webb": "jwst", "vapour": ""}
DOCUMENT = "advancing-together"

ACCEPTED = {
    "nothing said": (None, ".ttl"),
    "anything": ("*/*", ".ttl"),
    "a browser": ("text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8", HTML),
    "XHTML": ("application/xhtml+xml", HTML),
    "text of any kind": ("text/*;q=0.5, text/html", HTML),
    "Turtle": ("text/turtle", ".ttl"),
    "Turtle with a charset": ("text/turtle; charset=utf-8", ".ttl"),
    "Turtle as it was once called": ("application/x-turtle", ".ttl"),
    "TURTLE": ("TEXT/TURTLE", ".ttl"),
    "JSON-LD": ("application/ld+json", ".jsonld"),
    "JSON-LD with a profile": ('application/ld+json;profile="http://www.w3.org/ns/json-ld#framed"', ".jsonld"),
    "JSON": ("application/json", ".jsonld"),
    "N-Triples": ("application/n-triples", ".nt"),
    "RDF/XML": ("application/rdf+xml", ".rdf"),
    "N-Quads": ("application/n-quads", ".nq"),
    "TriG": ("application/trig", ".trig"),
    "the better of two": ("text/turtle;q=0.3, application/rdf+xml;q=0.7", ".rdf"),
    "a page rather than data": ("text/turtle;q=0.3, text/html;q=0.7", HTML),
    "data rather than a page": ("text/html;q=0.3, application/n-triples;q=0.7", ".nt"),
    "what Jena sends": ("text/turtle,application/n-triples;q=0.9,application/rdf+xml;q=0.7,*/*;q=0.1", ".ttl"),
    "a number without its nought": ("application/rdf+xml, text/turtle;q=.5", ".rdf"),
    "what is unknown, and RDF/XML": ("application/x-unheard-of, application/rdf+xml;q=0.1", ".rdf"),
}
REDIRECTED = ("/id/jwst", "/id/Q186447", "/vocab/partner", f"/document/{DOCUMENT}", "/graph/vocab", "/claim/{claim}")
ANSWERED = ("/ontology", "/vocab", "/shapes", "/void")


@pytest.fixture(scope="module")
def engine(rules: Declared, shipped_release: Release, opened: Opened) -> Engine:
    queries = {query.name: query.text for query in rules.queries.values()}
    return opened(shipped_release.graph, shipped_release.id, queries, rules.prefixes)


@pytest.fixture(scope="module")
def published(rules: Declared, shipped_release: Release) -> Publication:
    return dataclasses.replace(publication.read(rules, shipped_release), retired=RETIRED)


@pytest.fixture(scope="module")
def site(engine: Engine, published: Publication) -> Iterator[str]:
    with served(web.create_app(engine, published=published)) as address:
        yield address


@pytest.fixture(scope="module")
def claim(site: str) -> str:
    found = re.search(r'href="/page/claim/([0-9a-f]+)"', ask(site, "/page/jwst", HTML).body.decode())
    assert found
    return found[1]


@pytest.mark.parametrize("path", REDIRECTED)
@pytest.mark.parametrize(("accept", "wanted"), ACCEPTED.values(), ids=ACCEPTED)
def test_a_name_leads_in_one_hop_to_what_was_asked_for(
    site: str, claim: str, path: str, accept: str | None, wanted: str
) -> None:
    answer = ask(site, path.format(claim=claim), accept)
    assert (answer.status, answer.body) == (303, b"")
    assert "Accept" in answer.headers["Vary"]
    assert answer.location.isascii()
    place = r"/page/[a-z0-9/-]+" if wanted == HTML else r"/data/[a-z0-9/-]+" + re.escape(wanted)
    assert re.fullmatch(place, answer.location)
    found = ask(site, answer.location)
    assert found.status == 200
    assert found.media_type == (HTML if wanted == HTML else SUFFIX[wanted].media_type)


@pytest.mark.parametrize("path", ANSWERED)
@pytest.mark.parametrize(("accept", "wanted"), ACCEPTED.values(), ids=ACCEPTED)
def test_a_whole_graph_answers_in_the_format_asked_for(site: str, path: str, accept: str | None, wanted: str) -> None:
    answer = ask(site, path, accept, method="HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert answer.media_type == (HTML if wanted == HTML else SUFFIX[wanted].media_type)
    assert "Accept" in answer.headers["Vary"]
    assert int(answer.headers["Content-Length"]) > 1000


@pytest.mark.parametrize("path", ["/id/jwst", "/ontology", "/void"])
@pytest.mark.parametrize("accept", ["image/png", "application/pdf;q=1, audio/*", "text/turtle;q=0"])
def test_what_there_is_none_of_is_said_with_what_there_is(site: str, path: str, accept: str) -> None:
    answer = ask(site, path, accept)
    assert (answer.status, answer.media_type) == (406, "application/problem+json")
    assert b"text/turtle" in answer.body


@pytest.mark.parametrize("accept", [";;;q=", "q", "*/*;q=nan", ",,,", "text/turtle;q=99", "a/b;" * 2000, "\x01/é", "/"])
def test_an_absurd_accept_header_is_no_failure(site: str, accept: str) -> None:
    assert ask(site, "/id/jwst", accept).status in (303, 400, 406)


@pytest.mark.parametrize("suffix", SUFFIX)
@pytest.mark.parametrize("path", ["jwst", "vocab/partner", f"document/{DOCUMENT}", "graph/vocab", "run/{run}"])
def test_data_parse_and_describe_what_was_asked_for(site: str, rules: Declared, path: str, suffix: str) -> None:
    path = path.format(run=_run(site))
    answer = ask(site, f"/data/{path}{suffix}")
    iri = f"{BASE}{path}" if "/" in path else f"{BASE}id/{path}"
    quads = list(pyoxigraph.parse(answer.body, format=SUFFIX[suffix].codec))
    assert any(str(quad.subject) == f"<{iri}>" for quad in quads)
    if SUFFIX[suffix].keeps_graphs:
        assert {str(quad.graph_name) for quad in quads if str(quad.subject) == f"<{iri}>"} > {"DEFAULT"} - {"DEFAULT"}


def test_an_item_of_wikidata_that_nothing_is_the_same_as_is_unknown(site: str) -> None:
    assert ask(site, "/id/Q99999999").status == 404
    assert ask(site, "/id/Q0").status == 404


def test_a_moved_id_leads_on_and_a_withdrawn_one_is_gone(site: str) -> None:
    for path, target in {
        "/id/old-webb": "/id/jwst",
        "/page/old-webb": "/page/jwst",
        "/data/old-webb.ttl": "/data/jwst.ttl",
        "/linkset/old-webb": "/linkset/jwst",
    }.items():
        answer = ask(site, path)
        assert (answer.status, answer.location) == (301, target)
    for path in ("/id/vapour", "/page/vapour", "/data/vapour.nt"):
        answer = ask(site, path)
        assert (answer.status, answer.media_type) == (410, "application/problem+json")


@pytest.mark.parametrize(
    "path", ["/page/jwst", "/data/jwst.ttl", "/data/jwst.jsonld", "/linkset/jwst", "/ontology.ttl", "/void.nt", "/"]
)
def test_whoever_has_it_is_told_so(site: str, path: str) -> None:
    first = ask(site, path)
    tag = first.headers["ETag"]
    assert tag.startswith('"')
    again = ask(site, path, If_None_Match=tag)
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
    assert again.headers["Vary"] == first.headers["Vary"]
    assert ask(site, path, If_None_Match='"another"').status == 200
    head = ask(site, path, method="HEAD")
    assert (head.status, head.body, head.headers["ETag"]) == (200, b"", tag)
    assert head.headers["Content-Length"] == str(len(first.body))


def test_labels_come_in_the_language_asked_for(site: str) -> None:
    english = ask(site, "/page/united-states", HTML)
    french = ask(site, "/page/united-states", HTML, Accept_Language="fr-CA, en;q=0.5")
    assert "Accept-Language" in french.headers["Vary"]
    assert (english.headers["Content-Language"], french.headers["Content-Language"]) == ("en", "fr")
    assert "États-Unis" in french.body.decode()
    assert english.headers["ETag"] != french.headers["ETag"]
    assert ask(site, "/page/united-states", HTML, Accept_Language="tlh").headers["Content-Language"] == "en"


def test_any_script_may_read_and_no_header_is_lost_on_the_way(site: str) -> None:
    for path in ("/id/jwst", "/data/jwst.ttl", "/context/v1.jsonld", "/linkset/jwst", "/id/nothing"):
        answer = ask(site, path, Origin="https://example.org")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


HOSTILE = [
    "/id/no-such-thing",
    "/id/%CE%A9mega",
    "/id/jwst%00",
    "/id/jwst%2f..%2f..%2fhealth",
    "/id/..%2f..%2fetc%2fpasswd",
    "/id/%0d%0aSet-Cookie:%20a=b",
    "/id/%0aLocation:%20https://example.org",
    "/id//example.org",
    "/id/https://example.org/",
    "/id/%5cexample.org",
    "/id/JWST",
    "/id/jwst/",
    "/id/jwst.",
    "/id/jwst.ttl",
    "/id/" + "a" * 8000,
    "/id/" + "%F0%9F%9A%80" * 600,
    "/id/%FF%FE",
    "/id/<script>alert(1)<%2fscript>",
    "/page/<script>alert(1)<%2fscript>",
    "/page/%0d%0aX:y",
    "/page/document/nothing",
    "/page/document/..%2freport",
    "/page/claim/zz",
    "/data/jwst.exe",
    "/data/jwst.ttl.ttl",
    "/data/.ttl",
    "/data/%2e%2e%2fgraph.nq",
    "/data/jwst.ttl%0d%0aX:y",
    "/linkset/%0d%0a",
    "/ontology/9.9.9",
    "/ontology/%2e%2e",
    "/ontology.exe",
    "/schema/..%2fcommon.json",
    "/context/v2.jsonld",
    "/sitemap/0.xml",
    "/sitemap/99999999.xml",
    "//example.org/id/jwst",
    "//example.org/%2e%2e",
    "/vocab/%20",
    "/graph/" + "a/" * 50,
]


@pytest.mark.parametrize("accept", [HTML, "*/*"])
@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path[:40])
def test_a_hostile_name_is_unknown_and_nothing_of_it_comes_back_as_anything_else(
    site: str, path: str, accept: str
) -> None:
    answer = ask(site, path, accept)
    assert answer.status == 404
    assert answer.media_type == ("application/problem+json" if accept == "*/*" else answer.media_type)
    assert "Location" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert "X" not in answer.headers
    assert len(answer.body) < 3000
    assert answer.media_type != HTML or b"<script>alert" not in answer.body
    assert b"Traceback" not in answer.body


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80", "w3id.org@evil.example"])
@pytest.mark.parametrize("path", ["/id/jwst", "/dataset", "/data/jwst", "/sitemap.xml", "/robots.txt", "/linkset/jwst"])
def test_a_strangers_host_leads_nowhere(site: str, path: str, host: str) -> None:
    answer = ask(site, path, "text/turtle", Host=host)
    assert answer.status in (200, 303)
    assert b"evil" not in answer.body
    assert "evil" not in str(answer.headers)


def test_near_names_are_offered(site: str) -> None:
    assert b"jwst" in ask(site, "/id/jwts").body
    assert b'<a href="/page/jwst">' in ask(site, "/id/jwts", HTML).body


def test_a_place_in_a_list_must_be_an_iri(site: str) -> None:
    answer = ask(site, "/page/nasa?subject=%3E%20%7B", HTML)
    assert (answer.status, answer.media_type) == (400, "application/problem+json")


def test_long_lists_have_parts_that_together_are_whole(site: str) -> None:
    path, seen, parts = "/data/baikonur-cosmodrome.nt", [], 0
    while path:
        answer = ask(site, path)
        assert answer.status == 200
        seen += re.findall(r"^<([^>]+)> <[^>]+launchSite> ", answer.body.decode(), re.MULTILINE)
        following = re.search(r'<([^>]+)>; rel="next"', answer.headers["Link"])
        path, parts = following[1] if following else "", parts + 1
    assert parts > 3
    assert len(seen) == len(set(seen))
    total = re.search(
        r"launchSite[^0-9]*?count\">([\d,]+)<", ask(site, "/page/baikonur-cosmodrome", HTML).body.decode()
    )
    assert total
    assert len(seen) == int(total[1].replace(",", ""))


def test_documents_are_listed_by_parts_that_together_are_whole(
    site: str, shipped_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "LISTED", 3)
    found, path = [], "/documents"
    while path:
        page = ask(site, path, HTML).body.decode()
        found += re.findall('<li><a href="/page/document/([^"]+)">', page)
        path = next((f"/documents{each}" for each in re.findall('rel="next" href="([^"]+)"', page)), "")
    assert sorted(found) == sorted({*found}) == sorted(_documents(shipped_release))
    assert {ask(site, f"/documents?part={part}", HTML).status for part in ("0", "x", "-1", "9999", "1" * 5000)} == {400}


def test_the_home_page_leads_to_the_rest_of_many_documents_and_graphs(
    engine: Engine, published: Publication, shipped_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = len(_documents(shipped_release))
    monkeypatch.setattr(pages, "FIRST", 2)
    monkeypatch.setattr(pages, "LISTED", 3)
    home = web.create_app(engine, published=published).test_client().get("/").text
    assert home.count('<li><a href="/page/document/') == 2
    assert f'<a href="/documents">All {number} documents</a>' in home
    assert "The first 3 are shown" in home


def test_the_parts_of_the_sitemap_are_together_whole(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def listed() -> list[str]:
        found = []
        for part in re.findall("<loc>http://[^/]+(.*?)</loc>", ask(site, "/sitemap.xml").body.decode()):
            found += re.findall("<loc>(.*?)</loc>", ask(site, part).body.decode())
        return found

    at_once = listed()
    monkeypatch.setattr(discovery, "CHUNK", 100)
    assert listed() == at_once
    assert len({*at_once}) == len(at_once) > 100


def test_a_page_shows_the_words_behind_each_claim(site: str, shipped_release: Release) -> None:
    page = ask(site, "/page/jwst", HTML).body.decode()
    assert page.count("<summary>Why?<") >= page.count("<tr>") - page.count("<thead>") >= 10
    assert '<a href="http://www.wikidata.org/entity/Q186447">' in page
    quote = re.search(r'<mark class="accepted">([^<]+)</mark>', page)
    assert quote
    assert any(_plain(quote[1]) in _plain(shipped_release.text(name)) for name in _documents(shipped_release))
    assert not re.findall(r"<script(?! type=\"application/ld\+json\"| src=)|\son\w+=|\sstyle=|javascript:", page)


def test_a_page_shows_what_speaks_against_a_claim(site: str) -> None:
    page = ask(site, "/page/hubble-space-telescope", HTML).body.decode()
    doubtful = page.partition('id="doubtful"')[2].partition("</section>")[0]
    assert 'class="status disputed"' in doubtful
    assert "<dt>Disputed</dt>" in doubtful


def test_a_name_in_a_document_leads_to_its_page(site: str) -> None:
    page = ask(site, f"/page/document/{DOCUMENT}", HTML).body.decode()
    assert '<a class="mention" href="/page/esa">' in page


def test_a_table_for_spreadsheets_has_what_each_source_says(site: str) -> None:
    answer = ask(site, "/data/jwst.csv")
    assert answer.media_type == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.body.decode())))
    assert {"Ariane 5 ECA", "European Space Agency"} <= {row["valueName"] for row in rows}
    assert ask(site, "/data/no-such-thing.csv").status == 404
    assert ask(site, "/data/old-webb.csv").location == "/data/jwst.csv"


def test_a_language_can_be_named_in_the_address(site: str) -> None:
    page = ask(site, "/page/united-states?lang=es", HTML, Accept_Language="fr")
    assert page.headers["Content-Language"] == "es"
    assert ask(site, "/page/united-states?lang=%22%3E", HTML).headers["Content-Language"] == "en"


def test_a_document_page_is_its_text_with_the_claims_marked(site: str, shipped_release: Release) -> None:
    page = ask(site, f"/page/document/{DOCUMENT}", HTML).body.decode()
    text = re.search(r'<div class="text">(.*?)</div>', page, re.DOTALL)
    assert text
    assert _plain(re.sub(r"<[^>]+>", "", text[1])) == _plain(shipped_release.text(DOCUMENT))
    targets = set(re.findall(r'<mark class="\w+"><a href="#([0-9a-f]+)"', text[1]))
    assert len(targets) > 10
    assert targets <= set(re.findall(r' id="([0-9a-f]+)"', page))


def test_the_site_below_a_path_links_below_it(engine: Engine, published: Publication) -> None:
    with served(web.create_app(engine, "https://example.org/kg/", published)) as address:
        for path in ("/id/jwst", "/kg/id/jwst"):
            answer = ask(address, path, HTML, Host="evil.example")
            assert answer.location == "https://example.org/kg/page/jwst"
        page = ask(address, "/page/jwst", HTML)
        assert "<https://example.org/kg/data/jwst.ttl>" in page.headers["Link"]
        assert not re.findall(r' (?:href|src|action)="/(?!kg/)', page.body.decode())
        assert f"<{BASE}id/jwst>".encode() in ask(address, "/data/jwst.nt").body


@pytest.mark.parametrize("base", ["javascript:x", "example.org/kg", "https://", "https://example.org/?a=b", "ftp://x/"])
def test_a_base_that_is_no_address_is_refused(base: str) -> None:
    done = CliRunner().invoke(serving.serve, ["--base", base])
    assert done.exit_code == 2
    assert "--base" in done.output


def test_the_links_are_signposts_that_a_stranger_can_read(site: str) -> None:
    signposting = pytest.importorskip("signposting")
    page = f"{site}page/jwst"
    for found in (signposting.find_signposting_http(page), signposting.find_signposting_html(page)):
        assert found.citeAs.target == f"{BASE}id/jwst"
        assert {each.type for each in found.describedBy} == {each.media_type for each in formats.GRAPHS}
        assert {each.target for each in found.types} >= {"https://schema.org/AboutPage"}
        assert found.license.target == "https://creativecommons.org/licenses/by/4.0/"
        assert [each.target for each in found.linksets] == [f"{site}linkset/jwst"]
    together = signposting.find_signposting_linkset(f"{site}linkset/jwst")
    of_page = together.for_context(page)
    assert of_page.citeAs.target == f"{BASE}id/jwst"
    of_data = together.for_context(f"{site}data/jwst.jsonld")
    assert [each.target for each in of_data.describes] == [page] if hasattr(of_data, "describes") else True
    data = signposting.find_signposting_http(f"{site}data/jwst.ttl")
    assert data.license
    assert [each.target for each in data.linksets] == [f"{site}linkset/jwst"]


def test_the_site_finds_that_it_keeps_its_promises(site: str) -> None:
    found = json.loads(ask(site, "/status/fair.json").body)
    assert [check for check in found["checks"] if not check["passed"]] == []
    assert len(found["checks"]) >= 13
    page = ask(site, "/status/fair", HTML).body.decode()
    assert page.count('class="green">yes') == len(found["checks"])


def test_a_site_that_breaks_its_promises_says_so(rules: Declared) -> None:
    empty = store.Store([], "r", {query.name: query.text for query in rules.queries.values()})
    client = web.create_app(empty).test_client()
    found = client.get("/status/fair.json").json
    assert found is not None
    assert found["passed"] is False
    assert 'class="red">no' in client.get("/status/fair", headers={"Accept": HTML}).text


def test_a_crawler_finds_nothing_broken(site: str) -> None:
    crawl = Crawl(site)
    crawl.run(limit=600)
    assert crawl.broken == []
    kinds = {path.split("/")[1] for path in crawl.seen}
    assert kinds >= {"page", "data", "linkset", "ontology", "vocab", "void", "queries", "sparql", "static", "status"}
    assert crawl.parsed > 300


class Crawl:
    """Follows every link within a site, in the order they are found."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.seen: set[str] = set()
        self.broken: list[tuple[str, str]] = []
        self.parsed = 0

    def run(self, limit: int) -> None:
        waiting = deque(["/", "/robots.txt", "/sitemap.xml", "/.well-known/void", "/dataset"])
        self.seen.update(waiting)
        while waiting and limit:
            path = waiting.popleft()
            answer = ask(self.site, path, f"{HTML}, */*;q=0.1" if path.startswith(("/sparql", "/queries")) else "*/*")
            limit -= 1
            if answer.status >= 400:
                self.broken.append((path, str(answer.status)))
                continue
            self.read(path, answer)
            for link in self.links(path, answer):
                if link not in self.seen:
                    self.seen.add(link)
                    # The data of a page come before the next page, so that a few pages are enough for many data.
                    (waiting.appendleft if link.startswith("/data/") else waiting.append)(link)

    def read(self, path: str, answer: Answer) -> None:
        format = next((each for each in formats.GRAPHS if each.media_type == answer.media_type), None)
        if format is None or answer.status != 200 or path.startswith(("/context", "/frame")):
            return
        subjects = {str(quad.subject) for quad in pyoxigraph.parse(answer.body, format=format.codec)}
        self.parsed += 1
        if path.startswith("/data/"):
            name = urlsplit(path).path.removeprefix("/data/").rpartition(".")[0]
            iri = f"<{BASE}{name}>" if "/" in name else f"<{BASE}id/{name}>"
            if iri not in subjects:
                self.broken.append((path, f"does not describe {iri}"))

    def links(self, path: str, answer: Answer) -> Iterator[str]:
        found = re.findall(r"<([^>]+)>;", answer.headers.get("Link", ""))
        found += [answer.location] if answer.location else []
        if answer.media_type == HTML:
            reader = Links()
            reader.feed(answer.body.decode())
            found += reader.found
        for link in found:
            target = urldefrag(urljoin(f"{self.site.rstrip('/')}{path}", link)).url
            if target.startswith(self.site):
                yield "/" + target.removeprefix(self.site)


class Links(HTMLParser):
    """Collects what a page links to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("href", "src") and value]


def _run(site: str) -> str:
    found = re.search(rb"run/([A-Za-z0-9._-]+)>", ask(site, f"/data/document/{DOCUMENT}.nt").body)
    found = found or re.search(rb"run/([A-Za-z0-9._-]+)>", ask(site, "/data/jwst.nt").body)
    assert found
    return found[1].decode()


def _documents(release: Release) -> list[str]:
    return [name.removeprefix("documents/").removesuffix(".txt") for name in release.manifest["files"] if "/" in name]


def _plain(text: str) -> str:
    return " ".join(html.unescape(text).split())
