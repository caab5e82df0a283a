"""The whole list of seeded faults."""

from __future__ import annotations

from tools.mutants.bitmap_faults import BITMAP_FAULTS
from tools.mutants.fault import Fault
from tools.mutants.kernel_faults import KERNEL_FAULTS
from tools.mutants.shared_faults import SHARED_FAULTS
from tools.mutants.sql_faults import SQL_FAULTS

FAULTS: tuple[Fault, ...] = (*SHARED_FAULTS, *KERNEL_FAULTS, *BITMAP_FAULTS, *SQL_FAULTS)
