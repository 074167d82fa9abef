"""Every figure, each beside its floor: ``make bench``."""

from benchmarks import bench_engine, bench_feel, bench_http, bench_inbox

for bench in (bench_feel, bench_engine, bench_http, bench_inbox):
    print(f"\n{(bench.__doc__ or '').splitlines()[0]}")
    bench.main([])
