"""Setting documents in processes of their own."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any, get_args

import orjson
import pytest
from pypdf import PdfReader

from backend.adapters.pdf.renderer import Renderer, RenderingFailed
from backend.services.printing import Format, Language, Sheet
from privacy.papers import KINDS, PaperKind, paper
from privacy.views import view
from tests.support.printing import set_here
from tests.support.wait import until
from tests.unit.privacy.test_papers import confirmed

TITLES = {
    "proposal": {"es": "Propuesta", "en": "Proposal", "pt": "Proposta"},
    "voucher": {"es": "Voucher", "en": "Voucher", "pt": "Voucher"},
    "itinerary": {"es": "Itinerario", "en": "Itinerary", "pt": "Itinerário"},
    "invoice": {"es": "Factura", "en": "Invoice", "pt": "Fatura"},
    "rooming_list": {"es": "Lista de habitaciones", "en": "Rooming list", "pt": "Lista de quartos"},
}
MARKUP = '#panic("x") *b* _i_ $x$ `c` <l> @r = h // \\ "q" #sys.inputs [a] <script>'


@asynccontextmanager
async def rendering(processes: int = 1, **given: float) -> AsyncIterator[Renderer]:
    renderer = Renderer(processes, **given)
    try:
        yield renderer
    finally:
        await renderer.close()


def sheet(
    kind: PaperKind = "proposal", language: Language = "en", form: Format = "pdf", /, trip: dict[str, Any] | None = None
) -> Sheet:
    """Of a whole quotation, confirmed, as its client sees it."""
    told = paper(kind, view(confirmed().q, "client:client"))
    assert told is not None
    return Sheet(kind, language, form, orjson.dumps({**told, "trip": told["trip"] | (trip or {})}))


def text_of(content: bytes) -> str:
    pages = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    return " ".join("".join(pages).replace("\xa0", " ").split())


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_written_in_every_language(kind: PaperKind, language: Language) -> None:
    """A template that does not compile, or a word that is missing, fails here."""
    asked = sheet(kind, language)
    text = text_of(set_here(kind, language, "pdf", asked.data))
    assert TITLES[kind][language] in text
    assert orjson.loads(asked.data)["trip"]["title"] in text


def test_amounts_and_days_are_written_as_the_language_does() -> None:
    money = {"amount": "1234567.50", "currency": "USD"}
    data = orjson.loads(sheet().data)
    data |= {"selling": {"total": money}, "trip": data["trip"] | {"check_in": "2027-03-01", "check_out": "2027-03-05"}}
    spanish, english = (text_of(set_here("proposal", language, "pdf", orjson.dumps(data))) for language in ("es", "en"))
    assert "1.234.567,50 USD" in spanish
    assert "1,234,567.50 USD" in english
    assert "1 de marzo de 2027" in spanish
    assert "1 March 2027" in english


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("es", ("Transporte • To Pisac · 120 km · 2 días", "inglés · 2 días", "2 × Lunch • spa")),
        ("en", ("Transport • To Pisac · 120 km · 2 days", "English · 2 days", "2 × Lunch • spa")),
        ("pt", ("Transporte • To Pisac · 120 km · 2 dias", "inglês · 2 dias", "2 × Lunch • spa")),
    ],
)
def test_an_itinerary_has_the_programme(language: Language, told: tuple[str, ...]) -> None:
    asked = sheet("itinerary", language)
    text = text_of(set_here("itinerary", language, "pdf", asked.data))
    assert all(one in text for one in told), text


@pytest.mark.parametrize("kind", KINDS)
def test_what_people_typed_is_never_markup(kind: PaperKind) -> None:
    """[S2] It stands there as it was typed: nothing runs, nothing is read, nothing is set otherwise."""
    asked = sheet(kind, trip={"title": MARKUP, "destination": MARKUP})
    assert text_of(set_here(kind, "en", "pdf", asked.data)).count('#panic("x") *b* _i_ $x$ `c` <l> @r') >= 2


async def test_equal_sheets_are_equal_bytes_whoever_sets_them() -> None:
    """[P2] Neither the process nor the time stands in a document."""
    asked = sheet()
    async with rendering() as one, rendering() as other:
        first, second = await asyncio.gather(one(asked), other(asked))
    assert first == second == set_here(asked.kind, asked.language, asked.format, asked.data)
    assert b"CreationDate" not in first


async def test_a_preview_is_a_picture_of_the_first_page() -> None:
    guests = [{"name": f"Guest {number}"} for number in range(120)]
    data = orjson.dumps({**orjson.loads(sheet("rooming_list").data), "guests": guests})
    async with rendering() as render:
        picture = await render(Sheet("rooming_list", "en", "png", data))
        whole = await render(Sheet("rooming_list", "en", "pdf", data))
    assert picture.startswith(b"\x89PNG")
    assert len(PdfReader(BytesIO(whole)).pages) > 1


async def test_a_killed_process_is_replaced() -> None:
    async with rendering() as render:
        await render(sheet())
        (worker,) = render._resting
        os.kill(worker._process.pid, signal.SIGKILL)
        await worker._process.wait()
        assert (await render(sheet("voucher"))).startswith(b"%PDF")


async def test_what_takes_too_long_is_given_up_and_its_process_with_it() -> None:
    async with rendering(patience=0.01) as render:
        with pytest.raises(RenderingFailed):
            await render(sheet())
        assert not render._resting


async def test_a_broken_sheet_fails_alone() -> None:
    """The error tells nothing of what stands in it. [P3]"""
    async with rendering() as render:
        with pytest.raises(RenderingFailed, match=r"^proposal cannot be set$"):
            await render(Sheet("proposal", "en", "pdf", b'{"trip": {"title": "secret"}}'))
        assert (await render(sheet())).startswith(b"%PDF")


async def test_processes_without_work_are_ended() -> None:
    async with rendering(idle=0.05) as render:
        await render(sheet())
        (worker,) = render._resting
        await until(lambda: worker._process.returncode == 0, what="the process has ended")


async def test_no_more_are_set_at_once_than_there_are_processes() -> None:
    async with rendering(2) as render:
        kinds = [*KINDS, *KINDS]
        made = await asyncio.gather(*(render(sheet(kind, language)) for kind in kinds for language in ("es", "en")))
        assert len(render._resting) <= 2
    assert all(content.startswith(b"%PDF") for content in made)


async def test_the_loop_goes_on_while_a_document_is_set() -> None:
    """[S2] A long one keeps nobody else waiting: the loop turns many times meanwhile."""
    guests = [{"name": f"Guest {number}"} for number in range(200)]
    data = orjson.dumps({**orjson.loads(sheet("rooming_list").data), "guests": guests})
    turns = 0
    async with rendering() as render:
        task = asyncio.ensure_future(render(Sheet("rooming_list", "en", "pdf", data)))
        while not task.done():
            await asyncio.sleep(0)
            turns += 1
        await task
    assert turns > 100
