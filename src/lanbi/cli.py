"""The command line: start a node, keep it, check its record.

Sentences come from the catalogues (`cli.ftl`); every verb exits with 0 when it
did what it says and with 1 when it did not.
"""

import gc
import logging
import os
import signal
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter
from rich.console import Console

from lanbi import __version__
from lanbi.config import DEFAULT_HOST, DEFAULT_PORT, DEFAULT_SITE, Settings
from lanbi.core.access import SYSTEM
from lanbi.core.errors import LanbiError, Malformed
from lanbi.locales import hint, language, say

LOOPBACK = ("127.0.0.1", "::1", "localhost")
SHUTDOWN_S = 5
TABLE_COLUMNS = 110
CHECKPOINT_HEADER = "lanbi-checkpoint/1"

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

app = App(
    name="lanbi",
    version=__version__,
    help="Lanbi: an open C3I centre on one provable record.",
    version_flags=["--version"],
    help_format="plaintext",  # a paragraph is a line; to read Markdown would cost a third of the start
)
bring_in = App(name="import", help="Take in real data: calls, places, a map.")
app.command(bring_in)
measure = App(name="bench", help="Measure on synthetic worlds whose truth is known.")
app.command(measure)

Data = Annotated[Path, Parameter(name="--data", help="The node's folder: store, key, map.")]
Store = Annotated[
    str | None,
    Parameter(
        name="--store", env_var="LANBI_STORE", help="postgresql:// address; SQLite in --data unless given."
    ),
]


def _lang() -> str:
    for name in ("LANBI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value and not value.startswith(("C", "POSIX")):
            return language(value)
    return "en"


def _say(message: str, /, **args: object) -> str:
    return say(_lang(), message, **args)


def _tell(message: str, /, **args: object) -> None:
    out.print(_say(message, **args), markup=False)


@contextmanager
def _bar(message: str, /, **args: object) -> Iterator[Any]:
    """A progress bar on the error stream: `step(done, total)`."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
    ) as progress:
        task = progress.add_task(_say(message, **args), total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _need_file(path: Path) -> Path:
    if not path.is_file():
        raise Malformed("cli-file-none", file=str(path))
    return path


# -- running -----------------------------------------------------------------------------


@app.command
def serve(
    *,
    data: Data,
    port: int = DEFAULT_PORT,
    host: str = DEFAULT_HOST,
    store: Store = None,
    site: str = DEFAULT_SITE,
    tls_certificate: Path | None = None,
    tls_key: Path | None = None,
) -> None:
    """Start a node on a data folder; it is made if it is not there.

    Off loopback a TLS certificate is required.

    Example: lanbi serve --data /srv/lanbi --port 8080

    Parameters
    ----------
    port: TCP port.
    host: Address to listen on; loopback unless told.
    site: Name of a new store's site, written into every entry; an existing store keeps its own.
    tls_certificate: PEM file; required off loopback, with --tls-key.
    tls_key: PEM file.
    """
    if host not in LOOPBACK and (tls_certificate is None or tls_key is None):
        raise Malformed("cli-tls-missing", host=host)
    _serve(
        Settings(
            data=data,
            store_url=store,
            host=host,
            port=port,
            site=site,
            tls_certificate=tls_certificate,
            tls_key=tls_key,
        )
    )


@app.command
def demo(
    *, data: Data = Path("demo-data"), port: int = DEFAULT_PORT, store: Store = None, networks: int = 8
) -> None:
    """Start a node with a synthetic Port-au-Prince evening; anybody may sign in at one click.

    Example: lanbi demo --data ./demo-data --port 8099

    Parameters
    ----------
    port: TCP port on loopback.
    networks: Trafficking networks in the synthetic world of tracing; 0 for no such world.
    """
    _serve(Settings(data=data, store_url=store, port=port, site="demo", demo=True, demo_networks=networks))


@contextmanager
def _made_to_stay() -> Iterator[None]:
    """What is made here lives as long as the node: nobody looks for rubbish among it, now or later.

    To look takes a sixth of the start, and afterwards a pause in each full round of the collector.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _serve(settings: Settings) -> None:
    with _made_to_stay():
        import uvicorn

        from lanbi.bootstrap import Node
        from lanbi.web.frames import LiveProtocol

        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
        node = Node(settings)
    try:
        if settings.demo:
            with err.status(_say("cli-demo-preparing")):
                node.prepare_demo()
        with _made_to_stay():
            application = node.app()
        scheme = "https" if settings.tls_certificate else "http"
        address = f"{scheme}://{settings.host}:{settings.port}"
        config = uvicorn.Config(
            application,
            host=settings.host,
            port=settings.port,
            ws=LiveProtocol,
            ws_per_message_deflate=False,
            loop="uvloop",
            http="httptools",
            log_level="warning",
            access_log=False,
            server_header=False,
            # A proxy in front keeps its own log; nobody may name an address of their choice here.
            proxy_headers=False,
            timeout_graceful_shutdown=SHUTDOWN_S,
            ssl_certfile=settings.tls_certificate,
            ssl_keyfile=settings.tls_key,
        )
        server = uvicorn.Server(config)
        announced = server.startup

        async def startup(sockets: Any = None) -> None:
            await announced(sockets)
            if server.started:
                _announce(node, address)

        server.startup = startup
        try:
            server.run()
        except KeyboardInterrupt:
            # Once it has stopped in good order the server hands the signal on: that was the wish, no failure.
            if not server.started:
                raise
        except SystemExit as ending:  # it could not listen, and says so in its own words and status
            raise Malformed("cli-port-taken", port=settings.port) from ending
        if not server.started:
            raise Malformed("cli-port-taken", port=settings.port)
    finally:
        node.close()


def _announce(node: Any, address: str) -> None:
    _tell("cli-serving", address=address, data=str(node.settings.data.resolve()), key=node.key.key_id)
    for row in node.demo_accounts:
        out.print(f"  {row.name:<12} {address}/#demo={row.account}", markup=False)
    if node.demo_accounts:
        _tell("cli-demo-note")
    _tell("cli-stop-note")


@app.command
def token(
    *,
    data: Data,
    role: str,
    name: str | None = None,
    days: int = 90,
    unit: str | None = None,
    lang: str = "ht",
    store: Store = None,
) -> None:
    """Print an API token for a machine; it is shown this once.

    The node on that folder must not be running, or use PostgreSQL.
    A running node issues tokens at POST /api/v1/tokens.

    Example: lanbi token --data /srv/lanbi --role dispatcher --name radio-gateway

    Parameters
    ----------
    role: call_taker, dispatcher, commander, field_unit, analyst, auditor or administrator.
    name: Whose it is; made from the role and the time unless given.
    days: Days until it ends.
    unit: Id of the unit, for role field_unit.
    lang: Language of its error messages.
    """
    from lanbi.bootstrap import Office

    office = Office(Settings(data=data, store_url=store))
    try:
        label = name or f"{role.replace('_', '-')}-{office.clock.now() // 1000}"
        secret = office.store.write_now(
            SYSTEM,
            lambda tx: office.accounts.issue_token(
                tx, name=label, role=role, days=days, lang=lang, unit_id=unit
            ),
        )
    finally:
        office.close()
    print(secret)  # noqa: T201 - alone on its line, for scripts


@app.command
def account(
    login: str,
    *,
    data: Data,
    role: str,
    name: str | None = None,
    lang: str = "ht",
    unit: str | None = None,
    store: Store = None,
) -> None:
    """Create an account; the password is asked for, or read from standard input when it is no terminal.

    Example: lanbi account plas1 --data /srv/lanbi --role call_taker --name "Plas 1"

    Parameters
    ----------
    login: Their identity on the record: a–z, 0–9, dot, dash, underscore.
    role: call_taker, dispatcher, commander, field_unit, analyst, auditor or administrator.
    name: The name on the screens; the login unless given.
    lang: ht, fr, es or en.
    unit: Id of the unit, for role field_unit.
    """
    from getpass import getpass

    from lanbi.accounts.service import hash_password
    from lanbi.bootstrap import Office

    if sys.stdin.isatty():
        password = getpass(_say("cli-password") + " ")
    else:
        password = sys.stdin.readline().rstrip("\n")
    password_hash = hash_password(password)
    office = Office(Settings(data=data, store_url=store))
    try:
        office.store.write_now(
            SYSTEM,
            lambda tx: office.accounts.create(
                tx,
                login=login,
                name=name or login,
                role=role,
                password_hash=password_hash,
                lang=lang,
                unit_id=unit,
            ),
        )
    finally:
        office.close()
    _tell("cli-account-made", login=login, role=role)


# -- keeping -----------------------------------------------------------------------------


@app.command
def verify(file: str, *, key: str | None = None, held: list[str] | None = None) -> None:
    """Check a copy of a store without the server, and name the first entry that does not hold.

    Example: lanbi verify /backup/lanbi-2026-11-22.sqlite --held /media/outside/checkpoint.txt

    Parameters
    ----------
    file: The copy: a SQLite file, or a postgresql:// address.
    key: The site's public key in hexadecimal, or its key id, as you know it from elsewhere.
    held: A checkpoint kept outside, as `lanbi checkpoint` prints it, or SIZE:ROOT; may be repeated.
    """
    from lanbi.record.verify import verify_file

    kept = [_held(text) for text in held or ()]
    with _bar("cli-verifying") as step:
        report = verify_file(file, trusted_key=key, held=kept, progress=step)
    first = report.first_bad
    findings = [found for found in report.findings if found != first]
    if first is not None:
        _tell("cli-verify-first")
        _tell_finding(first)
        if findings:
            _tell("cli-verify-also", count=sum(report.counts.values()) - 1)
    for finding in (*findings, *report.notes):
        _tell_finding(finding)
    summary: dict[str, object] = {
        "entries": report.entries,
        "checkpoints": report.checkpoints,
        "sealed": report.sealed,
        "erased": report.erased,
        "unsigned": report.unsigned_tail,
        "root": report.root,
        "seconds": round(report.seconds, 2),
    }
    _tell("cli-verify-holds" if report.ok else "cli-verify-broken", **summary)
    if not report.ok:
        raise SystemExit(1)


def _tell_finding(finding: Any) -> None:
    lang = _lang()
    where = "" if finding.seq is None else f"#{finding.seq} "
    out.print(f"  {where}{say(lang, finding.code, **finding.args)}", markup=False)
    if advice := hint(lang, finding.code, **finding.args):
        out.print(f"    {advice}", markup=False)


def _held(text: str) -> tuple[int, str]:
    """(size, root in hex) of a checkpoint: SIZE:ROOT, or the file that `lanbi checkpoint` printed."""
    size, separator, root = text.partition(":")
    if separator and size.isdecimal():
        return int(size), root
    lines = _need_file(Path(text)).read_text(encoding="utf-8", errors="replace").splitlines()
    if len(lines) < 4 or lines[0] != CHECKPOINT_HEADER or not lines[2].isdecimal():
        raise Malformed("cli-held-unreadable", file=text)
    return int(lines[2]), lines[3]


@app.command
def backup(*, data: Data, to: Path) -> None:
    """Copy a store while its node runs, and verify the copy.

    The copy has everything but the site's signing key and the map tiles. For PostgreSQL use pg_dump.

    Example: lanbi backup --data /srv/lanbi --to /backup/lanbi-2026-11-22.sqlite

    Parameters
    ----------
    to: The file to write; it must not exist.
    """
    from lanbi.store.backup import backup as copy

    with _bar("cli-backing-up") as step:
        report = copy(Settings(data=data).database, to, progress=step)
    _tell("cli-backed-up", file=str(to), entries=report.entries, root=report.root or "")


@app.command
def restore(file: Path, *, data: Data, key: Path | None = None) -> None:
    """Make a data folder from a backup, after verifying it.

    Without the old signing key the site gets a new one, and the record says so.

    Example: lanbi restore /backup/lanbi-2026-11-22.sqlite --data /srv/lanbi-new

    Parameters
    ----------
    key: The site's key file, if you have kept it.
    """
    _need_file(file)
    from lanbi.bootstrap import Office
    from lanbi.store.backup import restore as put_back

    settings = Settings(data=data)
    with _bar("cli-restoring") as step:
        report = put_back(file, settings.database, key, settings.key, progress=step)
    office = Office(settings)
    try:
        office.begin_new_epoch()
    finally:
        office.close()
    _tell("cli-restored", data=str(data), entries=report.entries)


@app.command
def checkpoint(*, data: Data) -> None:
    """Print the newest signed checkpoint, to be kept outside the centre.

    Whoever keeps it can prove later whether the record was rewritten.

    Example: lanbi checkpoint --data /srv/lanbi
    """
    from lanbi.store.backup import newest_checkpoint

    print(newest_checkpoint(_need_file(Settings(data=data).database)))  # noqa: T201 - for files and mail


# -- taking in ---------------------------------------------------------------------------


@bring_in.command(name="places")
def import_places(
    file: Path,
    *,
    data: Data,
    source: str | None = None,
    dry_run: bool = False,
    strict: bool = False,
    store: Store = None,
) -> None:
    """Take in boundaries or a gazetteer (GeoJSON or CSV).

    Example: lanbi import places adm3_sections.geojson --data /srv/lanbi

    Parameters
    ----------
    source: Short name of where it comes from; recognised, or the file's name, unless given.
    dry_run: Say what would happen, and change nothing.
    strict: Take all rows or none.
    """
    from lanbi.bootstrap import Node

    _need_file(file)
    node = Node(Settings(data=data, store_url=store))
    try:
        with _bar("cli-importing-places", file=file.name) as step:
            report = node.import_places(
                file,
                source=source,
                dry_run=dry_run,
                strict=strict,
                progress=lambda _stage, done, total: step(done, total),
            )
    finally:
        node.close()
    _list_bad_rows((row.line, row.code, row.args) for row in report.bad)
    _tell(
        "cli-places-imported",
        added=report.added,
        changed=report.changed,
        unchanged=report.unchanged,
        refused=report.refused,
    )
    if report.refused:
        raise SystemExit(1)


@bring_in.command(name="map")
def import_map(file: Path, *, data: Data) -> None:
    """Build vector tiles from an OpenStreetMap extract; offline afterwards. Needs the extra "map".

    Example: lanbi import map haiti-latest.osm.pbf --data /srv/lanbi
    """
    from lanbi.places.tiles import build_tiles

    _need_file(file)
    target = Settings(data=data).map_tiles
    target.parent.mkdir(parents=True, exist_ok=True)
    with _bar("cli-importing-map", file=file.name) as step:
        report = build_tiles(file, target, progress=step)
    _tell("cli-map-imported", file=str(target), features=report.features, bytes=target.stat().st_size)


@bring_in.command(name="calls")
def import_calls(
    file: Path,
    *,
    data: Data,
    as_: Annotated[str, Parameter(name="--as")],
    speed: float = 0,
    limit: int | None = None,
    store: Store = None,
) -> None:
    """Replay emergency calls from a CSV through the same services that the room uses.

    Example: lanbi import calls 911.csv --as montgomery --data /tmp/montgomery --speed 60

    Parameters
    ----------
    as_: Name of a shipped mapping (montgomery, seattle), or a TOML file of your own.
    speed: 1 is real pace, 60 is a minute in a second, 0 is flat out.
    limit: Stop after so many rows.
    """
    from lanbi.bootstrap import Node

    _need_file(file)
    node = Node(Settings(data=data, store_url=store))
    try:
        with _bar("cli-importing-calls", file=file.name) as step:
            report = node.import_calls(file, mapping=as_, speed=speed, limit=limit, progress=step)
    finally:
        node.close()
    _list_bad_rows((row.line, row.error.code, row.error.args_by_name) for row in report.bad)
    _tell(
        "cli-calls-imported",
        rows=report.rows,
        calls=report.calls,
        repeated=report.repeated,
        unplaced=report.unplaced,
        refused=report.refused,
        seconds=round(report.seconds, 1),
    )
    if report.refused:
        raise SystemExit(1)


@bring_in.command(name="register")
def import_register(
    file: Path,
    *,
    data: Data,
    kind: str,
    originator: str,
    name: str,
    column: dict[str, str] | None = None,
    tlp: str = "AMBER_STRICT",
    releasable: list[str] | None = None,
    purpose: list[str] | None = None,
    onward: bool = False,
    review_on: str | None = None,
    grade: str = "F6",
    synthetic: bool = False,
    dry_run: bool = False,
    skip_bad: bool = False,
    store: Store = None,
) -> None:
    """Take in a register of known serials (CSV or XLSX): stolen, lost, licensed, state stock, sold, shipped.

    The whole file is taken in, or nothing of it. The same file is refused the second time.

    Example: lanbi import register stolen.csv --data /srv/lanbi --kind stolen --originator US --name Stolen

    Parameters
    ----------
    kind: stolen, lost, licensed, state_stock, sold or shipped.
    originator: Code of the state or site whose register it is, as US or HT-PAP.
    name: What it is called on the screens.
    column: Heading of a field that is not recognised: --column.serial "No. arme".
    tlp: CLEAR, GREEN, AMBER, AMBER_STRICT or RED.
    releasable: Codes of who may have it; may be repeated, * for anyone.
    purpose: What it may be used for; may be repeated, any lawful one unless given.
    onward: Who received it may pass it on within the same rules.
    review_on: The day after which it is not released until somebody looked at it again.
    grade: Reliability A to F and credibility 1 to 6 of its source.
    synthetic: It is made up.
    dry_run: Judge every row, and change nothing.
    skip_bad: Leave bad rows out instead of refusing the file.
    """
    import time

    from lanbi.bootstrap import Node
    from lanbi.tracing.handling import HandlingRule
    from lanbi.tracing.matches.importer import BadRowsError
    from lanbi.tracing.matches.model import Wanted

    _need_file(file)
    rules = HandlingRule(
        tlp=_tlp(tlp),
        releasable=tuple(releasable or ()),
        purposes=tuple(purpose or ()),
        onward=onward,
        review_on=review_on,
    )
    wanted = Wanted(name=name, kind=kind, handling=rules.rules(originator), grade=grade, synthetic=synthetic)
    node = Node(Settings(data=data, store_url=store))
    begun = time.monotonic()
    try:
        with _bar("cli-importing-register", file=file.name) as step:
            report = node.import_register(
                file, wanted, mapping=column, skip_bad=skip_bad, dry_run=dry_run, progress=step
            )
    except BadRowsError as error:
        _tell_register(error.report)
        raise
    finally:
        node.close()
    _tell_register(report)
    counts: dict[str, object] = {
        "rows": report.rows, "entries": report.entries, "refused": report.refused,
        "repeated": report.repeated,
    }  # fmt: skip
    if report.register is None:
        _tell("cli-register-checked", **counts)
        if report.refused and not skip_bad:
            raise SystemExit(1)
    else:
        _tell(
            "cli-register-imported",
            number=report.register.number,
            name=report.register.name,
            seconds=round(time.monotonic() - begun, 1),
            **counts,
        )


@bring_in.command(name="recoveries")
def import_recoveries(
    file: Path,
    *,
    data: Data,
    as_: Annotated[str, Parameter(name="--as")],
    dry_run: bool = False,
    skip_bad: bool = False,
    originator: str | None = None,
    tlp: str | None = None,
    releasable: str = "",
    grade: str | None = None,
    synthetic: bool = False,
    store: Store = None,
) -> None:
    """Take in seized firearms from a table (CSV, XLSX, ODS): all rows or, when told, the good ones.

    Example: lanbi import recoveries seizures.xlsx --as lanbi --data /srv/lanbi --dry-run

    Parameters
    ----------
    as_: Name of a shipped mapping (lanbi, brady, facts), or a TOML file of your own.
    dry_run: Read and judge every row, and write nothing.
    skip_bad: Take the good rows; without it one bad row stops all.
    originator: Whose claims these are, as HT or JM; what the mapping says, or this site, unless given.
    tlp: CLEAR, GREEN, AMBER, AMBER_STRICT or RED, instead of what the mapping says.
    releasable: Who may have it, with --tlp: codes parted by commas, or * for anyone.
    grade: Of the source: a letter A to F and a figure 1 to 6.
    synthetic: Label everything in it as invented.
    """
    import msgspec

    from lanbi.bootstrap import Node
    from lanbi.tracing.handling import HandlingRule
    from lanbi.tracing.schema import kind_of

    _need_file(file)
    handling = None
    if tlp is not None:
        codes = [code.strip() for code in releasable.split(",") if code.strip()]
        try:
            handling = msgspec.convert({"tlp": tlp, "releasable": codes}, HandlingRule)
        except msgspec.ValidationError as error:
            raise Malformed("recoveries-mapping-field", reason=str(error)) from error
    node = Node(Settings(data=data, store_url=store))
    try:
        job = node.read_recoveries(
            file, mapping=as_, originator=originator, handling=handling, grade=grade, synthetic=synthetic
        )
        with _bar("cli-importing-recoveries", file=file.name) as step:
            report = node.recovery_imports.judge(node.store, SYSTEM, job, step)
        for line, fault in report.faults():
            reason = _say(fault.code, **fault.args)
            if fault.column is None:
                _tell("cli-bad-row", line=line, reason=reason)
            else:
                _tell("cli-bad-cell", line=line, column=fault.column, reason=reason)
        for flag, count in report.flags.items():
            _tell(
                "cli-recoveries-flag",
                flag=node.vocabulary.term("value_flags", flag).labels[_lang()],
                count=count,
            )
        for kind, counts in report.kinds.items():
            _tell(
                "cli-recoveries-kind", kind=kind_of(kind).labels[_lang()], new=counts.new, known=counts.known
            )
        if report.similar_count:
            _tell("cli-recoveries-similar", count=report.similar_count)
        if dry_run:
            _tell(
                "cli-recoveries-judged",
                rows=report.rows, good=report.good, bad=report.bad, mapping=report.mapping,
            )  # fmt: skip
        else:
            with _bar("cli-writing-recoveries", file=file.name) as step:
                report = node.recovery_imports.run(node.store, SYSTEM, job, skip_bad=skip_bad, progress=step)
            _tell(
                "cli-recoveries-imported",
                rows=report.rows, good=report.good, bad=report.bad,
                made=report.made, stated=report.stated, known=report.known,
            )  # fmt: skip
        in_all = node.store.read_now(lambda reader: node.recoveries.timed(reader, SYSTEM))
        if report.timed:
            _tell("cli-recoveries-timed", timed=report.timed, in_all=in_all)
    finally:
        node.close()
    if report.bad:
        raise SystemExit(1)


@bring_in.command(name="statements")
def import_statements(file: Path, *, data: Data, store: Store = None) -> None:
    """Take in statements that another site exported; all of the file or nothing.

    Example: lanbi import statements lanbi-do-ht-5f2c81aa90d4.lanbi.json --data /srv/lanbi
    """
    from lanbi.bootstrap import Node

    _need_file(file)
    node = Node(Settings(data=data, store_url=store))
    try:
        taken = node.take_statements(file)
    finally:
        node.close()
    _tell("cli-statements-taken", sender=taken.sender, new=taken.new, known=taken.known, left=taken.left)


@bring_in.command(name="demo-tracing")
def import_demo_tracing(
    *, data: Data, networks: int = 30, innocents: int = 3000, seed: int = 1, store: Store = None
) -> None:
    """Take in a SYNTHETIC world of firearms tracing; what was planted in it goes to a file of its own.

    Example: lanbi import demo-tracing --data /tmp/tracing

    Parameters
    ----------
    networks: Trafficking networks to plant.
    innocents: Other recovered firearms, roughly.
    seed: The same seed makes the same world.
    """
    from lanbi.bootstrap import Node

    node = Node(Settings(data=data, store_url=store))
    try:
        with _bar("cli-telling-world") as step:
            told = node.tell_world(networks=networks, innocents=innocents, seed=seed, progress=step)
    finally:
        node.close()
    _tell(
        "cli-world-told",
        recoveries=told.recoveries,
        firearms=told.firearms,
        sales=told.sales,
        consignments=told.consignments,
        file=str(node.settings.tracing_truth),
    )


@app.command(name="time-to-crime")
def time_to_crime(
    *, data: Data, by: Literal["none", "origin", "calibre", "dealer"] = "none", store: Store = None
) -> None:
    """Print how long recovered firearms took from first sale to recovery, with every denominator.

    Example: lanbi time-to-crime --data /srv/lanbi --by origin

    Parameters
    ----------
    by: Tell groups apart by origin, calibre or dealer; groups of fewer than ten are not shown.
    """
    from rich.table import Table

    from lanbi.bootstrap import Node

    node = Node(Settings(data=data, store_url=store))
    try:
        found = node.time_to_crime(by)
    finally:
        node.close()
    table = Table(box=None)
    for name in ("group", "n", "censored", "excluded", "year-1", "year-3", "median", "shape", "scale"):
        table.add_column(
            _say(f"cli-ttc-{name}"), justify="left" if name == "group" else "right", no_wrap=True
        )
    for curve in (found.whole, *found.groups):
        if curve.suppressed:
            table.add_row(curve.group or _say("cli-ttc-all"), "< 10")
            continue
        table.add_row(
            curve.group or _say("cli-ttc-all"),
            str(curve.n),
            str(curve.censored),
            str(sum(curve.excluded.values())),
            *("" if one is None else _share(one) for one in (curve.within_1_year, curve.within_3_years)),
            "" if curve.median_days is None else f"{curve.median_days / 365.25:.2f}",
            "" if curve.weibull_shape is None else f"{curve.weibull_shape:.2f}",
            "" if curve.weibull_scale_years is None else f"{curve.weibull_scale_years:.2f}",
        )
    Console(highlight=False, width=TABLE_COLUMNS).print(table)
    whole = found.whole
    for years in (0.5, 1, 2, 3, 5, 8, 12, 20, 30):
        at = sum(day <= years * 365.25 for day in whole.days)
        share = whole.recovered[at - 1] if at else 0.0
        out.print(f"{years:>5} {'█' * round(50 * share):<50} {100 * share:5.1f} %", markup=False)
    for reason, count in sorted(whole.excluded.items()):
        _tell("cli-ttc-untimed", reason=reason, count=count)


def _share(share: Any) -> str:
    return f"{100 * share.value:.0f} % ({100 * share.low:.0f}–{100 * share.high:.0f})"


@measure.command(name="tracing")
def bench_tracing(*, data: Data, store: Store = None) -> None:
    """Score a search for networks against what was planted by `lanbi import demo-tracing`.

    Example: lanbi bench tracing --data /tmp/tracing
    """
    from lanbi.bootstrap import Node

    node = Node(Settings(data=data, store_url=store))
    try:
        score = node.score_networks()
    finally:
        node.close()
    _tell(
        "cli-world-scored",
        found=round(100 * score.found, 1),
        precision=round(score.pair_precision, 4),
        recall=round(score.pair_recall, 4),
        false=round(score.false_per_1000, 2),
        clusters=score.clusters,
    )
    for channel, (found, planted) in sorted(score.found_by_channel.items()):
        _tell("cli-world-channel", channel=channel, found=found, planted=planted)


def _tlp(text: str) -> Any:
    from lanbi.tracing.handling import TLP

    if text not in TLP:
        raise Malformed("cli-tlp", given=text[:20], known=", ".join(TLP))
    return text


def _tell_register(report: Any) -> None:
    for field, heading in report.headings.items():
        _tell("cli-register-headings", field=field, heading=heading)
    _list_bad_rows((row.line, row.code, row.args) for row in report.bad)
    if report.refused > len(report.bad):
        for reason, count in report.by_reason.items():
            _tell("cli-register-reason", count=count, reason=reason)
    for flag, count in report.flags.items():
        _tell(f"cli-register-flag-{flag}", count=count)


def _list_bad_rows(bad: Iterable[tuple[int, str, Mapping[str, object]]]) -> None:
    for line, code, args in bad:
        _tell("cli-bad-row", line=line, reason=_say(code, **args))


def main() -> None:
    """Runs the command line; refusals are said in the user's language and end with 1."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app(result_action="return_value")
    except LanbiError as error:
        lang = _lang()
        err.print(say(lang, error.code, **error.args_by_name), markup=False)
        if advice := hint(lang, error.code, **error.args_by_name):
            err.print(advice, markup=False)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
