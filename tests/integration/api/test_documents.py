"""Documents by REST: who may have which, and as what they come."""

from tests.integration.api.house import House
from tests.integration.api.stories import booked, done, draft, published

KINDS = ("proposal", "voucher", "itinerary", "invoice", "rooming_list")


async def test_a_client_has_the_proposal_of_what_is_for_sale(house: House) -> None:
    id_, _ = await booked(house, "plaza", "mirador")
    answer = await house.as_("client").get(f"/api/v1/quotations/{id_}/pdf?language=pt")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == 'inline; filename="proposal-pt.pdf"'
    assert answer.body.startswith(b"%PDF")
    again = await house.as_("client").get(
        f"/api/v1/quotations/{id_}/pdf?language=pt", if_none_match=answer.headers["etag"]
    )
    assert (again.status, again.body) == (304, b"")


async def test_a_preview_is_a_picture(house: House) -> None:
    id_, booking = await booked(house, "plaza")
    for path in (f"quotations/{id_}/documents/proposal", f"bookings/{booking}/documents/itinerary"):
        answer = await house.as_("ana").get(f"/api/v1/{path}?format=png&language=en")
        assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
        assert answer.body.startswith(b"\x89PNG")


async def test_the_view_decides_who_has_which(house: House) -> None:
    """[P1] What one may not have looks as if it did not exist; of what is not theirs nobody learns that it is there."""
    id_, booking = await booked(house, "plaza", "mirador")
    guests = [{"name": "Rosa"}]
    await done(await house.as_("client").post(f"/api/v1/bookings/{booking}/rooming", {"guests": guests}))
    had = {
        who: {kind for kind in KINDS if (await _asked(house, who, booking, kind)) == 200}
        for who in ("admin", "ana", "client", "plaza")
    }
    whole = {"proposal", "itinerary", "invoice", "rooming_list"}
    assert had == {"admin": whole, "ana": whole, "client": whole, "plaza": {"rooming_list"}}
    listed = await done(await house.as_("plaza").get(f"/api/v1/quotations/{id_}/documents"))
    assert listed == {"items": [{"kind": "rooming_list"}], "next": None}
    for stranger in ("carla", "mirador", "guide"):
        answer = await house.as_(stranger).get(f"/api/v1/bookings/{booking}/documents/voucher")
        assert (answer.status, answer.json["code"]) == (404, "booking.not_found")
    for path in (f"bookings/{booking}/documents/diary", f"bookings/{booking}/documents/invoice"):
        answer = await house.as_("plaza").get(f"/api/v1/{path}")
        assert (answer.status, answer.json["code"]) == (404, "document.not_found")


async def test_before_an_award_there_is_nothing(house: House) -> None:
    for id_ in (await draft(house), await published(house, "plaza")):
        answer = await house.as_("ana").get(f"/api/v1/quotations/{id_}/pdf")
        assert (answer.status, answer.json["code"]) == (404, "document.not_found")


async def test_another_language_is_refused(house: House) -> None:
    """[S2]"""
    id_, _ = await booked(house, "plaza")
    answer = await house.as_("ana").get(f"/api/v1/quotations/{id_}/pdf?language=de")
    assert (answer.status, answer.json["code"]) == (400, "command.invalid")


async def test_reading_a_document_is_audited(house: House) -> None:
    """[S1.3]"""
    id_, booking = await booked(house, "plaza")
    await house.as_("client").get(f"/api/v1/bookings/{booking}/documents/invoice?language=en")
    rows = (await done(await house.as_("admin").get(f"/api/v1/quotations/{id_}/audit")))["items"]
    read = [row for row in rows if row["action"] == "document.read"]
    assert [(row["user_id"], row["detail"]) for row in read] == [("client", {"kind": "invoice", "language": "en"})]


async def _asked(house: House, who: str, booking: str, kind: str) -> int:
    return (await house.as_(who).get(f"/api/v1/bookings/{booking}/documents/{kind}")).status
