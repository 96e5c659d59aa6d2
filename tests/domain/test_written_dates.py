from __future__ import annotations

import pytest

from timeline.domain.written_dates import as_edtf


@pytest.mark.parametrize(
    ("written", "edtf"),
    [
        ("10.12.2025", "2025-12-10"),
        ("10. 12. 2025", "2025-12-10"),
        ("10. Dez. 2025", "2025-12-10"),
        ("10 Dec 2025", "2025-12-10"),
        ("December 10, 2025", "2025-12-10"),
        ("Dezember 2025", "2025-12"),
        ("März 2025", "2025-03"),
        ("12.2025", "2025-12"),
        ("2025/12/10", "2025-12-10"),
        (" 2025-12 ", "2025-12"),
        ("2025", "2025"),
        ("2025-12-15~", "2025-12-15~"),
        ("../2025-12-15", "../2025-12-15"),
        ("2025-12-01/2025-12-15", "2025-12-01/2025-12-15"),
        ("31.02.2025", "2025-02-31"),
        ("10 12 2025", "10 12 2025"),
        ("10 Foo 2025", "10 Foo 2025"),
        ("neulich", "neulich"),
    ],
)
def test_a_date_as_people_write_it_is_read_as_edtf(written: str, edtf: str) -> None:
    assert as_edtf(written) == edtf
