"""What is asked before somebody is given a bed."""

from functools import cache

from varde.content import BED_CRITERIA_FILE, bed_criteria_text
from varde.engines.bed_criteria import BedCriteria, load


@cache
def criteria() -> BedCriteria:
    """The criteria of this version of Varde, by kind of bed."""
    return load(bed_criteria_text(), filename=BED_CRITERIA_FILE)
