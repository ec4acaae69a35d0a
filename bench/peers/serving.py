"""The peers' side of the conversation with the orchestrator (bench/lib/contender.mjs)."""

import json
import os
import resource
import sys
import time


# Seconds: the wall's, or those of the processor, which other work on the machine leaves alone.
CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}


def serve(check, run, warm_up):
    """check: number that the same work gives in every contender; run: the work that is timed."""
    clock = CLOCKS[os.environ.get("SERIAL_OE_BENCH_CLOCK", "wall")]
    for _ in range(warm_up):
        run()
    answer({"check": check})
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            start = clock()
            run()
            times.append((clock() - start) * 1000)
        answer({"ms": times})
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes elsewhere
    answer({"peakMB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6})


def answer(message):
    print(json.dumps(message), flush=True)
