"""The starter index: whole, short enough to read aloud, and careful."""

import json
from pathlib import Path

import pytest

from varde.content import STARTER_INDEX_FILE, starter_index_text
from varde.domain.hastegrad import PHONE
from varde.engines.triage.index import ApprovalStatus
from varde.engines.triage.judging import judge
from varde.engines.triage.loading import load


INDEX = load(starter_index_text(), filename=STARTER_INDEX_FILE)
ICPC2_FILE = (
    Path(__file__)
    .parents[4]
    .joinpath("node_modules", "@navikt", "diagnosekoder", "lib", "ICPC2.json")
)
READ_IN_SECONDS = (
    120  # characters: two lines on the screen, some six seconds read aloud
)
each_complaint = pytest.mark.parametrize(
    "complaint", INDEX.complaints, ids=lambda complaint: complaint.id
)

# What a legevaktsentral is rung about; one complaint at least for each.
NEEDED_TEXT = """
    bevisstloshet brystsmerter hjertebank pustevansker pustevansker_barn hjerneslag
    kramper allergisk_reaksjon hodepine hodeskade svimmelhet feber_voksne feber_barn
    sykt_spedbarn sar_hals hoste_forkjolelse oreverk oyeplager magesmerter oppkast_diare
    blodning_mage_tarm urinveisplager flankesmerter gravid barsel_amming underlivsplager
    pungsmerter ryggsmerter armskade beinskade sar_kutt brannskade bitt_stikk utslett
    utslett_barn forgiftning rus psykisk_krise vold_overgrep diabetes legg_blodpropp
    neseblodning fremmedlegeme legemidler tannverk fall_eldre slapphet forvirring ulykke
    kulde_varme smitteuhell lindring_dodsfall
"""
NEEDED = NEEDED_TEXT.split()


def test_it_says_that_it_is_not_clinically_approved():
    assert INDEX.approval.status is ApprovalStatus.NOT_APPROVED
    assert "Ikke klinisk godkjent" in INDEX.approval.note
    assert "IKKE KLINISK GODKJENT" in starter_index_text()[:400]


def test_it_has_the_complaints_that_a_sentral_is_rung_about():
    assert [complaint.id for complaint in INDEX.complaints] == NEEDED


def test_its_scale_is_the_phone_scale_of_the_domain():
    assert tuple(level.code for level in INDEX.scale) == PHONE.codes
    assert [level.code for level in INDEX.scale if level.needs_call_again] == [
        "vanlig",
        "rad",
    ]


@each_complaint
def test_a_complaint_has_red_flags_questions_and_criteria_as_one_can_use(complaint):
    assert 3 <= len(complaint.red_flags) <= 8
    assert 4 <= len(complaint.questions) <= 8
    for hastegrad in complaint.hastegrader:
        assert 1 <= len(complaint.criteria_of(hastegrad)) <= 12
    assert {"akutt", "haster", "vanlig"} <= set(complaint.hastegrader)


def test_all_but_the_unconscious_may_end_in_advice_alone():
    without = {c.id for c in INDEX.complaints if "rad" not in c.hastegrader}
    assert without == {"bevisstloshet"}


@each_complaint
def test_a_complaint_has_advice_for_every_hastegrad_and_when_to_call_again(complaint):
    for hastegrad in complaint.hastegrader:
        advice = complaint.advice_for(hastegrad)
        assert advice.do
        assert advice.call_again_if or hastegrad == "akutt"


@each_complaint
def test_akutt_calls_for_113_and_every_advice_tells_of_the_way_back(complaint):
    urgent = " ".join(complaint.advice_for("akutt").do)
    assert "113" in urgent
    assert complaint.ask_at_end[-len(INDEX.ask_at_end) :] == INDEX.ask_at_end


@each_complaint
def test_texts_are_read_in_seconds(complaint):
    texts = [item.text for item in (*complaint.all_criteria, *complaint.questions)]
    for advice in complaint.advice:
        texts += [*advice.do, *advice.call_again_if]
    texts += complaint.ask_at_end
    assert not [text for text in texts if len(text) > READ_IN_SECONDS]


@each_complaint
def test_a_complaint_is_found_in_both_languages_and_tells_its_source(complaint):
    assert len(complaint.words) >= 5
    assert len(complaint.words_nn) >= 5
    assert complaint.icpc2
    assert "ikke klinisk godkjent" in complaint.source


@each_complaint
def test_any_red_flag_is_akutt_whatever_else_is_chosen(complaint):
    mildest = complaint.criteria_of(complaint.hastegrader[-1])[-1]
    for flag in complaint.red_flags:
        judgement = judge(complaint, [mildest.id, flag.id])
        assert judgement.hastegrad_code == "akutt"
        assert judgement.decided_by == (flag,)


@pytest.mark.parametrize(
    ("complaint", "said"),
    [
        ("brystsmerter", "mer enn 5 minutter"),
        ("hjerneslag", "skjev i ansiktet"),
        ("pustevansker", "hele setninger"),
        ("feber_barn", "Under 3 måneder og 38 grader"),
        ("sykt_spedbarn", "Under 3 måneder og 38 grader"),
        ("feber_voksne", "ikke blekner ved trykk"),
        ("utslett_barn", "ikke blekner ved trykk"),
        ("hodepine", "på topp innen ett minutt"),
        ("pungsmerter", "Plutselig smerte i pungen"),
        ("ryggsmerter", "Nummen i skrittet"),
        ("gravid", "Kraftig hodepine, synsforstyrrelser"),
        ("fremmedlegeme", "Knappcellebatteri"),
        ("psykisk_krise", "Konkret plan"),
        ("vold_overgrep", "Kvelertak"),
        ("diabetes", "Blodketoner 3 eller mer"),
        ("legg_blodpropp", "tung pust"),
    ],
)
def test_what_must_never_be_missed_is_a_red_flag(complaint, said):
    flags = INDEX.complaint(complaint).red_flags
    assert [flag.text for flag in flags if said in flag.text]


@pytest.mark.skipif(
    not ICPC2_FILE.exists(),
    reason="ICPC-2 is not installed: run make setup, which fetches @navikt/diagnosekoder",
)
def test_the_codes_it_suggests_are_in_icpc2():
    rows = json.loads(ICPC2_FILE.read_text("utf-8"))
    suggested = {code for complaint in INDEX.complaints for code in complaint.icpc2}
    assert suggested - {row["code"] for row in rows} == set()
