"""The computation of a quotation: from what things cost to what a client pays, every line kept. Pure, in Decimal."""
