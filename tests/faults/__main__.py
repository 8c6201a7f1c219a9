"""Print how many broken manuscripts get the right file, line and advice."""

from tests.faults import CASES, report

reports = [report(case) for case in CASES]
for each in reports:
    if not each.is_right:
        print(f"  {each}")
right = sum(each.is_right for each in reports)
print(f"{right} of {len(reports)} broken manuscripts: file, line, advice")
