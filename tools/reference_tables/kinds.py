"""kinds    which class of the ontology a row of a source belongs to, read from curated/kinds.csv."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from reference_tables.sources import Row

ANY = "*"
CREWED = ("STS-*", "Gemini [0-9]*", "Apollo [0-9]*", "Vostok [0-9]", "Voskhod [0-9]", "Mercury-Redstone [34]",
          "Mercury-Atlas [6789]", "Soyuz *", "Shenzhou [0-9]*", "Skylab [0-9]", "SpaceX Crew-*", "Crew Dragon Demo-2",
          "Axiom Mission *", "Inspiration4", "Polaris Dawn", "Fram2", "Boeing Crew Flight Test", "Artemis II",
          "Artemis III", "Artemis IV", "Artemis V", "Blue Origin NS-16")  # fmt: skip
UNCREWED = frozenset("Apollo 4|Apollo 5|Apollo 6|Gemini 1|Gemini 2|Shenzhou 22".split("|"))
FLIGHTS = frozenset({"mission"})
OPEN = frozenset({"spacecraft", "launch-vehicle-or-stage", "unknown", "space-telescope", "space-station"})
CRAFT = frozenset("Spacecraft SpaceStation StationModule SpaceTelescope Rover Lander SpaceProbe Satellite "
                  "CrewedSpacecraft CargoSpacecraft".split())  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """A class, or a reason why there is none."""

    kind: str
    reason: str = ""


class Kinds:
    """The rules of curated/kinds.csv, in their order."""

    def __init__(self, rows: list[Row]) -> None:
        self._exact = {(row["scope"], row["value"]): Verdict(row["class"], row["reason"]) for row in rows}
        self._patterns = [row for row in rows if row["scope"] in ("instance_of", "label", "organisation")]

    def item(self, qid: str) -> Verdict | None:
        """The verdict on one Wikidata item, where somebody wrote one."""
        return self._exact.get(("item", qid))

    def verified(self, row: Row, types: list[str]) -> Verdict:
        """The verdict on a row of the verified items; `types` are what Wikidata calls instances of."""
        if said := self.item(row["qid"]):
            return said
        broad = self._exact.get(("verified", row["kind"]), Verdict("", f"kind {row['kind']}: no class is written"))
        if broad.kind == "SpaceMission" and is_crewed(row["label_en"]):
            return Verdict("CrewedMission")
        if broad.kind == "Spacecraft" and (narrow := self._by_type(types)) and narrow.kind in CRAFT:
            return narrow
        return broad

    def object(self, row: Row, types: list[str]) -> Verdict:
        """The verdict on a row of the space objects."""
        if said := self.item(row["qid"]):
            return said
        broad = self._exact.get(("object", row["kind"])) or self._by_pattern("label", [row["label"]])
        if broad is None:
            return Verdict("", f"kind {row['kind']}: what it is stands nowhere")
        narrow = self._by_type(types)
        if narrow is None:
            named = self._by_pattern("label", [row["label"]])
            return named if broad.kind == "Spacecraft" and named and named.kind in CRAFT else broad
        if row["kind"] in FLIGHTS:
            return narrow if narrow.kind in ("Launch", "CrewedMission") else broad
        return narrow if row["kind"] in OPEN and _fits(row["kind"], narrow) else broad

    def none(self, types: list[str]) -> str:
        """Why nothing of these types is a thing in space; empty when it may be one."""
        narrow = self._by_type(types)
        return narrow.reason if narrow and not narrow.kind else ""

    def organisation(self, name: str) -> Verdict:
        """The verdict on an organisation of which only the name is known."""
        return self._by_pattern("organisation", [name]) or Verdict("Organization")

    def research(self, types: str) -> Verdict:
        """The verdict on an organisation of ROR."""
        kinds = [kind.casefold() for kind in types.split("|")]
        ordered = sorted(kinds, key=lambda kind: "facility education company healthcare".find(kind) < 0)
        return self._exact.get(("ror", ordered[0]), Verdict("Organization"))

    def _by_type(self, types: list[str]) -> Verdict | None:
        return self._by_pattern("instance_of", types)

    def _by_pattern(self, scope: str, values: list[str]) -> Verdict | None:
        for row in self._patterns:
            if row["scope"] == scope and any(fnmatchcase(value, row["value"]) for value in values):
                return Verdict(row["class"], row["reason"])
        return None


def is_crewed(label: str) -> bool:
    """Whether a flight of this name carried people, as far as names say so."""
    return label not in UNCREWED and any(fnmatchcase(label, pattern) for pattern in CREWED)


def _fits(source_kind: str, narrow: Verdict) -> bool:
    if source_kind == "launch-vehicle-or-stage":
        return narrow.kind in ("LaunchVehicle", "Launch", "SpaceAsset", "")
    if source_kind == "space-telescope":
        return narrow.kind in ("SpaceTelescope", "")
    return True
