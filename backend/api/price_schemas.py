"""What views say of prices, for the OpenAPI document. See `backend.api.schemas`."""

from datetime import date
from decimal import Decimal

from msgspec import UNSET, UnsetType

from backend.api.view_types import Amount, Flag, Text, Texts, View
from backend.domain.computation.lines import Kind
from backend.domain.computation.tariff import Category, Per, Rate
from backend.domain.money import Money
from backend.domain.offers import RatePer
from backend.domain.terms import RoomType


class OfferRoom(View, frozen=True, kw_only=True):
    type: RoomType
    per: RatePer
    quantity: int
    net_rate: Amount = UNSET
    agency_rate: Amount = UNSET


class OfferService(View, frozen=True, kw_only=True):
    name: str
    price: Amount = UNSET
    agency_price: Amount = UNSET


class PriceLine(View, frozen=True, kw_only=True):
    """`quantity` times `unit` is `amount`; where it is `less`, it is taken off."""

    kind: Kind
    quantity: int
    unit: Money
    amount: Money
    name: Text = UNSET
    less: Flag = UNSET


class TaxDue(View, frozen=True, kw_only=True):
    name: str
    percent: Decimal
    amount: Money


class Selling(View, frozen=True, kw_only=True):
    """What the client pays; bands are by the size of the group, `10-14` or `40+`, for each who pays.

    Figures include the taxes; `child_reductions` are by ages, `0-5`.
    """

    total: Amount = UNSET
    per_person: Amount = UNSET
    single_supplement: Amount = UNSET
    triple_reduction: Amount = UNSET
    bands: dict[str, Money] | UnsetType = UNSET
    child_reductions: dict[str, Money] | UnsetType = UNSET
    before_taxes: Amount = UNSET
    taxes: tuple[TaxDue, ...] | UnsetType = UNSET


class RunningView(View, frozen=True, kw_only=True):
    """What the trip costs besides its hotel, at the agency's price, for the group and for each band's; `costs` is what
    that is made from. What the tariff has no price for is `missing`: `transport-1`, `guide-2`, `item-lunch`."""

    total: Amount = UNSET
    bands: dict[str, Money] | UnsetType = UNSET
    lines: dict[str, PriceLine] | UnsetType = UNSET
    costs: dict[str, PriceLine] | UnsetType = UNSET
    missing: Texts = UNSET
    tax_percents: dict[str, Decimal] | UnsetType = UNSET


class TariffName(View, frozen=True, kw_only=True):
    id: str
    name: str
    currency: str


class CostingView(View, frozen=True, kw_only=True):
    """What running costs are computed with, copied on the day `on`."""

    tariff: TariffName
    on: date
    rate: Rate | UnsetType = UNSET


class VehicleChoice(View, frozen=True, kw_only=True):
    name: str
    seats: int


class GuideChoice(View, frozen=True, kw_only=True):
    language: str
    kind: str
    name: Text = UNSET


class ItemChoice(View, frozen=True, kw_only=True):
    name: str
    category: Category
    per: Per


class ProgrammeItem(View, frozen=True, kw_only=True):
    """What the programme has of the tariff's items, as people call it."""

    name: str
    category: Category
    times: int


class Choices(View, frozen=True, kw_only=True):
    """What a programme can name, by code."""

    vehicles: dict[str, VehicleChoice] | UnsetType = UNSET
    guides: tuple[GuideChoice, ...] | UnsetType = UNSET
    items: dict[str, ItemChoice] | UnsetType = UNSET
