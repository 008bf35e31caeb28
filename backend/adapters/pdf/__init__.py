"""Documents set with Typst, in processes of their own: a node itself never loads it."""
