"""The computation of a quotation: from what things cost to what a client pays, every line kept. Pure, in Decimal.

    accommodation   an offer's rates x rooms x nights, extra beds, less children's reductions and free places;
                    each rate at the agency's price is net rate / (1 - margin)
    running costs   vehicles, guides, their lodging and meals, items; each unit of the tariff goes through
                    the exchange rate, then the contingency, then / (1 - margin)
    agency price    accommodation + the hotel's optional services that are wanted + running costs
    selling price   agency price x (1 + markup of the group's band), then taxes
    bands           for each paying person in half a twin, by the size of the group

Rounding is half-even to the minor unit, and nowhere but at these edges: a rate or unit at each of its links; what a
reduction for a child is, per night; an offer's total; the selling price before taxes; each tax; each figure of the
selling table. Everything else is sums and whole multiples of these, so that parts add up to their total, and equal
prices at one link make equal prices above it, whatever made them [P2].
"""
