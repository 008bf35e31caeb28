"""[D8] What is addressed to somebody in person comes into their inbox while they watch, in their language."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser, expect

from tests.e2e.rest import Rest
from tests.e2e.windows import enter
from tests.support.platform import Platform


def _published(ana: Rest, title: str, *, hours: int) -> str:
    """A quotation that asks the Sol for an offer in so many hours."""
    terms = {"title": title, "check_in": "2027-03-01", "check_out": "2027-03-05", "rooms": {"double": 10}, "adults": 20}
    quotation = str(ana.post("/quotations", terms)["quotation"]["id"])
    ana.post(f"/quotations/{quotation}/publish", {"hotel_ids": ["sol"], "deadline": _in(hours)})
    return quotation


def _in(hours: int) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


def test_a_near_deadline_is_told_in_each_language(browser: Browser, platform: Platform) -> None:
    """[D8.4]"""
    ana = Rest(platform.url, "ana@andes.demo")
    told = {"en-US": "The deadline is near", "es-PE": "El plazo está por vencer", "pt-BR": "O prazo está acabando"}
    windows = {locale: enter(browser, platform.url, "sol@hotel.demo", locale=locale)[0] for locale in told}
    quotation = _published(ana, "Three days in Ollantaytambo", hours=2)
    ana.post(f"/quotations/{quotation}/extend", {"deadline": _in(3), "reason": "an hour more"})
    for locale, window in windows.items():
        window("inbox").click()
        item = window("inbox-item").filter(has_text="Three days in Ollantaytambo").filter(has_text=told[locale])
        expect(item).to_be_visible()


def test_a_colleague_finds_a_mention(browser: Browser, platform: Platform) -> None:
    """[D8.5] It leads to the quotation, and is gone from the inbox then."""
    ana, bruno = enter(browser, platform.url, "ana@andes.demo", "bruno@andes.demo")
    quotation = _published(Rest(platform.url, "ana@andes.demo"), "A week in Arequipa", hours=100)
    ana.go(f"/quotations/{quotation}")
    ana("field-internal_notes").fill("@bruno, do they take vans?")
    ana("field-internal_notes").blur()
    bruno("inbox").click()
    item = bruno("inbox-item").filter(has_text="A week in Arequipa").filter(has_text="Somebody mentions you")
    item.click()
    expect(bruno("field-internal_notes")).to_have_value("@bruno, do they take vans?")
    bruno("inbox").click()
    expect(item).to_have_count(0)
