"""How long nobody hears anything when something dies under load: `python -m tests.bench.failover`.

Authors edit quotations at an even rate over three nodes, due at their time whatever happens, and everybody watches all
of them. Then something is killed. Each fact has to come to each watcher exactly once.
"""
