"""agencies    which organisation a code of GCAT stands for; those that launched and nobody names are drafted."""

from __future__ import annotations

import re
from collections import defaultdict

from reference_tables import drafts
from reference_tables.drafts import Draft, Identity, Naming, Pool
from reference_tables.kinds import Kinds
from reference_tables.sources import Curated, Sources
from reference_tables.spelling import folded, tidy
from reference_tables.wikidata import ORGANISED

SOURCE = "gcat"
BUSINESS = "B"


class Agencies:
    """The organisations of GCAT, by code: hand-kept first, then by an equal name."""

    def __init__(self, pool: Pool, sources: Sources, curated: Curated, kinds: Kinds) -> None:
        self._pool, self._kinds = pool, kinds
        self._rows = {row["Code"]: row for row in sources.gcat_organisations}
        self._keys = {row["code"]: row["key"] for row in curated.agencies if row["key"] in pool.drafts}
        self._named: dict[str, set[str]] = defaultdict(set)
        for draft in pool.drafts.values():
            if draft.kind in ORGANISED:
                self._named[folded(draft.label)].add(draft.key)
        self._link(curated)

    def known(self, codes: str) -> tuple[list[str], int]:
        """The keys of the codes joined by `/` that are linked, and how many are not."""
        parts = [code for code in codes.rstrip("?").split("/") if code]
        keys = [self._keys[code] for code in parts if code in self._keys]
        return keys, len(parts) - len(keys)

    def launching(self, codes: str) -> tuple[str, ...]:
        """The keys of those who sold or ran a launch; a draft is made for each that has none."""
        keys = []
        for code in codes.rstrip("?").split("/"):
            if code in self._rows:
                keys.append(self._keys.get(code) or self._draft(code))
            else:
                self._pool.unjoined["launch agency that GCAT does not list"] += 1
        return tuple(dict.fromkeys(keys))

    def _draft(self, code: str) -> str:
        row = self._rows[code]
        label = tidy(re.sub(r"\s*\(.*?\)", "", row["EName"] if row["EName"] != "-" else row["Name"]))
        kind = "Company" if row["Class"] == BUSINESS else self._kinds.organisation(label).kind
        same = self._named[folded(label)]
        key = next(iter(same)) if len(same) == 1 else f"gcat-org:{code}"
        draft = self._pool.add(Draft(key, kind, label, "", SOURCE, prominence=1))
        draft.names.append(Naming(label, "en", drafts.LABEL, SOURCE))
        evidence, method = f"GCAT organisation {code}", "name" if same else "given"
        draft.identities.append(Identity("gcat", code, evidence=evidence, source=SOURCE, method=method))
        same.add(key)
        self._keys[code] = key
        return key

    def _link(self, curated: Curated) -> None:
        for code, key in self._keys.items():
            identity = Identity("gcat", code, evidence=f"GCAT organisation {code}", source=SOURCE, method="by hand")
            self._pool.drafts[key].identities.append(identity)
        by_hand = {row["value"]: f"local:{row['id']}" for row in curated.identifiers if row["scheme"] == SOURCE}
        self._keys |= {code: key for code, key in by_hand.items() if key in self._pool.drafts}
        for code, row in self._rows.items():
            found = self._named.get(folded(row["EName"]), set()) | self._named.get(folded(row["Name"]), set())
            if code in self._keys or len(found) != 1 or row["UCode"] != code:
                continue
            evidence = f"GCAT organisation {code} has the same name"
            candidate = Identity("gcat", code, "exact", "candidate", evidence, SOURCE, "name", "0.8")
            self._pool.drafts[next(iter(found))].identities.append(candidate)
