"""The point of the project in five windows: two agents, two hotels and the client, from draft to booking."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser, expect

from tests.e2e.windows import Window, enter
from tests.support.platform import Platform

PEOPLE = ("ana@andes.demo", "bruno@andes.demo", "plaza@hotel.demo", "mirador@hotel.demo", "client@andes.demo")
TITLE = "Inti Raymi, choir of Arequipa"
NIGHTS, ROOMS = 4, 10


@dataclass(frozen=True)
class Hotel:
    """A hotel's part in the story. Its numbers are such that nothing else on any page is equal to them."""

    names: tuple[str, ...]
    rate: str
    commission: str
    note: str
    net: tuple[str, ...]
    """Amounts of its net rates and what they come to, of all its offers."""
    agency: tuple[str, ...]
    """The same as the agency pays them, with the platform's margin of 8% of the price."""
    selling: tuple[str, ...]
    """What the client would pay, with the agency's markup."""


PLAZA = Hotel(
    names=("Plaza Mayor", "Marta Paredes"),
    rate="101.37",
    commission="6.35",
    note="call Marta before noon",
    net=("101.37", "4054.80", "93.53", "3741.20"),
    agency=("110.18", "4407.20", "101.66", "4066.40"),
    selling=("4958.10", "4574.70"),
)
MIRADOR = Hotel(
    names=("Mirador", "Condori"),
    rate="97.41",
    commission="7.85",
    note="Julio knows the choir",
    net=("97.41", "3896.40"),
    agency=("105.88", "4235.20"),
    selling=("4764.60",),
)
REVISED = "93.53"
PRICE = "4,574.70"


@dataclass(frozen=True)
class Cast:
    ana: Window
    bruno: Window
    plaza: Window
    mirador: Window
    client: Window

    @property
    def agents(self) -> tuple[Window, Window]:
        return self.ana, self.bruno


def test_from_draft_to_booking(browser: Browser, platform: Platform) -> None:
    """[P2] [D1] Everybody watches the same quotation live, and is sent nothing of what is not theirs."""
    cast = Cast(*enter(browser, platform.url, *PEOPLE))
    quotation = _create(cast)
    _edit_together(cast)
    _settle_a_conflict(cast)
    _publish(cast, quotation)
    _offer(cast)
    _revise(cast)
    _award(cast)
    _open_the_proposal(cast)
    _accept(cast)
    _confirm(cast)
    _nobody_was_sent_what_is_not_theirs(cast)


def _create(cast: Cast) -> str:
    """Ana makes the quotation; Bruno finds it, with her in it, in his list without asking, and opens it."""
    ana, bruno = cast.agents
    check_in = datetime.now(UTC).date() + timedelta(days=120)
    ana("new-quotation").click()
    ana("new-title").fill(TITLE)
    ana("new-destination").fill("Cusco")
    ana("new-check_in").fill(check_in.isoformat())
    ana("new-check_out").fill((check_in + timedelta(days=NIGHTS)).isoformat())
    ana("new-adults").fill("20")
    ana("create").click()
    _in_state(ana, "draft")
    row = bruno("quotation-row").filter(has_text=TITLE)
    expect(row.get_by_test_id("people-here").get_by_label("Ana Quispe")).to_be_visible()
    row.get_by_role("link").click()
    expect(bruno("field-title")).to_have_value(TITLE)
    return str(ana("quotation").get_attribute("data-id"))


def _edit_together(cast: Cast) -> None:
    """Each sees who is there and in which field, and both changes stand."""
    ana, bruno = cast.agents
    expect(ana("people")).to_contain_text("Bruno Salas")
    expect(bruno("people")).to_contain_text("Ana Quispe")
    ana("field-rooms.twin").focus()
    bruno("field-markup_percent").focus()
    expect(bruno.page.locator("[data-focused-by='Ana Quispe']").get_by_test_id("field-rooms.twin")).to_be_visible()
    expect(ana.page.locator("[data-focused-by='Bruno Salas']").get_by_test_id("field-markup_percent")).to_be_visible()
    ana("field-rooms.twin").fill(str(ROOMS))
    bruno("field-markup_percent").fill("12.5")
    ana("field-rooms.twin").press("Enter")
    bruno("field-markup_percent").press("Enter")
    for agent in cast.agents:
        expect(agent("field-rooms.twin")).to_have_value(str(ROOMS))
        expect(agent("field-markup_percent")).to_have_value("12.5")
    ana("field-client_id").select_option(label="Colegio San Martín")
    expect(bruno("field-client_id").locator("option:checked")).to_have_text("Colegio San Martín")
    expect(cast.client("trip-row").filter(has_text=TITLE)).to_be_visible()


def _settle_a_conflict(cast: Cast) -> None:
    """The same field at once: the second is shown both values and chooses; nothing is lost."""
    ana, bruno = cast.agents
    ana("field-destination").fill("Cusco and the Sacred Valley")
    bruno("field-destination").fill("Cusco, three days")
    ana("field-destination").press("Enter")
    bruno("field-destination").press("Enter")
    card = bruno("conflict-card")
    expect(card.get_by_test_id("conflict-theirs")).to_have_text("Cusco and the Sacred Valley")
    expect(card.get_by_test_id("conflict-mine")).to_have_text("Cusco, three days")
    expect(card).to_contain_text("Ana Quispe")
    expect(ana("field-destination")).to_have_value("Cusco and the Sacred Valley")
    card.get_by_test_id("conflict-keep").click()
    expect(card).to_have_count(0)
    for agent in cast.agents:
        expect(agent("field-destination")).to_have_value("Cusco, three days")


def _publish(cast: Cast, quotation: str) -> None:
    """Two hotels are asked; their lists show it at once."""
    ana, bruno = cast.agents
    ana("publish").click()
    ana("hotel-plaza").check()
    ana("hotel-mirador").check()
    ana("confirm").click()
    _in_state(bruno, "published")
    for hotel in (cast.plaza, cast.mirador):
        row = hotel.page.locator(f"[data-testid=invitation-row][data-id='{quotation}']")
        expect(row).to_contain_text(TITLE)
        row.click()
        expect(hotel("asked")).to_contain_text("Cusco, three days")
        expect(hotel("invitation-state")).to_have_attribute("data-state", "open")
    for hotel in ("Plaza Mayor", "Mirador"):
        expect(bruno("people")).to_contain_text(hotel)
    trip = cast.client("trip-row").filter(has_text=TITLE)
    expect(trip.get_by_test_id("trip-state")).to_have_attribute("data-state", "published")
    trip.click()
    expect(cast.client("trip").get_by_test_id("trip-state")).to_have_attribute("data-state", "published")


def _offer(cast: Cast) -> None:
    """Both hotels answer at the same moment; the comparison fills in for both agents, the best first."""
    for hotel, part in ((cast.plaza, PLAZA), (cast.mirador, MIRADOR)):
        hotel("rate-twin").fill(part.rate)
        hotel("offer-commission_percent").fill(part.commission)
        hotel("offer-internal_notes").fill(part.note)
    expect(cast.plaza("live-total")).to_contain_text("4,054.80")
    cast.plaza("submit-offer").click()
    cast.mirador("submit-offer").click()
    for hotel in (cast.plaza, cast.mirador):
        expect(hotel("offer-state")).to_have_attribute("data-state", "submitted")
    for agent in cast.agents:
        expect(agent("offer-column")).to_have_count(2)
        expect(agent("offer-column").nth(0)).to_contain_text("Mirador")
        expect(agent("offers-grid")).to_contain_text("110.18")


def _revise(cast: Cast) -> None:
    """The dearer hotel goes lower, and leads."""
    cast.plaza("rate-twin").fill(REVISED)
    cast.plaza("submit-offer").click()
    expect(cast.plaza("offer-state")).to_have_attribute("data-state", "revised")
    for agent in cast.agents:
        expect(agent("offer-column").nth(0)).to_contain_text("Plaza Mayor")


def _award(cast: Cast) -> None:
    """Bruno awards; each hotel hears its own result only."""
    cast.bruno("award-plaza").click()
    cast.bruno("confirm").click()
    for agent in cast.agents:
        _in_state(agent, "awarded")
    expect(cast.plaza("result")).to_have_attribute("data-state", "selected")
    expect(cast.mirador("result")).to_have_attribute("data-state", "not_selected")


def _open_the_proposal(cast: Cast) -> None:
    """It is there to open, with a picture of it, as soon as it is for sale; not for the hotels."""
    for window in (cast.client, *cast.agents):
        expect(window("document-proposal").locator("img")).to_be_visible()
    with cast.client.page.expect_response(lambda answer: "format=pdf" in answer.url) as got:
        cast.client("document-proposal").click()
    assert (got.value.status, got.value.headers["content-type"]) == (200, "application/pdf")
    for hotel in (cast.plaza, cast.mirador):
        expect(hotel("documents")).to_have_count(0)


def _accept(cast: Cast) -> None:
    """The client, who has had the trip open all the time, sees the price and accepts it."""
    client = cast.client
    expect(client("proposal")).to_contain_text("Plaza Mayor")
    expect(client("selling-total")).to_contain_text(PRICE)
    client("trip-accept").click()
    client("confirm").click()
    expect(client("booking-step-hotels")).to_have_attribute("data-state", "running")
    for agent in cast.agents:
        _in_state(agent, "accepted")


def _confirm(cast: Cast) -> None:
    """The hotel holds the rooms; the client's page fills in without being asked."""
    cast.plaza("confirm-line").click()
    expect(cast.plaza("booking-line")).to_have_attribute("data-state", "confirmed")
    expect(cast.client("booking-step-hotels")).to_have_attribute("data-state", "done")
    expect(cast.client("trip").get_by_test_id("trip-state")).to_have_attribute("data-state", "confirmed")
    expect(cast.client("hotel-line")).to_have_count(0)
    for agent in cast.agents:
        _in_state(agent, "confirmed")
        expect(agent("step-confirmation")).to_have_attribute("data-state", "done")
        expect(agent("hotel-line")).to_have_attribute("data-state", "confirmed")


def _nobody_was_sent_what_is_not_theirs(cast: Cast) -> None:
    net = (*PLAZA.net, *MIRADOR.net, PLAZA.commission, MIRADOR.commission, PLAZA.note, MIRADOR.note)
    agency = (*PLAZA.agency, *MIRADOR.agency)
    selling = (*PLAZA.selling, *MIRADOR.selling)
    for agent in cast.agents:
        _none_of([*net, *_keys("net_rate", "commission_percent", "margin_percent")], agent)
        assert _found(agency, agent) == set(agency), "what is theirs they were sent"
    for hotel, own, rival in ((cast.plaza, PLAZA, MIRADOR), (cast.mirador, MIRADOR, PLAZA)):
        disclosed = _keys("competitors", "totals", "rank", "version", "budget", "markup_percent", "agency_total")
        _none_of([*rival.names, *rival.net, rival.commission, rival.note, *agency, *selling, *disclosed], hotel)
        assert _found(own.net, hotel) == set(own.net)
    inner = _keys("invitations", "rank", "markup_percent", "net_rate", "agency_total")
    _none_of([*net, *agency, *MIRADOR.selling, PLAZA.selling[0], *inner], cast.client)


def _keys(*names: str) -> tuple[str, ...]:
    """As they stand in JSON."""
    return tuple(f'"{name}"' for name in names)


def _none_of(words: Iterable[str], window: Window) -> None:
    assert not _found(words, window)
    assert not window.errors


def _found(words: Iterable[str], window: Window) -> set[str]:
    """Those of the words that the window was sent or shows. Amounts stand without commas between thousands."""
    received = window.received().replace(",", "")
    return {word for word in words if re.search(rf"(?<![\d.]){re.escape(word)}(?!\d)", received)}


def _in_state(agent: Window, state: str) -> None:
    expect(agent("quotation").get_by_test_id("state")).to_have_attribute("data-state", state)
