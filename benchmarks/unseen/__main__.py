"""Fresh casts: ``render SEED... --out DIR``, ``score DIR... [--tuned DIR...]``, ``sheet DIR --out PNG``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: Sequence[str] | None = None) -> int:
    """Render fresh casts, or say how well the program does on rendered ones."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.unseen", description=main.__doc__)
    todo = parser.add_subparsers(dest="todo", required=True)
    one = todo.add_parser("render", help="render the cast of each seed into DIR/seedN")
    one.add_argument("seeds", type=int, nargs="+", metavar="SEED")
    one.add_argument("--out", type=Path, required=True, help="folder outside the project")
    one.add_argument("--jobs", type=int, default=1, help="processes side by side")
    one.add_argument("--only", metavar="EXERCISE", help="only clips of an exercise (or negative)")
    one.add_argument("--list", action="store_true", help="print the scripts and stop")
    two = todo.add_parser("score", help="run the program on rendered casts and print its figures")
    two.add_argument("folders", type=Path, nargs="+", metavar="DIR")
    two.add_argument("--tuned", type=Path, nargs="+", metavar="DIR", help="casts that limits were chosen with, beside")
    two.add_argument("--details", action="store_true", help="also a line for every clip that is not right")
    two.add_argument("--jobs", type=int, default=1, help="processes side by side, for finding landmarks")
    two.add_argument("--json", type=Path, metavar="FILE", help="every clip's evidence")
    three = todo.add_parser("sheet", help="draw moments of a rendered cast, with its true joints, into a picture")
    three.add_argument("folder", type=Path, metavar="DIR")
    three.add_argument("--out", type=Path, required=True, metavar="PNG")
    three.add_argument("--clips", type=int, nargs=2, default=(0, 1000), metavar=("FIRST", "LAST"))
    args = parser.parse_args(argv)
    if args.todo == "render":
        from benchmarks.unseen.rendering import render

        return render(args.seeds, args.out, args.jobs, args.only, only_list=args.list)
    if args.todo == "sheet":
        from benchmarks.unseen.sheet import sheet

        sheet(args.folder, args.out, first=args.clips[0], last=args.clips[1])
        return 0
    from benchmarks.unseen.scoring import score

    return score(args.folders, args.tuned or [], jobs=args.jobs, details=args.details, json_file=args.json)


if __name__ == "__main__":
    sys.exit(main())
