"""After letters, answers, withdrawals and erasures both records hold, for a verifier that runs apart."""

from pathlib import Path

from lanbi.record.sealed import erase_due
from lanbi.record.verify import verify_file
from lanbi.store.sqlite import FILE_NAME
from partners.sites import KEEPER, engines_in
from tracing.requests.answering_day import answered_with_names
from tracing.requests.states import exchange_over


def test_both_records_hold_after_all_that_can_happen(tmp_path: Path) -> None:
    with exchange_over(engines_in(tmp_path)) as exchange:
        answered_with_names(exchange)
        exchange.wait(11 * 365)
        for state in exchange.states.values():
            assert state.do(erase_due, by=KEEPER) > 0
    for name in ("ht", "do"):
        report = verify_file(str(tmp_path / name / FILE_NAME))
        assert report.ok, report.findings
        assert report.statements > 0
