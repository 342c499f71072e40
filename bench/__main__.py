"""`python -m bench [NAME...]`: run the named benchmarks, all of them by default."""

import sys
from importlib import import_module

BENCHMARKS = ("reading", "imports")

if __name__ == "__main__":
    for name in sys.argv[1:] or BENCHMARKS:
        if name not in BENCHMARKS:
            sys.exit(f"no benchmark {name!r}; there are: {', '.join(BENCHMARKS)}")
        import_module(f"bench.{name}").main()
