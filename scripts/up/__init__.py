"""`make up`: the scaled mode on this machine, as the Procfile says."""
