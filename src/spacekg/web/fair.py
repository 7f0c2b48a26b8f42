"""fair      /status/fair: the site asks itself what its users ask, and says in red or green what came back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pyoxigraph
from flask import Blueprint, Flask, Response, current_app, jsonify, render_template, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from spacekg import formats
from spacekg.declared import BASE
from spacekg.web import negotiation, signposts
from spacekg.web.resources import Site

KEPT_SECONDS = 60.0
"""How long an examination stands, so that asking for it often costs nothing."""
EXAMPLES = ("iss", "jwst", "nasa")
DESCRIBING = (
    "http://purl.org/dc/terms/license",
    "http://rdfs.org/ns/void#classPartition",
    "http://www.w3.org/ns/prov#wasGeneratedBy",
    "http://www.w3.org/ns/dcat#distribution",
)
METADATA = ("metadata/void", "metadata/examples", "metadata/prefixes", "metadata/void_labels")
"""The questions by which editors and other tools set themselves up."""
RECONCILING = (
    ("application/json", "0.2", ("name", "identifierSpace", "schemaSpace", "view", "suggest", "preview", "extend")),
    ("application/reconciliation.v1+json", "1.0-draft", ("name", "view", "suggest", "preview", "extend")),
)
"""What a manifest must have, by what is accepted and the version that this means."""


@dataclass(frozen=True, slots=True)
class Check:
    """One promise: the FAIR principle it belongs to, whether it is kept, and what came back."""

    principle: str
    promise: str
    passed: bool
    found: str


@dataclass(frozen=True, slots=True)
class Asker:
    """A client of the site in its own process, and the thing that is asked for."""

    client: FlaskClient
    site: Site
    local: str

    def get(self, path: str, accept: str = "*/*", **headers: str) -> TestResponse:
        """Ask for a path."""
        return self.client.get(path, headers={"Accept": accept, **headers})


Question = Callable[[Asker], str]
"""Gives what came back; raises AssertionError with what is wrong."""


def blueprint(site: Site) -> Blueprint:
    """Make the page on which the site examines itself."""
    part = Blueprint("fair", __name__)
    kept: dict[str, tuple[float, list[Check]]] = {}

    def checks() -> list[Check]:
        at, found = kept.get("last", (0.0, []))
        if not found or time.monotonic() - at > KEPT_SECONDS:
            found = examine(current_app, site)
            kept["last"] = (time.monotonic(), found)
        return found

    @part.get("/status/fair")
    def page() -> Response:
        if not negotiation.prefers_html(negotiation.accepted(request)):
            return file()
        found = checks()
        failed = sum(not check.passed for check in found)
        return _sent(Response(render_template("fair.html", checks=found, failed=failed)))

    @part.get("/status/fair.json")
    def file() -> Response:
        found = checks()
        return _sent(jsonify(passed=all(check.passed for check in found), checks=[asdict(check) for check in found]))

    return part


def examine(app: Flask, site: Site) -> list[Check]:
    """Ask every question of the table, each for itself: one that fails does not keep the others from being asked."""
    local = next((each for each in EXAMPLES if site.entities.knows(f"{BASE}id/{each}")), "")
    asker = Asker(app.test_client(), site, local or next(iter(site.entities.listed(0, 1)), "nothing"))
    return [_asked(asker, principle, promise, question) for principle, promise, question in QUESTIONS]


def _asked(asker: Asker, principle: str, promise: str, question: Question) -> Check:
    try:
        return Check(principle, promise, True, question(asker))
    except AssertionError as wrong:
        return Check(principle, promise, False, str(wrong))
    except Exception as error:  # whatever goes wrong is what is to be shown
        return Check(principle, promise, False, type(error).__name__)


def _sent(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept")
    return response


def _want(truth: object, wrong: str) -> None:
    if not truth:
        raise AssertionError(wrong)


def _name_leads_on(asker: Asker) -> str:
    for accept, place in (("text/html", "page/"), ("text/turtle", "data/")):
        answer = asker.get(f"/id/{asker.local}", accept)
        _want(answer.status_code == 303, f"/id/{asker.local} answers {answer.status_code}")
        _want(place in answer.headers["Location"], f"{accept} leads to {answer.headers['Location']}")
        _want("Accept" in answer.headers.get("Vary", ""), "the redirect does not vary by Accept")
    return f"/id/{asker.local} leads to its page and to its data in one hop"


def _every_format_parses(asker: Asker) -> str:
    subject = f"{BASE}id/{asker.local}"
    for format in formats.GRAPHS:
        answer = asker.get(f"/data/{asker.local}{format.suffix}")
        _want(answer.mimetype == format.media_type, f"{format.suffix} comes as {answer.mimetype}")
        described = {str(quad.subject) for quad in pyoxigraph.parse(answer.data, format=format.codec)}
        _want(f"<{subject}>" in described, f"{format.label} does not describe {subject}")
    return f"{len(formats.GRAPHS)} formats parse and describe what was asked for"


def _unchanged(asker: Asker) -> str:
    for path in (f"/page/{asker.local}", f"/data/{asker.local}.ttl", "/ontology.ttl"):
        tag = asker.get(path).headers.get("ETag", "")
        _want(tag and not tag.startswith("W/"), f"{path} has no strong ETag")
        again = asker.get(path, **{"If-None-Match": tag})
        _want(again.status_code == 304 and not again.data, f"{path} answers {again.status_code} to its own ETag")
    return "a page, data and the ontology answer 304 to whoever has them"


def _signposted(asker: Asker) -> str:
    relations = {"cite-as", "describedby", "license", "type", "linkset", "canonical", "alternate"}
    header = asker.get(f"/page/{asker.local}", "text/html").headers.get("Link", "")
    missing = [relation for relation in sorted(relations) if f'rel="{relation}"' not in header]
    _want(not missing, f"the page's Link header lacks {', '.join(missing)}")
    return "level 1: the page links to what to cite, its data, licence and type"


def _linkset(asker: Asker) -> str:
    answer = asker.get(f"/linkset/{asker.local}")
    _want(answer.mimetype == signposts.LINKSET, f"the link set comes as {answer.mimetype}")
    contexts: list[dict[str, Any]] = (answer.json or {}).get("linkset", [])
    _want(len(contexts) == 1 + len(formats.GRAPHS), f"the link set speaks of {len(contexts)} documents")
    return f"level 2: a link set for the page and {len(formats.GRAPHS)} formats"


def _ontology(asker: Asker) -> str:
    for name in ("ontology", "vocab", "shapes"):
        _want(asker.get(f"/{name}", "text/turtle").mimetype == "text/turtle", f"/{name} is not there as Turtle")
        _want(asker.get(f"/{name}", "text/html").mimetype == "text/html", f"/{name} has no page")
    return "ontology, vocabulary and shapes are there for people and programs"


def _described(asker: Asker) -> str:
    same = {asker.get(path).data for path in ("/.well-known/void", "/void.ttl")}
    _want(len(same) == 1, "/.well-known/void and /void.ttl differ")
    quads = pyoxigraph.parse(same.pop(), format=formats.TURTLE.codec)
    said = {quad.predicate.value for quad in quads if str(quad.subject) == f"<{BASE}dataset>"}
    missing = [iri for iri in DESCRIBING if iri not in said]
    _want(not missing, f"the description lacks {', '.join(missing)}")
    return "licence, partitions, provenance and access are stated"


def _metadata(asker: Asker) -> str:
    rows = []
    for name in METADATA:
        query = asker.client.get(f"/queries/{name}.rq").text
        answer = asker.client.get("/sparql", query_string={"query": query}, headers={"Accept": "application/json"})
        _want(answer.status_code == 200, f"{name} answers {answer.status_code}")
        rows.append(len((answer.json or {}).get("results", {}).get("bindings", ())))
        _want(rows[-1] > 0, f"{name} finds nothing")
    _want(rows[3] == rows[0], "a term has two labels or comments: editors get its rows twice")
    return f"{rows[0]:,} partitions, {rows[1]} example queries, {rows[2]} prefixes"


def _context(asker: Asker) -> str:
    answer = asker.get("/context/v1.jsonld")
    _want(answer.mimetype == "application/ld+json", f"the context comes as {answer.mimetype}")
    _want(answer.headers.get("Access-Control-Allow-Origin") == "*", "scripts of other sites may not read it")
    _want("immutable" in answer.headers["Cache-Control"], "it does not say that it never changes")
    inlined = (asker.get(f"/data/{asker.local}.jsonld").json or {}).get("@context")
    _want(isinstance(inlined, dict), "a download does not carry its context")
    return "any script may read the context, and every download carries it"


def _unknown(asker: Asker) -> str:
    _want(asker.get("/id/no-such-thing-at-all").status_code == 404, "an unknown name is not 404")
    for path in ("/id/%0d%0aSet-Cookie:x", "/id//example.org", "/page/%2e%2e%2fhealth", "/data/x.exe"):
        answer = asker.get(path)
        _want(answer.status_code == 404, f"{path} answers {answer.status_code}")
    return "unknown and hostile names are 404"


def _own_host(asker: Asker) -> str:
    location = asker.get(f"/id/{asker.local}", Host="evil.example").headers["Location"]
    _want("evil.example" not in location, f"a stranger's Host leads to {location}")
    return f"a stranger's Host header changes nothing: {location}"


def _found(asker: Asker) -> str:
    chapters = asker.get("/sitemap.xml").text.count("<loc>")
    _want(chapters, "the sitemap is empty")
    _want("Sitemap:" in asker.get("/robots.txt").text, "robots.txt does not name the sitemap")
    markup = asker.get("/", "text/html").text
    _want('"@type": "Dataset"' in markup, "the home page has no schema.org Dataset")
    return f"a sitemap of {chapters} parts, and schema.org markup on the home page"


def _evidence(asker: Asker) -> str:
    documents = asker.site.entities.documents(0, 3)
    _want(documents, "the release has no documents")
    known, texts = asker.site.entities, asker.site.published.texts
    named = [(each.iri, texts.get(each.iri.rpartition("/")[2], "")) for each in documents]
    claims = [claim for iri, text in named for claim in known.claims_of(iri, known.outline(iri, text).parts[0])]
    wrong = [claim.iri for claim in _quoted(claims) if not _stands(texts, claim)]
    _want(not wrong, f"{len(wrong)} quotes do not stand where they are said to, the first is of {wrong[:1]}")
    return f"{len(claims)} quotes stand in their documents where they are said to"


def _quoted(claims: Sequence[Any]) -> Iterator[Any]:
    return (claim for claim in claims if claim.evidence.start >= 0)


def _stands(texts: Any, claim: Any) -> bool:
    evidence = claim.evidence
    text = texts.get(evidence.document.iri.rpartition("/")[2], "")
    return bool(text[evidence.start : evidence.end] == evidence.exact)


def _reconciled(asker: Asker) -> str:
    if asker.get("/reconcile").status_code == 404:
        return "there are no names to reconcile with here"
    for accept, version, needed in RECONCILING:
        answer = asker.get("/reconcile", accept)
        said = answer.get_json(force=True, silent=True) or {}
        _want(version in said.get("versions", ()), f"the manifest does not say that it speaks {version}")
        missing = [name for name in needed if name not in said]
        _want(not missing, f"the manifest of {version} lacks {', '.join(missing)}")
        _want(answer.headers.get("Access-Control-Allow-Origin") == "*", "scripts of other sites may not read it")
    found = asker.get(f"/reconcile/suggest/entity?prefix={asker.local}").json or {}
    first: dict[str, Any] = next(iter(found.get("result", ())), {})
    _want(first.get("id") == asker.local, f"an id as a prefix gives {first.get('id')!a}")
    return f"manifests of {len(RECONCILING)} versions, and an id leads to its thing"


QUESTIONS: tuple[tuple[str, str, Question], ...] = (
    ("F1", "A name leads to what is known of it", _name_leads_on),
    ("F2", "The dataset is described", _described),
    ("F3", "Pages say what to cite and where the data are", _signposted),
    ("F4", "Crawlers find everything", _found),
    ("A1", "Nothing is sent twice", _unchanged),
    ("A1", "Unknown and hostile names are refused", _unknown),
    ("A1", "Links never leave this site by a trick", _own_host),
    ("A2", "All links stand together in a link set", _linkset),
    ("I1", "Every format parses", _every_format_parses),
    ("I1", "JSON-LD needs nothing else", _context),
    ("I2", "The words that are used are explained", _ontology),
    ("I3", "Editors and other tools can set themselves up", _metadata),
    ("I3", "Lists can be reconciled", _reconciled),
    ("R1", "Every claim shows its words", _evidence),
)
"""Principle, promise and the question that tells whether it is kept."""
