"""Black-box load generators; they import nothing of the product."""
