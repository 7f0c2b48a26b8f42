"""gcat    launches, vehicles and sites of GCAT, and what they say of the objects joined with Wikidata."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from reference_tables import drafts
from reference_tables.agencies import Agencies
from reference_tables.drafts import Draft, Identity, Naming, Pool, Statement
from reference_tables.kinds import Kinds
from reference_tables.sources import Curated, Row, Sources
from reference_tables.spelling import date, folded, tidy

SOURCE = "gcat"
GREEK = "ALP BET GAM DEL EPS ZET ETA THE IOT KAP LAM MU NU XI OMI PI RHO SIG TAU UPS PHI CHI PSI OME".split()
LANDED = frozenset({"L", "LF"})


@dataclass
class Launch:
    """One launch; everything but the tag and the date is a key of a draft."""

    tag: str
    date: str
    datatype: str
    vehicle: str
    site: str
    providers: tuple[str, ...]
    payloads: set[str] = field(default_factory=set)


class Carriers:
    """The launches of GCAT, by which an object came up."""

    def __init__(self, pool: Pool, launches: list[Row]) -> None:
        self._pool = pool
        self._by_tag = {international(row["Launch_Tag"]): row for row in launches}
        self._of_day: dict[str, list[Row]] = defaultdict(list)
        for row in launches:
            self._of_day[_day(row["Launch_Date"])].append(row)

    def of(self, row: Row) -> Row | None:
        """Give the launch of an object; none where that cannot be told.

        What a station releases has the designation of the station, and the day on which it came up itself.
        """
        launch = self._by_tag[row["cospar_id"][:8]]
        day = _day(row["launch_date"])
        if day == _day(launch["Launch_Date"]):
            return launch
        if len(self._of_day[day]) == 1:
            return self._of_day[day][0]
        self._pool.unjoined["object released in orbit, which came up on one of several launches of its day"] += 1
        return None


def add(pool: Pool, sources: Sources, curated: Curated, kinds: Kinds) -> dict[str, Launch]:
    """Draft vehicles, sites and launching organisations; return the launches of joined objects by their tag."""
    agencies = Agencies(pool, sources, curated, kinds)
    _vehicles(pool, sources, curated)
    _sites(pool, sources, curated)
    parents = {row["Launch_Site"]: row["Launch_Site_Parent"] for row in sources.launches}
    carriers = Carriers(pool, sources.launches)
    status = {row["JCAT"]: row["Status"] for row in sources.catalogue}
    launches: dict[str, Launch] = {}
    for row in sources.joined:
        draft = pool.drafts.get(row["qid"])
        if draft is None:
            pool.unjoined["joined object whose item was left out"] += 1
        elif row["unambiguous"] != "1":
            draft.identities.append(_object(row, "candidate"))
        else:
            draft.identities.append(_object(row, "verified"))
            carrier = carriers.of(row)
            launch = _launch(launches, carrier, parents) if carrier else None
            if carrier and launch:
                launch.payloads.add(draft.key)
                launch.providers = launch.providers or agencies.launching(carrier["Agency"])
            _state(draft, row, launch)
            _end(pool, draft, row, status.get(row["gcat_jcat"], ""))
    _owners(pool, sources, agencies)
    return launches


def international(tag: str) -> str:
    """The international designation of a launch: Greek letters (before 1963) become numbers.

    >>> international("1957 ALP"), international("1961 A ALP"), international("1997-061")
    ('1957-001', '1961-025', '1997-061')
    """
    year, *letters = tag.split()
    if not letters or letters[-1] not in GREEK:
        return tag
    rounds = ord(letters[0]) - ord("A") + 1 if len(letters) > 1 else 0
    return f"{year}-{len(GREEK) * rounds + GREEK.index(letters[-1]) + 1:03d}"


def _vehicles(pool: Pool, sources: Sources, curated: Curated) -> None:
    """One draft for each type that flew, unless Wikidata has one of that name; then the family of each."""
    known = {folded(draft.label): draft for draft in pool.drafts.values() if draft.kind == "LaunchVehicle"}
    for kind in sorted({row["LV_Type"] for row in sources.launches} - {"Space Shuttle"}):
        label, other = tidy(kind), tidy(kind.replace("Chang Zheng", "Long March"))
        same = known.get(folded(label)) or known.get(folded(other))
        draft = same or pool.add(Draft(_vehicle(kind), "LaunchVehicle", label, "", SOURCE, prominence=1))
        if same is None:
            draft.names.append(Naming(label, "en", drafts.LABEL, SOURCE))
        if other != draft.label:
            draft.names.append(Naming(other, "en", drafts.ALIAS, SOURCE))
        method = "name" if same else "given"
        identity = Identity("gcat", kind, "exact", "verified", "GCAT launch vehicle", SOURCE, method)
        draft.identities.append(identity)
        pool.drafts.setdefault(_vehicle(kind), draft)
        _family(pool, draft, kind, curated)
    pool.drafts.setdefault(_vehicle("Space Shuttle"), pool.drafts["Q48806"])
    for row in curated.vehicles:
        if row["types"] in pool.drafts and row["family"]:
            pool.drafts[row["types"]].statements.append(Statement("partOf", row["family"], "key", "", "curated"))


def _family(pool: Pool, draft: Draft, kind: str, curated: Curated) -> None:
    family = next((row["family"] for row in curated.vehicles if fnmatchcase(kind, row["types"])), "")
    if family in pool.drafts and draft.key != family and not draft.key.startswith("Q"):
        draft.statements.append(Statement("partOf", family, "key", "", "curated"))


def _sites(pool: Pool, sources: Sources, curated: Curated) -> None:
    codes = defaultdict(set)
    for row in sources.launches:
        codes[row["Launch_Site_Parent"]].add(row["Launch_Site"].rstrip("?"))
    for row in curated.sites:
        key = row["wikidata"] or _site(row["parent"])
        draft = pool.add(Draft(key, "LaunchSite", row["label"], "", SOURCE, prominence=1))
        draft.kind, draft.label = "LaunchSite", draft.label or row["label"]
        if not draft.names:
            draft.names.append(Naming(draft.label, "en", drafts.LABEL, SOURCE))
        for code in sorted(codes[row["parent"]]):
            identity = Identity("gcat", code, "exact", "verified", "GCAT launch site", SOURCE, "by hand")
            draft.identities.append(identity)
        draft.statements += _coordinates(codes[row["parent"]], sources.places)
        pool.drafts.setdefault(_site(row["parent"]), draft)


def _coordinates(codes: set[str], places: list[Row]) -> list[Statement]:
    """Say where a site is, by the one of its codes whose coordinates are the most exact."""
    known = [row for row in places if row["Site"] in codes and row["Latitude"] not in ("", "-")]
    if not known:
        return []
    best = min(known, key=lambda row: (float(row["Error"]), row["Site"]))
    given = ("latitude", best["Latitude"]), ("longitude", best["Longitude"])
    return [Statement(name, f"{float(value):.4f}", "xsd:decimal", "", SOURCE) for name, value in given]


def _launch(launches: dict[str, Launch], row: Row, parents: dict[str, str]) -> Launch:
    tag, (value, datatype) = international(row["Launch_Tag"]), date(row["Launch_Date"])
    site = parents.get(row["Launch_Site"], "")
    new = Launch(tag, value, datatype, _vehicle(row["LV_Type"]), _site(site) if site else "", ())
    return launches.setdefault(tag, new)


def _state(draft: Draft, row: Row, launch: Launch | None) -> None:
    value, datatype = date(row["launch_date"])
    draft.statements.append(Statement("launchDate", value, datatype, "", SOURCE))
    if launch is not None:
        draft.statements.append(Statement("launchVehicle", launch.vehicle, "key", "", SOURCE))
        if launch.site:
            draft.statements.append(Statement("launchSite", launch.site, "key", "", SOURCE))


def _end(pool: Pool, draft: Draft, row: Row, status: str) -> None:
    value, datatype = date(row["decay_or_end"])
    if value and value < row["launch_date"][: len(value)]:
        pool.unjoined["end before the launch"] += 1
    elif value:
        ending = "landingDate" if status in LANDED else "endDate"
        draft.statements.append(Statement(ending, value, datatype, "", SOURCE))


def _owners(pool: Pool, sources: Sources, agencies: Agencies) -> None:
    for row in sources.joined:
        if row["unambiguous"] == "1" and row["qid"] in pool.drafts:
            owners, unknown = agencies.known(row["owner_code"])
            pool.drafts[row["qid"]].statements += [Statement("operator", key, "key", "", SOURCE) for key in owners]
            pool.unjoined["owner of an object without an entity"] += unknown


def _object(row: Row, status: str) -> Identity:
    evidence = f"Wikidata and GCAT both say COSPAR {row['cospar_id']}"
    if status == "candidate":
        evidence = f"{evidence}, as do other items"
        return Identity("gcat", row["gcat_jcat"], "close", status, evidence, SOURCE, "COSPAR id", "0.5")
    return Identity("gcat", row["gcat_jcat"], "exact", status, evidence, SOURCE, "COSPAR id", "0.95")


def _vehicle(kind: str) -> str:
    return f"gcat-lv:{kind}"


def _site(parent: str) -> str:
    return f"gcat-site:{parent}"


def _day(value: str) -> str:
    return value.strip()[:10]
