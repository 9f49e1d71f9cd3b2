"""Fusing: one happening once, whatever the order; what persons judge stands; what is disputed is kept."""

import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import FuseError
from detente.fuse import FEATURES, cluster, explain, fuse_events, judge, merge, split, withdraw
from detente.fuse.blocks import WINDOW, candidate_pairs
from detente.fuse.fusing import Fused
from detente.fuse.score import shipped_weights
from detente.fuse.shelf import Shelf
from detente.fuse.sketch import sketch_event
from detente.packs import load_pack, shipped_packs
from detente.records import Document, Event, Incident
from tests.fuse.reports import DAY, RURITANIA, SYLDAVIA, actor, day_of, document, event, raid

Reports = list[tuple[Document, Event]]


def fuse(reports: Reports, links: tuple = ()) -> Fused:
    return fuse_events([e for _, e in reports], [d for d, _ in reports], None, links)


def home(fused: Fused, told: Event) -> Incident:
    return next(i for i in fused.incidents if told.id in i.events)


def three_raids() -> Reports:
    far = [raid("Gamma", known=40, when=day_of(40))]
    return [raid("Alpha", 3), raid("Beta", 3), *far]


def test_reports_of_one_raid_are_one_incident_and_another_raid_is_not() -> None:
    reports = three_raids()
    fused = fuse(reports)
    alpha, beta, gamma = (home(fused, e) for _, e in reports)
    assert alpha.id == beta.id
    assert gamma.id != alpha.id
    assert {v.name for v in alpha.voices} == {"Alpha Post", "Beta Post"}
    link = next(k for k in fused.links if k.event == reports[1][1].id and k.verdict == "same")
    assert link.reasons
    assert all(r.detail.endswith(".") for r in link.reasons)


def test_every_feature_explains_itself_and_has_a_weight() -> None:
    names = [feature.__name__ for feature in FEATURES]
    assert len(set(names)) == len(names) == len(shipped_weights().weights)
    assert all(explain(name).endswith(".") for name in names)


def test_words_for_a_country_are_one_word() -> None:
    pack = load_pack(shipped_packs())
    words = [
        set(sketch_event(event(d, d.text), d, pack).words)
        for d in (document("A", f"Gunmen stormed the {name} embassy.") for name in ("Azeri", "Azerbaijani", "Iranian"))
    ]
    assert words[0] == words[1] != words[2]


def test_a_sketch_comes_back_from_the_shelf_as_it_was() -> None:
    shelf = Shelf()
    odd = raid("Omega", 10**18, when=day_of(-600_000, 400))
    bare = document("Bare", "Ruritania met.")
    told = [*three_raids(), odd, (bare, event(bare, "Ruritania met", "CONSULT", targets=(), place=None))]
    sketches = [sketch_event(e, d) for d, e in told]
    for sketch in sketches:
        shelf.add(sketch)
    assert [shelf.open(at) for at in range(len(shelf))] == sketches
    assert list(shelf.open(0).story) == list(sketches[0].story)


def _varied(seed: int) -> Reports:
    chance = random.Random(seed)
    return [
        raid(f"{'ABCDEFGH'[n]}x{chance.randrange(3)}", chance.choice([None, 2, 3, 30]), known=chance.randrange(4),
             when=day_of(chance.choice([0, 0, 0, 1, 3, 9, 400]), chance.choice([0.99, 0.99, 30, 360])))
        for n in range(chance.randrange(2, 8))
    ]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_any_order_of_the_documents_gives_the_same_records(seed: int, chance: random.Random) -> None:
    reports = _varied(seed)
    shuffled = reports[:]
    chance.shuffle(shuffled)
    assert fuse(reports) == fuse(shuffled)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda p: p[0] < p[1]),
                    st.floats(-5, 5), max_size=25),
    st.randoms(use_true_random=False),
)  # fmt: skip
def test_clusters_do_not_depend_on_order_and_keep_judgements(
    weights: dict[tuple[int, int], float], chance: random.Random
) -> None:
    evidence = {(f"e{a}", f"e{b}"): w for (a, b), w in weights.items()}
    ids = [f"e{n}" for n in range(9)]
    together, apart = [("e0", "e5")], [("e1", "e2")]
    first = cluster(ids, evidence, together, apart)
    items = list(evidence.items())
    chance.shuffle(items)
    chance.shuffle(ids)
    assert cluster(ids, dict(items), together, apart) == first
    where = {id: k for k, group in enumerate(first) for id in group}
    assert where["e0"] == where["e5"]
    assert where["e1"] != where["e2"]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_an_undone_judgement_leaves_no_trace_in_the_result(seed: int) -> None:
    reports = _varied(seed)
    documents = {d.id: d for d, _ in reports}
    before = fuse(reports)
    first, last = reports[0][1], reports[-1][1]
    if home(before, first).id == home(before, last).id:
        rest = [e for _, e in reports if e.id in home(before, first).events]
        made = split(last, rest, documents, by="Ana", why="elsewhere", at=DAY)
    else:
        made = merge([first], [last], documents, by="Ana", why="one raid", at=DAY)
    judged = fuse(reports, made)
    assert (home(judged, first).id == home(judged, last).id) != (
        home(before, first).id == home(before, last).id
    )
    undone = tuple(withdraw(link, DAY + timedelta(days=1)) for link in made)
    assert fuse(reports, undone) == before
    assert all(link.withdrawn_at and link.by == "Ana" and link.why for link in undone)


def test_a_judgement_is_found_again_when_the_page_was_read_anew() -> None:
    reports = three_raids()
    documents = {d.id: d for d, _ in reports}
    made = split(reports[1][1], [e for _, e in reports[:2]], documents, by="Ana", why="two raids", at=DAY)
    anew = []
    for told, old in reports:
        again = document(told.outlet.split()[0], "Updated. " + told.text, (told.known_at - DAY).days - 1)
        start, end = old.quote.start, old.quote.end
        anew.append((again, event(again, told.text[start:end], when=old.when, trigger="shelled")))
    fused = fuse(anew, made)
    assert home(fused, anew[0][1]).id != home(fused, anew[1][1]).id


def test_a_judgement_about_an_event_that_is_gone_is_told_and_changes_nothing() -> None:
    reports = three_raids()
    documents = {d.id: d for d, _ in reports}
    made = merge([reports[0][1]], [reports[2][1]], documents, by="Ana", why="one raid", at=DAY)
    fused = fuse(reports[:2], made)
    assert fused.lost == made
    assert fused.incidents == fuse(reports[:2]).incidents


def test_a_correction_holds_and_says_who_and_why() -> None:
    reports = three_raids()
    documents = {d.id: d for d, _ in reports}
    made = judge(
        reports[0][1],
        None,
        "same",
        documents,
        by="Ana",
        why="hospital list",
        at=DAY,
        field="killed",
        value="4-6",
    )
    incident = home(fuse(reports, (made,)), reports[1][1])
    assert incident.killed is not None
    assert (incident.killed.low, incident.killed.high) == (4, 6)
    assert "Ana" in incident.why[-1]
    assert "hospital list" in incident.why[-1]
    with pytest.raises(FuseError, match="cannot be the killed"):
        judge(reports[0][1], None, "same", documents, by="Ana", why="", at=DAY, field="killed", value="many")
    with pytest.raises(FuseError, match="name of a person"):
        judge(reports[0][1], None, "same", documents, by=" ", why="", at=DAY, field="killed", value="4")


def test_numbers_that_do_not_meet_are_kept_as_a_contradiction_and_a_range() -> None:
    reports = [raid("Alpha", 3), raid("Beta", 30)]
    documents = {d.id: d for d, _ in reports}
    joined = merge([reports[0][1]], [reports[1][1]], documents, by="Ana", why="", at=DAY)
    incident = home(fuse(reports, joined), reports[0][1])
    assert incident.killed is not None
    assert (incident.killed.low, incident.killed.high) == (3, 30)
    dispute = next(c for c in incident.contradictions if c.field == "killed")
    assert {c.value for c in dispute.claims} == {"3", "30"}
    assert {c.asserted_by for c in dispute.claims} == {"Alpha Post", "Beta Post"}


def test_times_that_contradict_by_years_are_a_dispute_not_an_average() -> None:
    reports = [raid("Alpha"), raid("Beta", when=day_of(-800))]
    documents = {d.id: d for d, _ in reports}
    assert len(fuse(reports).incidents) == 2  # the machine never puts them together
    joined = merge([reports[0][1]], [reports[1][1]], documents, by="Ana", why="one raid, misdated", at=DAY)
    incident = home(fuse(reports, joined), reports[0][1])
    assert incident.when in (reports[0][1].when, reports[1][1].when)
    assert "when" in {c.field for c in incident.contradictions}


def test_motives_are_disputed_in_both_sides_words() -> None:
    deed = "a gunman attacked the Syldavian embassy in Port Zenda and shot a guard"
    text = (
        f"On Monday {deed}. Following the terror attack, police chief Rupert Hentzau pointed to a personal motive. "
        "Michael Elphberg denied that the attack on the embassy was terrorism."
    )
    told = document("Alpha", text)
    gunman, guard = actor("unnamed gunman", "RUR", "CIV"), actor("Embassy of Syldavia", "SYL")
    events = [
        event(told, deed, doers=(gunman,), targets=(guard,), trigger="attacked"),
        event(told, "Rupert Hentzau pointed to a personal motive", "ACCUSE", (actor("Rupert Hentzau", "RUR", "POL"),), (gunman,)),
        event(told, "Michael Elphberg denied that the attack on the embassy was terrorism", "REJECT",
              (actor("Michael Elphberg", "RUR"),), ()),
    ]  # fmt: skip
    fused = fuse_events(events, [told])
    attack = home(fused, events[0])
    assert attack.events == (events[0].id,)
    assert {i.type for i in fused.incidents if attack.id in i.about} == {"ACCUSE", "REJECT"}
    dispute = next(c for c in attack.contradictions if c.field == "motive")
    told_by = {(c.asserted_by, c.value, c.stance) for c in dispute.claims}
    assert {("Rupert Hentzau", "personal", "asserts"), ("Alpha Post", "terrorism", "asserts"),
            ("Michael Elphberg", "terrorism", "denies")} <= told_by  # fmt: skip
    assert all(text[c.span.start : c.span.end] for c in dispute.claims)


def test_copies_and_one_ministry_are_one_voice_and_a_party_is_marked() -> None:
    first = raid("Alpha")
    copies = [document(f"Copy{n}", first[0].text, copy_of="Alpha", outlet="Alpha Post") for n in range(3)]
    reports = [first, *((d, event(d, first[0].text[:60], trigger="shelled")) for d in copies)]
    ministry = actor("Foreign Ministry of Syldavia", "SYL")
    for name in ("Delta", "Epsilon"):
        told, _ = raid(name)
        reports.append((told, event(told, told.text[:60], by=ministry, trigger="shelled")))
    incident = home(fuse(reports), first[1])
    assert len(incident.events) == 6
    voices = {v.name: v.party for v in incident.voices}
    assert voices == {"Alpha Post": False, "SYL": True}


def test_status_history_tells_how_it_became_known() -> None:
    plan, _ = raid("Alpha", known=0)
    planned = event(plan, plan.text[:60], status="planned", trigger="shelled")
    done = raid("Beta", known=1)
    denied, _ = raid("Gamma", known=2)
    denial = event(denied, denied.text[:60], status="denied", by=RURITANIA, trigger="shelled")
    documents = {d.id: d for d in (plan, done[0], denied)}
    links = merge([planned], [done[1], denial], documents, by="Ana", why="", at=DAY)
    incident = home(fuse_events([planned, done[1], denial], documents.values(), None, links), planned)
    assert [step.status for step in incident.status_history] == ["planned", "happened", "denied"]
    assert incident.status == "happened"
    assert "status" in {c.field for c in incident.contradictions}


def test_thousands_of_reports_of_one_raid_are_one_incident() -> None:
    reports = [raid(f"Outlet{n}", 3) for n in range(3000)]
    fused = fuse(reports)
    assert len(fused.incidents) == 1
    assert len(fused.incidents[0].voices) == 3000
    assert len(fused.links) == 3000
    assert {link.verdict for link in fused.links} == {"same"}


def test_one_of_ten_thousand_reports_is_compared_with_no_more_than_one_of_a_few() -> None:
    compared = {}
    for size in (200, 10_000):
        told = [sketch_event(e, d) for d, e in (raid(f"Outlet{n}", 3) for n in range(size))]
        compared[size] = sum(1 for _ in candidate_pairs(told)) / size
    assert compared[10_000] < 1.2 * compared[200]
    assert compared[10_000] < 2 * WINDOW * 12


def test_who_speaks_apart_stays_apart() -> None:
    told = document(
        "Alpha", "Ruritania accused Syldavia of smuggling. Borduria accused Syldavia of smuggling."
    )
    pair = [
        event(told, "Ruritania accused Syldavia of smuggling", "ACCUSE", place=None),
        event(
            told,
            "Borduria accused Syldavia of smuggling",
            "ACCUSE",
            (actor("Borduria", "BOR"),),
            (SYLDAVIA,),
            place=None,
        ),
    ]
    assert len(fuse_events(pair, [told]).incidents) == 2
