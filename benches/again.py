#!/usr/bin/env python3
"""Times runs over a folder of text files that is indexed already: nothing changed, and one file in a hundred changed.

    again.py FOLDER --bin target/release/dateline [--bin ANOTHER] [--rounds 7] [--each 100]

The folder is indexed once, by the first program; each program goes on with a copy of that index of its own. In every
round, every `--each`th file is written anew: what it had at the beginning and one line more, never what a round before
made of it, so that articles do not grow. After the last round, and after an interruption, the files are as they were.
A whole process is timed from start to exit; programs take turns. Prints Markdown: medians, with the least and the most.
"""
import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

# A file that changed shortly before a run is read again by the next one, whatever it looks like.
PAUSE = 3.0


def run(program, folder, index):
    """Seconds of wall time and of processor time of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    subprocess.run([program, "index", folder, "--index", index, "--quiet"], check=True)
    wall = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def chosen(folder, each):
    """Every `each`th file of the folder, in the order of their paths."""
    paths = sorted(os.path.join(path, name) for path, _, names in os.walk(folder) for name in names)
    return paths[each - 1 :: each]


def write(contents, line):
    for path, bytes_ in contents.items():
        with open(path, "wb") as file:
            file.write(bytes_ + line)
    time.sleep(PAUSE)


def shown(times):
    times = sorted(times)
    return f"{statistics.median(times):.2f} ({times[0]:.2f} to {times[-1]:.2f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--bin", action="append", required=True)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--each", type=int, default=100)
    options = parser.parse_args()
    contents = {}
    for path in chosen(options.folder, options.each):
        with open(path, "rb") as file:
            contents[path] = file.read()
    same, changed = ({program: [] for program in options.bin} for _ in range(2))
    with tempfile.TemporaryDirectory() as work:
        print(f"indexing; {len(contents)} files are to change", file=sys.stderr, flush=True)
        first = os.path.join(work, "0")
        run(options.bin[0], options.folder, first)
        indexes = {program: os.path.join(work, str(number)) for number, program in enumerate(options.bin)}
        for index in list(indexes.values())[1:]:
            shutil.copytree(first, index)
        time.sleep(PAUSE)
        try:
            for number in range(options.rounds):
                for program, index in indexes.items():
                    same[program].append(run(program, options.folder, index))
                write(contents, f"A line that round {number + 1} added.\n".encode())
                for program, index in indexes.items():
                    changed[program].append(run(program, options.folder, index))
        finally:
            write(contents, b"")
    print(f"| program | nothing changed, s | processor, s | {len(contents)} files changed, s | processor, s |")
    print("|---|---|---|---|---|")
    for program in options.bin:
        cells = [shown(column) for times in (same, changed) for column in zip(*times[program])]
        print(f"| {program} | {' | '.join(cells)} |")


main()
