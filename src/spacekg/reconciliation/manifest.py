"""manifest  what the service says of itself, in either version of the API."""

from __future__ import annotations

from typing import Any

from spacekg.reconciliation import requests
from spacekg.reconciliation.suggestions import KINDS
from spacekg.reconciliation.types import Types
from spacekg.reconciliation.views import SCHEMA, View

VERSIONS = ("0.1", "0.2", "1.0-draft")
WIDTH, HEIGHT = 400, 260

Json = dict[str, Any]


def classic(view: View, root: str, types: Types, release: str) -> Json:
    """Write the manifest of version 0.2, for a site at an address."""
    address = f"{root}{view.path}"
    services = {kind: _service(address, f"/suggest/{kind}", f"/flyout/{kind}?id=${{id}}") for kind in KINDS}
    return {
        **_in_both(view, root, types, release),
        "identifierSpace": view.space,
        "schemaSpace": SCHEMA,
        "view": {"url": _page(view, root) + "{{id}}"},
        "preview": {"url": f"{address}/preview?id={{{{id}}}}", "width": WIDTH, "height": HEIGHT},
        "suggest": services,
        "extend": {"propose_properties": _service(address, "/extend/propose"), "property_settings": []},
    }


def modern(view: View, root: str, types: Types, release: str) -> Json:
    """Write the manifest of version 1.0, for a site at an address."""
    return {
        **_in_both(view, root, types, release),
        "view": {"url": _page(view, root) + "{id}"},
        "preview": {"width": WIDTH, "height": HEIGHT},
        "suggest": dict.fromkeys(KINDS, True),
        "extend": {"proposeProperties": True, "propertySettings": []},
        "standardizedScore": True,
        "lang": "en",
        "dir": "ltr",
    }


def _in_both(view: View, root: str, types: Types, release: str) -> Json:
    return {
        "versions": list(VERSIONS),
        "name": view.name,
        "documentation": root,
        "serviceVersion": release,
        "defaultTypes": types.defaults(),
        "batchSize": requests.BATCH,
    }


def _service(address: str, path: str, flyout: str = "") -> Json:
    flyouts = {"flyout_service_url": address, "flyout_service_path": flyout} if flyout else {}
    return {"service_url": address, "service_path": path, **flyouts}


def _page(view: View, root: str) -> str:
    return view.page or f"{root}id/"
