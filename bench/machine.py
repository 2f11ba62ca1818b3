"""Facts of the machine without which a figure says nothing."""

import os
import platform
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from bench.load import quantile

SYNC_PROBES = 200
SYNC_BYTES = 4_096


def cpu_model() -> str:
    """The processor's own name, where the kernel gives one."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def sync_times_ms(folder: Path, probes: int = SYNC_PROBES) -> list[float]:
    """How long the disk takes to keep 4 KiB at the end of a file: milliseconds of `fdatasync`, sorted."""
    times: list[float] = []
    with tempfile.TemporaryFile(dir=folder) as file:
        descriptor = file.fileno()
        for _ in range(probes):
            os.write(descriptor, b"\0" * SYNC_BYTES)
            start = perf_counter()
            os.fdatasync(descriptor)
            times.append((perf_counter() - start) * 1000)
    return sorted(times)


def load() -> float:
    """Load average of the last minute."""
    return round(os.getloadavg()[0], 2)


def facts(folder: Path) -> dict[str, object]:
    """Cores, processor, kernel, Python, and the disk under `folder`."""
    times = sync_times_ms(folder)
    return {
        "cores": len(os.sched_getaffinity(0)),
        "cpu": cpu_model(),
        "kernel": f"{platform.system()} {platform.release()}",
        "python": sys.version.split()[0],
        "fdatasync_p50_ms": round(quantile(times, 0.5), 3),
        "fdatasync_p99_ms": round(quantile(times, 0.99), 3),
        "load_before": load(),
        "load_after": 0.0,
    }
