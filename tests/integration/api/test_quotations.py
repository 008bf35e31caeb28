"""A quotation's life by REST: the same use cases, views and refusals as live."""

import pytest

from tests.integration.api.house import House
from tests.integration.api.stories import TERMS, bid, booked, done, draft, offer, published


async def test_every_command_has_its_address(house: House) -> None:
    """Draft to booking, each step by its own POST."""
    ana, plaza, client, admin = (house.as_(name) for name in ("ana", "plaza", "client", "admin"))
    id_ = await draft(house)
    at = f"/api/v1/quotations/{id_}"
    edited = await ana.patch(at, {"base_version": 1, "changes": [{"field": "rooms.double", "value": 11}]})
    assert await done(edited) == {"version": 2}
    assert await done(await ana.post(f"{at}/restore", {"version": 1})) == {"version": 3}
    await done(await ana.post(f"{at}/publish", {"hotel_ids": ["plaza"]}))
    await done(await ana.post(f"{at}/invite", {"hotel_ids": ["mirador", "sol"]}))
    await done(await ana.post(f"{at}/uninvite", {"hotel_ids": ["sol"]}))
    await done(await ana.post(f"{at}/extend", {"deadline": "2027-01-10T12:00:00Z", "reason": "holidays"}))
    won = await bid(house, id_, "plaza", "100.00")
    await bid(house, id_, "mirador", "90.00")
    await done(await house.as_("mirador").post(f"{at}/offers/withdraw"))
    assert await done(await admin.post(f"{at}/grant", {"hotel_id": "mirador", "reason": "dispute"})) == {}
    assert await done(await admin.post(f"{at}/revoke", {"hotel_id": "mirador", "reason": "settled"})) == {}
    await done(await ana.post(f"{at}/close"))
    await done(await ana.post(f"{at}/award", {"offer_id": won}))
    await done(await client.post(f"{at}/reject", {"reason": "a day less?"}))
    await done(await ana.post(f"{at}/award", {"offer_id": won}))
    accepted = await done(await client.post(f"{at}/accept"))
    booking = accepted["quotation"]["booking"]["id"]
    await house.settle()
    lines = (await done(await plaza.get(f"/api/v1/bookings/{booking}")))["lines"]
    line = f"/api/v1/bookings/{booking}/lines/{next(iter(lines))}"
    assert (await done(await plaza.post(f"{line}/confirm")))["line"]["state"] == "confirmed"
    again = await plaza.post(f"{line}/decline", {"reason": "full"})
    assert again.status == 409
    guests = [{"name": "Rosa", "room_type": "double", "diet": "vegan"}]
    roomed = await done(await client.post(f"/api/v1/bookings/{booking}/rooming", {"guests": guests}))
    assert roomed["booking"]["rooming"] == guests
    cancelled = await done(await ana.post(f"/api/v1/bookings/{booking}/cancel", {"reason": "strike"}))
    assert cancelled["booking"]["status"] == "cancelled"


async def test_a_draft_can_be_cancelled(house: House) -> None:
    id_ = await draft(house)
    answer = await done(await house.as_("ana").post(f"/api/v1/quotations/{id_}/cancel", {"reason": "a test"}))
    assert answer["quotation"]["state"] == "cancelled"


async def test_the_same_key_has_one_effect_and_one_answer(house: House) -> None:
    """[D5]"""
    ana = house.as_("ana")
    first = await ana.post("/api/v1/quotations", TERMS, idempotency_key="once-and-only")
    second = await ana.post("/api/v1/quotations", TERMS, idempotency_key="once-and-only")
    assert (first.status, first.body) == (second.status, second.body)
    assert len((await ana.get("/api/v1/quotations")).json["items"]) == 1
    other = await ana.post("/api/v1/quotations", {"title": "Lisbon"}, idempotency_key="once-and-only")
    assert (other.status, other.json["code"]) == (400, "command.invalid")


async def test_without_a_key_each_request_is_its_own(house: House) -> None:
    ana = house.as_("ana")
    await ana.post("/api/v1/quotations", TERMS)
    await ana.post("/api/v1/quotations", TERMS)
    assert len((await ana.get("/api/v1/quotations")).json["items"]) == 2


async def test_a_conflict_tells_the_others_value(house: House) -> None:
    id_ = await draft(house)
    edit = {"base_version": 1, "changes": [{"field": "title", "value": "Ana's"}]}
    await done(await house.as_("ana").patch(f"/api/v1/quotations/{id_}", edit))
    edit["changes"] = [{"field": "title", "value": "Bruno's"}]
    answer = await house.as_("bruno").patch(f"/api/v1/quotations/{id_}", edit)
    assert (answer.status, answer.json["code"]) == (409, "quotation.conflict")
    assert answer.json["data"]["version"] == 2
    assert answer.json["data"]["fields"]["title"]["value"] == "Ana's"


async def test_everybody_sees_their_own_layer(house: House) -> None:
    """[P5] The single read, the list's item and the offers' list say the same."""
    id_, _ = await booked(house, "plaza", "mirador")
    for name in ("admin", "ana", "plaza", "mirador", "client"):
        client = house.as_(name)
        view = (await client.get(f"/api/v1/quotations/{id_}")).json
        [item] = (await client.get("/api/v1/quotations")).json["items"]
        assert {key: value for key, value in item.items() if key != "children"} == view
        offers = (await client.get(f"/api/v1/quotations/{id_}/offers")).json["items"]
        assert offers == [one for _, one in sorted(view["offers"].items())]
    hotels = {name: (await house.as_(name).get(f"/api/v1/quotations/{id_}")).body for name in ("plaza", "mirador")}
    assert b"irador" not in hotels["plaza"]
    assert b"laza" not in hotels["mirador"]
    assert b"net_rate" not in (await house.as_("ana").get(f"/api/v1/quotations/{id_}")).body
    assert b"floor" not in (await house.as_("ana").get(f"/api/v1/quotations/{id_}")).body


@pytest.mark.parametrize("name", ["carla", "mirador", "client", "guide"])
async def test_what_one_may_not_see_is_not_there(house: House, name: str) -> None:
    """[P2] Byte for byte as for an id that nobody has, by every address."""
    id_ = await published(house, "plaza", client_id=None)
    client = house.as_(name)
    for method, path, body in (
        ("GET", "quotations/{}", None),
        ("GET", "quotations/{}/offers", None),
        ("GET", "quotations/{}/versions", None),
        ("GET", "quotations/{}/audit", None),
        ("GET", "bookings/{}", None),
        ("POST", "quotations/{}/close", {}),
        ("POST", "quotations/{}/accept", {}),
        ("POST", "quotations/{}/offers", offer("1.00")),
        ("POST", "quotations/{}/award", {"offer_id": "x"}),
        ("PATCH", "quotations/{}", {"base_version": 1, "changes": [{"field": "title", "value": "x"}]}),
        ("POST", "bookings/{}/cancel", {"reason": "x"}),
    ):
        theirs, nobodys = [
            await client.request(method, f"/api/v1/{path.format(one)}", json=body) for one in (id_, "0" * 36)
        ]
        assert theirs.status in (403, 404)
        assert (theirs.status, theirs.headers, theirs.body) == (nobodys.status, nobodys.headers, nobodys.body)


async def test_lists_come_in_pages_that_meet(house: House) -> None:
    ids = [await draft(house, title=f"Trip {n}") for n in range(5)]
    ana, seen, cursor = house.as_("ana"), [], ""
    while True:
        answer = (await ana.get(f"/api/v1/quotations?limit=2{cursor}")).json
        seen += [item["id"] for item in answer["items"]]
        if answer["next"] is None:
            break
        cursor = f"&next={answer['next']}"
    assert sorted(seen) == sorted(ids)
    assert len(seen) == len(set(seen))
    assert seen == sorted(seen, reverse=True)


async def test_versions_tell_who_changed_what(house: House) -> None:
    id_ = await draft(house)
    for base, title in ((1, "Two"), (2, "Three")):
        edit = {"base_version": base, "changes": [{"field": "title", "value": title}]}
        await done(await house.as_("bruno").patch(f"/api/v1/quotations/{id_}", edit))
    first = (await house.as_("ana").get(f"/api/v1/quotations/{id_}/versions?limit=2")).json
    newest, before = first["items"]
    assert newest["changes"] == [{"field": "title", "old": "Two", "new": "Three"}]
    assert newest["by"] == {"kind": "agent", "id": "bruno", "name": "Bruno"}
    assert (newest["terms"]["title"], before["terms"]["title"]) == ("Three", "Two")
    rest = (await house.as_("ana").get(f"/api/v1/quotations/{id_}/versions?limit=2&next={first['next']}")).json
    assert [one["version"] for one in rest["items"]] == [1]
    assert rest["next"] is None


async def test_an_etag_is_of_the_viewers_own_bytes(house: House) -> None:
    """[P4] It stands still for a hotel while its rivals move, and for nobody else's view."""
    id_ = await published(house, "plaza", "mirador")
    plaza, ana, address = house.as_("plaza"), house.as_("ana"), f"/api/v1/quotations/{id_}"
    before, agencys = await plaza.get(address), await ana.get(address)
    assert before.headers["cache-control"] == "private, no-cache"
    assert before.headers["etag"] != agencys.headers["etag"]
    await bid(house, id_, "mirador", "100.00")
    unchanged = await plaza.get(address, if_none_match=f'"other", W/{before.headers["etag"]}')
    assert (unchanged.status, unchanged.body) == (304, b"")
    assert unchanged.headers["etag"] == before.headers["etag"]
    changed = await ana.get(address, if_none_match=agencys.headers["etag"])
    assert changed.status == 200
    assert changed.headers["etag"] != agencys.headers["etag"]


async def test_announcements_are_for_everybody(house: House) -> None:
    told = {"title": "Strike in Cusco", "body": "Trains stand still on Monday."}
    made = await house.as_("admin").post("/api/v1/announcements", told)
    assert made.status == 201
    answer = await house.client.get("/api/v1/announcements")
    assert answer.json["items"] == [made.json["announcement"]]
    assert answer.headers["cache-control"] == "public, no-cache"
    assert (await house.as_("ana").post("/api/v1/announcements", told)).json["code"] == "command.forbidden"


async def test_catalogue_and_people_are_for_those_who_need_them(house: House) -> None:
    ana, plaza, admin = house.as_("ana"), house.as_("plaza"), house.as_("admin")
    first = (await ana.get("/api/v1/hotels?limit=2")).json
    rest = (await ana.get(f"/api/v1/hotels?limit=2&next={first['next']}")).json
    assert [hotel["name"] for hotel in first["items"] + rest["items"]] == ["Mirador", "Plaza", "Sol"]
    assert (await ana.get("/api/v1/clients")).json["items"] == [
        {"id": "client", "name": "Client", "email": "client@andes.test"}
    ]
    assert (await house.as_("carla").get("/api/v1/clients")).json["items"] == []
    assert len((await admin.get("/api/v1/people")).json["items"]) == len(house.users)
    for address in ("hotels", "clients", "people", "audit"):
        assert (await plaza.get(f"/api/v1/{address}")).json["code"] == "command.forbidden"


async def test_reads_grants_and_refusals_are_audited_and_told_to_whom_they_concern(house: House) -> None:
    """[S1]"""
    id_ = await published(house, "plaza")
    await house.as_("bruno").get(f"/api/v1/quotations/{id_}")
    await house.as_("plaza").get(f"/api/v1/quotations/{id_}")
    await house.as_("carla").get(f"/api/v1/quotations/{id_}")
    await house.as_("carla").post(f"/api/v1/quotations/{id_}/close")
    await house.as_("admin").post(f"/api/v1/quotations/{id_}/grant", {"hotel_id": "plaza", "reason": "dispute"})

    async def rows(name: str, address: str) -> set[tuple[str, str, str]]:
        items = (await house.as_(name).get(f"/api/v1/{address}")).json["items"]
        return {(row["user_id"], row["action"], row["outcome"]) for row in items}

    everything = await rows("admin", "audit?limit=100")
    assert {
        ("bruno", "quotation.read", "ok"),
        ("plaza", "quotation.read", "ok"),
        ("carla", "get_quotation", "quotation.not_found"),
        ("carla", "quotation.close", "quotation.not_found"),
        ("admin", "quotation.grant", "ok"),
    } <= everything
    agencys = await rows("ana", "audit?limit=100")
    assert ("bruno", "quotation.read", "ok") in agencys
    assert ("admin", "quotation.grant", "ok") in agencys
    assert not {user for user, *_ in agencys} & {"plaza", "carla"}
    concerning = await rows("ana", f"quotations/{id_}/audit")
    assert ("admin", "quotation.grant", "ok") in concerning
    assert ("carla", "quotation.close", "quotation.not_found") in await rows("admin", f"quotations/{id_}/audit")
    assert ("carla", "get_quotation", "quotation.not_found") in await rows("admin", f"quotations/{id_}/audit")


async def test_the_inbox_keeps_what_is_not_acknowledged(house: House) -> None:
    answer = await house.as_("plaza").get("/api/v1/inbox")
    assert answer.json == {"items": [], "left": 0, "dropped": 0}
    assert (await house.as_("plaza").post("/api/v1/inbox/ack", {"ids": ["x"]})).json == {"left": 0}
