"""Tell how many broken manuscripts get the right file, line and advice."""

from tests.faults import CASES, tell

told = [tell(case) for case in CASES]
for one in told:
    if not one.is_right:
        print(f"  {one}")
print(f"{sum(one.is_right for one in told)} of {len(told)} broken manuscripts: file, line, advice")
