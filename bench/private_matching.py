"""Private matching of serials: a register set up, a batch asked about, beside a library for the same.

Both sides sit in this process; no network and no disk is in the figures. The peer is openmined-psi
(Apache-2), an elliptic-curve private set intersection in C++, with as few false hits as ours. It proves
nothing about its key; our answer does, and the making and checking of that are in our figure. The peer is
measured where it is installed.
"""

import importlib
import random
import time
from collections.abc import Callable
from typing import Any

from bench.context import Bench, Context, median
from bench.processes import CannotRunError
from bench.results import Goal, Row, row
from lanbi.tracing.matching import tokens
from lanbi.tracing.matching.voprf import ServerKey

SERIALS = 50_000
QUICK_SERIALS = 5_000
WHOLE = 1_400_000  # as many as iARMS holds
ASKED = tokens.QUERIES_MAX
HITS = 60
ROUNDS = 3
ASKING_ROUNDS = 7
BASELINE = "openmined-psi"
ABSENT = "not installed, so there is no baseline: pip install openmined-psi"
# Ours expects asked x entries / 2^64 false hits in a batch; the library takes that as its probability.
FALSE_HITS = ASKED * WHOLE / 2.0 ** (8 * tokens.TOKEN_BYTES)
GOAL_SETUP = Goal("ratio", ">=", 1)


def _library() -> Any:
    try:
        return importlib.import_module("private_set_intersection.python")
    except ImportError:
        return None


def _register(count: int) -> list[tuple[str, str]]:
    chosen = random.Random(20_261_122).sample(range(26**3 * 100_000), count + ASKED)
    makes = ("GLOCK", "TAURUS", "SMITH_WESSON", "RUGER", "BERETTA")
    return [(makes[one % 5], f"{one:010}") for one in chosen]


def _cpu_s(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of this process, every thread of it: what one core would need."""
    start = time.process_time()
    made = work()
    return time.process_time() - start, made


def _wall_ms(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    made = work()
    return (time.perf_counter() - start) * 1000, made


def run(context: Context) -> list[Row]:
    """Entries set up in a second of one core's time; milliseconds for a batch of 200, asked and answered."""
    library = _library()
    count = QUICK_SERIALS if context.quick else SERIALS
    written = _register(count)
    held, absent = written[:count], written[count:]
    # The first of the batch stand in the register, the others do not.
    batch = held[:HITS] + absent[: ASKED - HITS]
    keys = [tokens.match_key(*one) for one in held]
    asked = [tokens.match_key(*one) for one in batch]
    key = ServerKey.derive(bytes(32), b"bench")
    ours: list[float] = []
    theirs: list[float] = []
    file, made, server = b"", None, None
    if library is not None:
        server = library.server.CreateWithNewKey(True)
    for turn in range(ROUNDS):
        context.say(f"private_matching: {count:,} entries, round {turn + 1} of {ROUNDS}")
        seconds, file = _cpu_s(lambda: tokens.build(key, keys, 0))
        ours.append(count / seconds)
        if library is not None and server is not None:
            texts = [one.decode() for one in keys]
            seconds, made = _cpu_s(
                lambda texts=texts: server.CreateSetupMessage(
                    FALSE_HITS, ASKED, texts, library.DataStructure.GCS
                )
            )
            theirs.append(count / seconds)
        context.step(turn + 1, ROUNDS)
    loaded = tokens.TokenSet.load(file)

    def ask() -> tokens.Hits:
        pending = tokens.ask(key.public_key, asked, purpose="bench", case="bench")
        sent = tokens.decode_batch(tokens.encode(pending.batch))
        came = tokens.decode_answer(tokens.encode(tokens.answer(key, sent)))
        return tokens.hits(pending, came, loaded)

    def ask_library() -> int:
        client = library.client.CreateWithNewKey(True)
        request = client.CreateRequest([one.decode() for one in asked])
        return len(client.GetIntersection(made, server.ProcessRequest(request)))

    our_ms: list[float] = []
    their_ms: list[float] = []
    context.say(f"private_matching: {ASKED} asked, {ASKING_ROUNDS} rounds")
    for turn in range(ASKING_ROUNDS):
        spent, found = _wall_ms(ask)
        if found.places != tuple(range(HITS)):
            raise CannotRunError(f"{HITS} of the batch stand in the register, {found.count} were found")
        our_ms.append(spent)
        if library is not None:
            spent, their_count = _wall_ms(ask_library)
            if their_count != HITS:
                raise CannotRunError(f"{BASELINE}: {HITS} stand in the register, it found {their_count}")
            their_ms.append(spent)
        context.step(turn + 1, ASKING_ROUNDS)

    rate = median(ours)
    size = f"{len(file) / 1e6:.2f} MB"
    whole = (
        f"extrapolated, not measured: {WHOLE:,} entries take {WHOLE / rate / 60:.1f} minutes of one core "
        f"and {(tokens.HEADER_BYTES + WHOLE * tokens.TOKEN_BYTES) / 1e6:.1f} MB"
    )
    notes = [f"{count / rate:.1f} s of one core, {size}; {whole}"]
    if library is None:
        notes.append(f"{BASELINE}: {ABSENT}")
    else:
        notes.append(
            f"{BASELINE}: {count / median(theirs):.1f} s, {made.ByteSize() / 1e6:.2f} MB; "
            f"extrapolated {WHOLE / median(theirs) / 60:.1f} minutes"
        )
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)] if theirs else []
    asking = [other / one for one, other in zip(our_ms, their_ms, strict=True)] if their_ms else []
    return [
        row(
            f"private matching: a register of {count:,} set up",
            rate,
            "/s of one core",
            goal=GOAL_SETUP if theirs else None,
            baseline=BASELINE if theirs else None,
            baseline_value=median(theirs) if theirs else None,
            ratio=median(ratios) if ratios else None,
            rounds=ratios or ours,
            note="; ".join(notes),
        ),
        row(
            f"private matching: {ASKED} asked and answered",
            median(our_ms),
            "ms",
            baseline=BASELINE if their_ms else None,
            baseline_value=median(their_ms) if their_ms else None,
            ratio=median(asking) if asking else None,
            rounds=asking or our_ms,
            note=f"{count:,} entries, all {HITS} hits found; ours makes and checks a proof, and goes through "
            "JSON both ways" + ("" if library is not None else f". {BASELINE}: {ABSENT}"),
        ),
    ]


BENCH = Bench("private_matching", "serials matched with a partner who does not see them", run)
