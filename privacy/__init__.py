"""Who may see what: the field table, audiences and views. Pure; every byte that leaves is made here."""
