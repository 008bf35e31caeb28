"""The browser app's files: names, caching, headers."""

from pathlib import Path
from typing import Any

import pytest

from realtime.web import WebApp

PAGE = b"<!doctype html><div id=root></div>"
SCRIPT = b"export const x = 1;\n" * 200


@pytest.fixture
def web(tmp_path: Path) -> WebApp:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_bytes(PAGE)
    (tmp_path / "assets" / "index-abc123.js").write_bytes(SCRIPT)
    return WebApp(tmp_path)


async def _get(web: WebApp, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    await web({"type": "http", "method": method, "path": path, "headers": given}, receive, send)
    said = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], said, b"".join(message.get("body", b"") for message in sent[1:])


@pytest.mark.parametrize("path", ["/", "/index.html", "/quotations/123", "/a/b/c"])
async def test_every_page_of_the_app_is_its_page(web: WebApp, path: str) -> None:
    """Asked for anew each time, and under a policy that lets in nobody else's scripts."""
    status, headers, body = await _get(web, path)
    assert (status, body) == (200, PAGE)
    assert headers["cache-control"] == "no-cache"
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "script-src" not in policy
    assert "unsafe-eval" not in policy
    assert headers["x-content-type-options"] == "nosniff"


async def test_hashed_files_are_kept_for_good(web: WebApp) -> None:
    """Compressed for whom it helps."""
    status, headers, body = await _get(web, "/assets/index-abc123.js", accept_encoding="gzip")
    assert status == 200
    assert "immutable" in headers["cache-control"]
    assert headers["content-encoding"] == "gzip"
    assert len(body) < len(SCRIPT)
    assert (await _get(web, "/assets/index-abc123.js"))[2] == SCRIPT


async def test_what_is_known_is_not_sent_again(web: WebApp) -> None:
    """By its ETag."""
    etag = (await _get(web, "/"))[1]["etag"]
    assert (await _get(web, "/", if_none_match=etag))[0] == 304


@pytest.mark.parametrize("path", ["/assets/gone.js", "/../pyproject.toml", "/assets/../../secret.txt", "/.env"])
async def test_files_that_are_not_the_apps_are_not_there(web: WebApp, path: str) -> None:
    """[S2] Names are looked up, never opened."""
    assert (await _get(web, path))[0] == 404


async def test_only_reading_is_allowed(web: WebApp) -> None:
    """And the answer says so."""
    status, headers, _ = await _get(web, "/", method="POST")
    assert (status, headers["allow"]) == (405, "GET, HEAD")


async def test_without_a_build_it_says_what_to_do(tmp_path: Path) -> None:
    """No trace, no empty page."""
    status, _, body = await _get(WebApp(tmp_path / "nothing"), "/")
    assert status == 404
    assert b"make web" in body
