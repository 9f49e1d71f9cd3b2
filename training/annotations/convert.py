"""Turn annotations with quotes into the committed offset form, checking every field.

Input: one JSON file an article, {"doc", "published", "events"}, where an event has the gold
fields with `quote` and `also`; a quote that occurs more than once is given as
{"text": "...", "occurrence": n}, counted from 1.
"""

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from training.annotations import read_text

# ruff: noqa: SIM905
TYPES = frozenset(
    "AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN "
    "PROTEST SANCTION MOBILIZE COERCE ASSAULT".split()
)
STATUSES = frozenset(("happened", "planned", "possible", "attempted", "denied"))
SECTORS = frozenset("GOV MIL POL JUD LEG OPP REB CIV MED BUS IGO NGO".split()) | {None}
# ISO 3166-1 alpha-3, with XKX for Kosovo.
COUNTRIES = frozenset(
    """ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR
    BHS BIH BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM
    CPV CRI CUB CUW CXR CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO
    FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN
    IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA
    LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ
    MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI
    PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP
    SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI
    URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM XKX YEM ZAF ZMB ZWE""".split()
) | {None}
DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def span(text: str, quote: str | dict[str, Any]) -> list[int]:
    """The offsets of a quote; ValueError unless it occurs once or names its occurrence."""
    wanted = quote if isinstance(quote, str) else quote["text"]
    starts = [m.start() for m in re.finditer(re.escape(wanted), text)]
    if isinstance(quote, str) and len(starts) != 1:
        raise ValueError(f"occurs {len(starts)} times: {wanted!r}")
    nth = 1 if isinstance(quote, str) else int(quote["occurrence"])
    if not 1 <= nth <= len(starts):
        raise ValueError(f"no occurrence {nth}: {wanted!r}")
    return [starts[nth - 1], starts[nth - 1] + len(wanted)]


def check_actor(actor: dict[str, Any]) -> None:
    """Raises ValueError for a nameless actor or an unknown country or sector."""
    if set(actor) != {"name", "country", "sector"} or not actor["name"]:
        raise ValueError(f"actor {actor}")
    if actor["country"] not in COUNTRIES or actor["sector"] not in SECTORS:
        raise ValueError(f"country or sector of {actor}")


def check_event(event: dict[str, Any]) -> None:
    """Raises ValueError where a field is outside the guidelines' values."""
    if event["type"] not in TYPES or event["status"] not in STATUSES or not event["actor"]:
        raise ValueError(f"type, status or actor of {event['id']}")
    for actor in [*event["actor"], *event["recipient"], *([event["said_by"]] if event["said_by"] else [])]:
        check_actor(actor)
    if event["date"] is not None and not DATE.fullmatch(event["date"]):
        raise ValueError(f"date {event['date']}")
    if event["place"] is not None and (
        not event["place"]["name"] or event["place"]["country"] not in COUNTRIES
    ):
        raise ValueError(f"place {event['place']}")
    for field in ("killed", "injured"):
        if event[field] is not None and not isinstance(event[field], int):
            raise ValueError(f"{field} {event[field]}")
    if not re.fullmatch(r"[a-z0-9-]+", event["incident"]):
        raise ValueError(f"incident {event['incident']}")


FIELDS = ("type", "actor", "recipient", "status", "said_by", "date", "place", "killed", "injured", "incident")


def convert(item: dict[str, Any], texts: Path) -> dict[str, Any]:
    """The offset form of one annotated article; ValueError naming all its faults."""
    text, digest = read_text(texts, item["doc"])
    events, faults = [], []
    if item["published"] is not None and not DATE.fullmatch(item["published"]):
        faults.append(f"{item['doc']}: published {item['published']}")
    for event in item["events"]:
        try:
            check_event(event)
            spans = [span(text, q) for q in [event["quote"], *event.get("also", [])]]
            events.append({"id": event["id"], "spans": spans, **{k: event[k] for k in FIELDS}})
        except (ValueError, KeyError) as fault:
            faults.append(f"{item['doc']} {event.get('id')}: {fault}")
    if len({e["id"] for e in item["events"]}) != len(item["events"]):
        faults.append(f"{item['doc']}: an id occurs twice")
    if faults:
        raise ValueError("\n".join(faults))
    return {"doc": item["doc"], "digest": digest, "published": item["published"], "events": events}


def main() -> int:
    """Converts every file of a folder; the exit status is 1 where one was refused."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--texts", type=Path, default=Path("../shared/data/newswire"))
    parser.add_argument("--in", dest="source", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    if not args.texts.is_dir():
        sys.exit(f"the newswire texts are not at {args.texts}")
    refused = count = 0
    for path in sorted(args.source.glob("*.json")):
        try:
            out = convert(json.loads(path.read_text(encoding="utf-8")), args.texts)
        except ValueError as fault:
            print(fault, file=sys.stderr)
            refused += 1
            continue
        count += len(out["events"])
        target = args.out / (Path(out["doc"]).stem + ".json")
        target.write_text(json.dumps(out, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{count} events; {refused} files refused")
    return int(refused > 0)


if __name__ == "__main__":
    sys.exit(main())
