#!/usr/bin/env python3
"""Measures the program on gold data and fails where a figure is below its floor. Standard library only.

    check.py [--bin PATH] [--shared DIR] [--only WORD] [--renew]

floors.json: {"TASK FILE": {"FIGURE": FLOOR}}, the file below data/ in DIR, the figure as `score.py TASK FILE` names it
(`PER.f1` is `f1` in `PER`). A figure that could not be measured counts as 0. `--renew` sets each floor to what was
measured, rounded down to a whole point of per cent; floors are never lowered without saying so in the commit.
"""
import argparse
import json
import math
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
FLOORS = os.path.join(HERE, "floors.json")


def measure(shared, binary, task, gold):
    """All that the scorer says about one set, and what was wrong where it says nothing."""
    score = os.path.join(shared, "score", "score.py")
    path = os.path.join(shared, "data", gold)
    run = subprocess.run([sys.executable, score, task, path, "--bin", binary], capture_output=True, text=True)
    lines = (run.stdout if run.returncode == 0 else run.stderr).strip().splitlines()
    last = lines[-1] if lines else "the scorer said nothing"
    return (json.loads(last), None) if run.returncode == 0 else ({}, last)


def figure(result, name):
    """The value at a dotted name; 0 where there is none."""
    for part in name.split("."):
        result = result.get(part) if isinstance(result, dict) else None
    return result if isinstance(result, (int, float)) else 0


def rounded_down(value):
    """To a whole point of per cent; figures are either per cent or parts of one."""
    return math.floor(value * 100) / 100 if 0 <= value <= 1 else math.floor(value)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default="target/release/dateline")
    parser.add_argument("--shared", default=os.path.join(HERE, "..", "..", "..", "shared"))
    parser.add_argument("--only", default="", help="only sets with this in their name")
    parser.add_argument("--renew", action="store_true")
    args = parser.parse_args()
    if not os.path.exists(os.path.join(args.shared, "score", "score.py")):
        print("skipped: no measuring data beside the checkout")
        return 0
    with open(FLOORS, encoding="utf-8") as file:
        floors = json.load(file)
    below = 0
    for name, figures in floors.items():
        if args.only not in name:
            continue
        task, gold = name.split(" ", 1)
        if not os.path.exists(os.path.join(args.shared, "data", gold)):
            print(f"skipped: {gold} is not there")
            continue
        result, fault = measure(args.shared, args.bin, task, gold)
        if fault:
            print(f"not measured: {name}: {fault}")
        for key, floor in figures.items():
            value = figure(result, key)
            fails = value < floor
            below += fails
            print(f"{'BELOW' if fails else 'ok':5} {name:42} {key:38} {value:8} floor {floor}")
            if args.renew:
                figures[key] = rounded_down(value)
    if args.renew:
        with open(FLOORS, "w", encoding="utf-8") as file:
            json.dump(floors, file, indent=2)
            file.write("\n")
        return 0
    if below:
        print(f"{below} below the floor")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
