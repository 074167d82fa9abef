"""Every figure, each beside its floor: ``make bench``."""

import importlib

BENCHES = ("engine", "http", "growth", "patterns", "jobs", "inbox", "feel", "designer")

for name in BENCHES:
    bench = importlib.import_module(f"benchmarks.bench_{name}")
    print(f"\n{(bench.__doc__ or '').splitlines()[0]}", flush=True)
    bench.main([])
