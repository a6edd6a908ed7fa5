"""``posturecam doctor``: what works on this machine, and what to do about what does not."""

from __future__ import annotations


def doctor() -> None:
    """Check this machine: what works, and what to do about what does not. Always ends with exit code 0."""
    from posturecam.app.doctor import examine

    findings = list(examine())
    width = max(len(finding.subject) for finding in findings)
    for finding in findings:
        print(f"{finding.state:<8}{finding.subject:<{width}}  {finding.detail}")
        if finding.advice and finding.state != "ok":
            print(f"{'':<8}{'':<{width}}  -> {finding.advice}")
    missing = sum(finding.state == "missing" for finding in findings)
    notes = sum(finding.state == "note" for finding in findings)
    if missing:
        print(f"\n{missing} of {len(findings)} things need your hand; the arrows say what to do.")
    else:
        print("\nEverything needed is here" + (f"; {notes} optional things are not." if notes else "."))
