"""The network goes in the middle of the work: nothing typed is lost, nothing missed, nothing done twice."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.rest import Rest
from tests.e2e.windows import Window, enter
from tests.e2e.wire import Wire, wire_to
from tests.support.platform import Platform


@dataclass(frozen=True)
class Desk:
    """Ana, whose window is connected through the wire, and Bruno, with the same new quotation open."""

    ana: Window
    bruno: Window
    wire: Wire
    rest: Rest
    quotation: str = ""

    def versions(self) -> int:
        """How many versions the quotation has."""
        return len(self.rest.get(f"/quotations/{self.quotation}/versions")["items"])


@pytest.fixture(scope="module")
def agency(browser: Browser, platform: Platform) -> Iterator[Desk]:
    with wire_to(platform.url) as wire:
        (ana,) = enter(browser, wire.url, "ana@andes.demo")
        (bruno,) = enter(browser, platform.url, "bruno@andes.demo")
        yield Desk(ana, bruno, wire, Rest(platform.url, "bruno@andes.demo"))


@pytest.fixture
def desk(agency: Desk) -> Desk:
    made = agency.rest.post("/quotations", {"title": "Three days by train", "destination": "Cusco"})["quotation"]
    for window in (agency.ana, agency.bruno):
        window.page.get_by_role("navigation").get_by_role("link").first.click()
        window.page.locator(f"[data-testid=quotation-row][data-id='{made['id']}']").get_by_role("link").click()
        expect(window("field-destination")).to_have_value("Cusco")
    return replace(agency, quotation=made["id"])


def test_an_edit_goes_on_where_the_network_was_cut(desk: Desk) -> None:
    """[D2] [D3] What was typed stays, what was missed is replayed, and the edit is made."""
    ana, bruno = desk.ana, desk.bruno
    ana("field-destination").fill("Cusco and Pis")
    desk.wire.cut()
    expect(ana("connection")).to_have_attribute("data-state", "reconnecting")
    expect(ana("connection")).to_contain_text("Reconnecting")
    ana("field-destination").press_sequentially("ac")
    ana("field-destination").press("Enter")
    expect(ana("field-destination")).to_have_value("Cusco and Pisac")
    for field, value in (("adults", "24"), ("notes", "By train, window seats")):
        bruno(f"field-{field}").fill(value)
        bruno(f"field-{field}").press("Control+Enter")
    expect(bruno.page.locator("[data-pending]")).to_have_count(0)
    desk.wire.mend()
    expect(ana("connection")).to_contain_text("recovered")
    expect(ana("field-adults")).to_have_value("24")
    expect(ana("field-notes")).to_have_value("By train, window seats")
    for agent in (ana, bruno):
        expect(agent("field-destination")).to_have_value("Cusco and Pisac")
    expect(ana("conflict-card")).to_have_count(0)


def test_a_cut_edit_meets_another(desk: Desk) -> None:
    """What a colleague changed meanwhile in the same field is a conflict, shown with both values."""
    ana, bruno = desk.ana, desk.bruno
    ana("field-destination").fill("Cusco and Maras")
    desk.wire.cut()
    ana("field-destination").press("Enter")
    bruno("field-destination").fill("Lima first")
    bruno("field-destination").press("Enter")
    desk.wire.mend()
    card = ana("conflict-card")
    expect(card.get_by_test_id("conflict-theirs")).to_have_text("Lima first")
    expect(card.get_by_test_id("conflict-mine")).to_have_text("Cusco and Maras")
    card.get_by_test_id("conflict-take").click()
    expect(card).to_have_count(0)
    expect(ana("field-destination")).to_have_value("Lima first")


def test_an_edit_whose_answer_was_lost_is_made_once(desk: Desk) -> None:
    """[D5] It goes again under its key."""
    ana, bruno = desk.ana, desk.bruno
    before = desk.versions()
    desk.wire.deafen()
    ana("field-destination").fill("Cusco and Chinchero")
    ana("field-destination").press("Enter")
    expect(bruno("field-destination")).to_have_value("Cusco and Chinchero")
    desk.wire.cut()
    expect(ana("connection")).to_have_attribute("data-state", "reconnecting")
    desk.wire.mend()
    ana.live()
    expect(ana.page.locator("[data-pending]")).to_have_count(0)
    expect(ana("field-destination")).to_have_value("Cusco and Chinchero")
    expect(ana("conflict-card")).to_have_count(0)
    assert desk.versions() == before + 1


def test_a_reload_keeps_what_was_not_sent(desk: Desk) -> None:
    ana, bruno = desk.ana, desk.bruno
    ana("field-destination").fill("Cusco and Moray")
    ana.page.reload()
    expect(ana("field-destination")).to_have_value("Cusco and Moray")
    expect(bruno("field-destination")).to_have_value("Cusco")
    ana("field-destination").press("Enter")
    expect(bruno("field-destination")).to_have_value("Cusco and Moray")
