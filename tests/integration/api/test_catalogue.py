"""[S4] The catalogues by REST: who may, what is refused, and nobody writes over what they have not seen."""

from typing import Any

import pytest

from backend.services import catalogues
from tests.integration.api.house import House
from tests.integration.api.test_bad_input import told
from tests.support.asgi import Answer
from tests.support.catalogue import catalogued
from tests.support.resources import days_of, rooms_of

ROOT = "/api/v1/catalogue"
GUIDE: dict[str, Any] = {
    "name": "Lía Quispe",
    "languages": [{"language": "en", "level": "fluent"}],
    "certificates": [{"name": "First aid", "expires": "2027-12-31"}],
    "rating": "4.6",
    "home": {"name": "Cusco", "latitude": "-13.532", "longitude": "-71.967"},
}
BODIES: dict[str, dict[str, Any]] = {
    "hotels/nuevo": {"name": "Hotel Nuevo", "city": "Puno", "rating": "4.1", "capacity": 80, "amenities": ["wifi"]},
    "guides/lia": GUIDE,
    "vehicles/van": {"name": "Van", "vehicle_class": "van", "seats": 7},
    "tariffs/t1": {"name": "2027", "currency": "PEN", "valid_from": "2027-01-01"},
    "rates/EUR-USD-2026-11-20": {"base": "EUR", "quote": "USD", "rate": "1.0842", "on": "2026-11-20"},
    "templates/t": {"name": "Puno", "days": [{"title": "Uros", "text": "By boat."}], "programme": {"bands": [10]}},
    "profiles/seniors": {"name": "Seniors", "pax_from": 20, "pax_to": 35, "special_requirements": ["ground floor"]},
}
NEW = {"if_none_match": "*"}


def kind_of(path: str) -> str:
    return path.partition("/")[0]


async def put(house: House, path: str, body: Any, who: str = "admin", **headers: str) -> Answer:
    return await house.as_(who).put(f"{ROOT}/{path}", body, **headers)


@pytest.mark.parametrize("path", BODIES, ids=kind_of)
async def test_an_item_is_made_read_listed_and_changed(house: House, path: str) -> None:
    admin, body = house.as_("admin"), BODIES[path]
    made = await put(house, path, body, **NEW)
    assert made.status == 201, made.body
    read = await admin.get(f"{ROOT}/{path}")
    assert (read.status, read.json) == (200, made.json)
    assert read.headers["etag"] == made.headers["etag"]
    assert read.json["id"] == path.partition("/")[2]
    assert body.items() <= read.json.items() or path.startswith("templates")
    assert read.json in (await admin.get(f"{ROOT}/{kind_of(path)}")).json["items"]
    changed = body | ({"rate": "1.1"} if "rate" in body else {"name": "Another name"})
    done = await put(house, path, changed, if_match=made.headers["etag"])
    assert done.status == 200
    assert done.headers["etag"] != made.headers["etag"]
    assert (await admin.get(f"{ROOT}/{path}", if_none_match=done.headers["etag"])).status == 304


async def test_nobody_writes_over_what_they_have_not_seen(house: House) -> None:
    path = "guides/lia"
    first = (await put(house, path, GUIDE, **NEW)).headers["etag"]
    assert told(await put(house, path, GUIDE, **NEW)) == (412, "catalogue.conflict")
    second = (await put(house, path, GUIDE | {"phone": "+51 984"}, if_match=first)).headers["etag"]
    assert told(await put(house, path, GUIDE, if_match=first)) == (412, "catalogue.conflict")
    assert told(await put(house, "guides/other", GUIDE, if_match="*")) == (412, "catalogue.conflict")
    assert told(await put(house, path, GUIDE)) == (428, "command.invalid")
    for bad in ({"if_none_match": '"x"'}, {"if_none_match": "*", "if_match": second}):
        assert told(await put(house, path, GUIDE, **bad)) == (400, "command.invalid")
    assert (await house.as_("admin").get(f"{ROOT}/{path}")).json["phone"] == "+51 984"
    for seen in (f'"other", W/{second}', "*"):
        assert (await put(house, path, GUIDE | {"phone": seen[-3:-1].replace('"', "")}, if_match=seen)).status in (
            200,
            400,
        )


async def test_what_nothing_refers_to_can_be_dropped(house: House) -> None:
    admin = house.as_("admin")
    for path, body in BODIES.items():
        tag = (await put(house, path, body, **NEW)).headers["etag"]
        if kind_of(path) in ("hotels", "guides", "vehicles"):
            assert (await admin.delete(f"{ROOT}/{path}", if_match=tag)).status == 405
            continue
        assert told(await admin.delete(f"{ROOT}/{path}")) == (428, "command.invalid")
        assert told(await admin.delete(f"{ROOT}/{path}", if_match='"x"')) == (412, "catalogue.conflict")
        assert (await admin.delete(f"{ROOT}/{path}", if_match=tag)).status == 200
        assert told(await admin.delete(f"{ROOT}/{path}", if_match=tag)) == (404, "catalogue.not_found")
        assert told(await admin.get(f"{ROOT}/{path}")) == (404, "catalogue.not_found")


async def test_admins_keep_it_and_agents_read_what_they_choose_from(house: House) -> None:
    await catalogued(house.rest.deps.db)
    for path, body in BODIES.items():
        await put(house, path, body, **NEW)
        for who in ("ana", "plaza", "client", "guide"):
            assert told(await put(house, path, body, who, if_match="*")) == (403, "command.forbidden")
            open_ = who == "ana" and kind_of(path) in ("hotels", "templates", "profiles")
            for address in (path, kind_of(path)):
                answer = await house.as_(who).get(f"{ROOT}/{address}")
                assert answer.status == (200 if open_ else 403), (who, address)
        assert (await house.client.get(f"{ROOT}/{path}")).status == 401
    for months in ("guides/teo/calendar/2027-03", "vehicles/bus/calendar/2027-03"):
        for who in ("ana", "plaza", "client", "guide"):
            assert (await house.as_(who).get(f"{ROOT}/{months}")).status == 403
            assert told(await put(house, months, {"off": []}, who, if_match="*")) == (403, "command.forbidden")


async def test_a_hotel_keeps_its_own_allotment_and_learns_of_no_other(house: House) -> None:
    """[P2] Another hotel's is the same to it as one that does not exist."""
    own = f"{ROOT}/hotels/plaza/allotment/2027-03"
    plaza = house.as_("plaza")
    empty = await plaza.get(own)
    assert empty.json == {"month": "2027-03", "nights": {}}
    body = {"nights": {"2027-03-01": {"double": 5, "suite": 0}, "2027-03-31": {"twin": 2}}}
    made = await plaza.put(own, body, if_match=empty.headers["etag"])
    assert made.json["nights"]["2027-03-01"] == {
        "double": {"total": 5, "taken": 0},
        "suite": {"total": 0, "taken": 0},
    }
    assert (await house.as_("admin").get(own)).json == made.json
    assert told(await plaza.put(own, body, if_match=empty.headers["etag"])) == (412, "catalogue.conflict")
    for other in ("mirador", "nowhere"):
        address = own.replace("plaza", other)
        assert told(await plaza.get(address)) == (404, "catalogue.not_found")
        assert told(await plaza.put(address, body, if_match="*")) == (404, "catalogue.not_found")
    assert told(await house.as_("admin").get(own.replace("plaza", "nowhere"))) == (404, "catalogue.not_found")
    for who in ("ana", "client", "guide"):
        assert told(await house.as_(who).get(own)) == (403, "command.forbidden")


async def test_an_allotment_shows_what_is_taken_and_does_not_go_below(house: House) -> None:
    """[S3]"""
    own = f"{ROOT}/hotels/plaza/allotment/2027-03"
    plaza = house.as_("plaza")
    await plaza.put(own, {"nights": {"2027-03-01": {"double": 5}}}, if_match="*")
    await house.rest.deps.db.claim([rooms_of("plaza", 0, 0, double=3)])
    seen = await plaza.get(own)
    assert seen.json["nights"]["2027-03-01"]["double"] == {"total": 5, "taken": 3}
    low = await plaza.put(own, {"nights": {"2027-03-01": {"double": 2}}}, if_match=seen.headers["etag"])
    assert told(low) == (409, "resource.taken")
    assert low.json["data"]["days"] == ["2027-03-01"]
    assert (await plaza.put(own, {"nights": {"2027-03-01": {"double": 3}}}, if_match="*")).status == 200


async def test_days_off_stand_beside_bookings(house: House) -> None:
    """[S3]"""
    await catalogued(house.rest.deps.db)
    await house.rest.deps.db.claim([days_of("guide", "teo", 9, 10, booking="b1")])
    own, admin = f"{ROOT}/guides/teo/calendar/2027-03", house.as_("admin")
    seen = await admin.get(own)
    assert seen.json == {"month": "2027-03", "off": [], "booked": {"2027-03-10": "b1", "2027-03-11": "b1"}}
    done = await admin.put(own, {"off": ["2027-03-02", "2027-03-01"]}, if_match=seen.headers["etag"])
    assert done.json["off"] == ["2027-03-01", "2027-03-02"]
    assert told(await admin.put(own, {"off": []}, if_match=seen.headers["etag"])) == (412, "catalogue.conflict")
    assert told(await admin.put(own, {"off": ["2027-03-10"]}, if_match="*")) == (409, "resource.taken")
    assert told(await admin.get(own.replace("teo", "nobody"))) == (404, "catalogue.not_found")


async def test_what_is_malformed_is_refused(house: House) -> None:
    """[S2]"""
    await catalogued(house.rest.deps.db)
    bad: tuple[tuple[str, Any], ...] = (
        ("guides/lia", {}),
        ("guides/lia", GUIDE | {"id": "x"}),
        ("guides/lia", GUIDE | {"rating": "5.1"}),
        ("guides/lia", GUIDE | {"rating": 4.5}),
        ("guides/lia", GUIDE | {"name": "a\0b"}),
        ("guides/lia", GUIDE | {"skills": ["x"] * 41}),
        ("guides/lia", GUIDE | {"home": {"name": "Cusco", "latitude": "95", "longitude": "0"}}),
        ("guides/no%20id", GUIDE),
        ("hotels/h", BODIES["hotels/nuevo"] | {"rating": "6"}),
        ("vehicles/v", {"name": "V", "vehicle_class": "van", "seats": 0}),
        ("rates/EUR-USD-2026-11-21", BODIES["rates/EUR-USD-2026-11-20"]),
        ("tariffs/t", BODIES["tariffs/t1"] | {"valid_until": "2026-01-01"}),
    )
    for path, body in bad:
        assert told(await put(house, path, body, **NEW)) == (400, "command.invalid"), (path, body)
    months: tuple[tuple[str, Any], ...] = (
        ("hotels/plaza/allotment/2027-13", {"nights": {}}),
        ("hotels/plaza/allotment/1999-01", {"nights": {}}),
        ("hotels/plaza/allotment/2027-03", {"nights": {"2027-04-01": {"double": 1}}}),
        ("hotels/plaza/allotment/2027-03", {"nights": {"2027-03-01": {"cave": 1}}}),
        ("hotels/plaza/allotment/2027-03", {"nights": {"2027-03-01": {"double": -1}}}),
        ("guides/teo/calendar/2027-03", {"off": ["2027-02-28"]}),
        ("guides/teo/calendar/2027-03", {"off": ["2027-03-01"] * 40}),
    )
    for path, body in months:
        assert told(await put(house, path, body, if_match="*")) == (400, "command.invalid"), (path, body)


async def test_there_are_only_so_many(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """[S2]"""
    monkeypatch.setattr(catalogues, "MOST", {"guide": 1})
    assert (await put(house, "guides/one", GUIDE, **NEW)).status == 201
    assert told(await put(house, "guides/two", GUIDE, **NEW)) == (409, "catalogue.full")
    assert (await put(house, "guides/one", GUIDE, if_match="*")).status == 200


async def test_every_change_is_an_audit_row(house: House) -> None:
    """[S1]"""
    tag = (await put(house, "tariffs/t1", BODIES["tariffs/t1"], **NEW)).headers["etag"]
    await house.as_("admin").delete(f"{ROOT}/tariffs/t1", if_match=tag)
    await put(house, "guides/lia", GUIDE, "ana", **NEW)
    await house.as_("plaza").put(f"{ROOT}/hotels/plaza/allotment/2027-03", {"nights": {}}, if_match="*")
    rows = (await house.as_("admin").get("/api/v1/audit?limit=100")).json["items"]
    assert [(row["user_id"], row["action"], row["subject"], row["outcome"]) for row in rows] == [
        ("plaza", "catalogue.put", "hotel:plaza", "ok"),
        ("ana", "put_catalogue_guide", "guide:lia", "command.forbidden"),
        ("admin", "catalogue.drop", "tariff:t1", "ok"),
        ("admin", "catalogue.put", "tariff:t1", "ok"),
    ]


async def test_lists_come_in_pages(house: House) -> None:
    for n in range(5):
        await put(house, f"guides/g{n}", GUIDE | {"name": f"Guide {n % 2}"}, **NEW)
    seen: list[str] = []
    address = f"{ROOT}/guides?limit=2"
    page = (await house.as_("admin").get(address)).json
    while True:
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        page = (await house.as_("admin").get(f"{address}&next={page['next']}")).json
    assert seen == ["g0", "g2", "g4", "g1", "g3"]
    hotels = (await house.as_("ana").get(f"{ROOT}/hotels?limit=2")).json
    assert [item["id"] for item in hotels["items"]] == ["mirador", "plaza"]
    rest = (await house.as_("ana").get(f"{ROOT}/hotels?limit=2&next={hotels['next']}")).json
    assert [item["id"] for item in rest["items"]] == ["sol"]
