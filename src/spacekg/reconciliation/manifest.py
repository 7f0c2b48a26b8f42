"""manifest  what the service says of itself, in either version of the API."""

from __future__ import annotations

from typing import Any

from spacekg.reconciliation import requests, tongues
from spacekg.reconciliation.suggestions import KINDS
from spacekg.reconciliation.views import SCHEMA, View
from spacekg.reconciliation.voice import Voice

VERSIONS = ("0.1", "0.2", "1.0-draft")
WIDTH, HEIGHT = 400, 260
RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")

Json = dict[str, Any]


def classic(voice: Voice, root: str, release: str) -> Json:
    """Write the manifest of version 0.2, for a site at an address."""
    address = f"{root}{voice.view.path}"
    services = {kind: _service(address, f"/suggest/{kind}", f"/flyout/{kind}?id=${{id}}") for kind in KINDS}
    return {
        **_in_both(voice, root, release),
        "identifierSpace": voice.view.space,
        "schemaSpace": SCHEMA,
        "view": {"url": _page(voice.view, root) + "{{id}}"},
        "preview": {"url": f"{address}/preview?id={{{{id}}}}", "width": WIDTH, "height": HEIGHT},
        "suggest": services,
        "extend": {"propose_properties": _service(address, "/extend/propose"), "property_settings": []},
    }


def modern(voice: Voice, root: str, release: str) -> Json:
    """Write the manifest of version 1.0, for a site at an address."""
    return {
        **_in_both(voice, root, release),
        "view": {"url": _page(voice.view, root) + "{id}"},
        "preview": {"width": WIDTH, "height": HEIGHT},
        "suggest": dict.fromkeys(KINDS, True),
        "extend": {"proposeProperties": True, "propertySettings": []},
        "standardizedScore": True,
        "lang": voice.content[0],
        "dir": "rtl" if voice.content[0] in RIGHT_TO_LEFT else "ltr",
    }


def _in_both(voice: Voice, root: str, release: str) -> Json:
    return {
        "versions": list(VERSIONS),
        "name": voice.view.name,
        "documentation": root,
        "serviceVersion": release,
        "defaultTypes": [voice.kind(each) for each in voice.types.defaults()],
        "batchSize": requests.BATCH,
        "languages": sorted({tongues.ENGLISH} | voice.index.languages | voice.types.languages),
    }


def _service(address: str, path: str, flyout: str = "") -> Json:
    flyouts = {"flyout_service_url": address, "flyout_service_path": flyout} if flyout else {}
    return {"service_url": address, "service_path": path, **flyouts}


def _page(view: View, root: str) -> str:
    return view.page or f"{root}id/"
