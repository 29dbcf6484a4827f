#!/usr/bin/env python3
"""Makes tests/dates/calendar.tsv: ten thousand relative dates with what they mean by the calendar of `datetime`.

    python3 scripts/make_calendar_cases.py > tests/dates/calendar.tsv

Columns: day of the text, words, TIMEX3 value, first day, last day. Nothing here knows of the program. Rules where usage
leaves a choice: a weekday alone is the most recent one, the day itself included; `last` is before the day, `next` after
it; a day of a month without a year is the nearest one, of two equally near the past one.
"""
import calendar
import datetime
import random

DAYS = list(calendar.day_name)
MONTHS = list(calendar.month_name)[1:]
DAY = datetime.timedelta(days=1)
WORDS = "one two three four five six seven eight nine ten eleven twelve".split()


def anchors(rng):
    """Days of four centuries, many of them at the edges of months, weeks and leap years."""
    while True:
        year = rng.choice([rng.randint(1700, 2300), rng.randint(1900, 2030), rng.choice([1896, 1900, 1904, 1999, 2000, 2024])])
        kind = rng.random()
        if kind < 0.3:
            month = rng.randint(1, 12)
            last = calendar.monthrange(year, month)[1]
            yield datetime.date(year, month, rng.choice([1, 2, last - 1, last]))
        elif kind < 0.4:
            yield rng.choice([datetime.date(year, 12, 31), datetime.date(year, 1, 1), datetime.date(year, 2, 28), datetime.date(year, 3, 1)])
        else:
            yield datetime.date(year, 1, 1) + DAY * rng.randint(0, 364)


def month(year, number):
    """The value, first and last day of a month; months outside the year are of the years beside it."""
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    return f"{year:04}-{number:02}", datetime.date(year, number, 1), datetime.date(year, number, calendar.monthrange(year, number)[1])


def whole_year(year):
    """The value, first and last day of a year."""
    return f"{year:04}", datetime.date(year, 1, 1), datetime.date(year, 12, 31)


def week(day):
    """The value, first and last day of the week of a day, by ISO 8601."""
    year, number, weekday = day.isocalendar()
    first = day - DAY * (weekday - 1)
    return f"{year:04}-W{number:02}", first, first + DAY * 6


def quarter(year, number):
    """The value, first and last day of a quarter; those outside the year are of the years beside it."""
    year, number = year + (number - 1) // 4, (number - 1) % 4 + 1
    return f"{year:04}-Q{number}", month(year, 3 * number - 2)[1], month(year, 3 * number)[2]


def one(day):
    """The value, first and last day of a day."""
    return day.isoformat(), day, day


def case(rng, anchor):
    """Words, and what they mean on the day `anchor`."""
    kind = rng.randrange(20)
    count = rng.randint(2, 12)
    said = rng.choice([WORDS[count - 1], str(count)])
    if kind == 0:
        words, by = rng.choice([("yesterday", -1), ("today", 0), ("tomorrow", 1)])
        return words, one(anchor + DAY * by)
    if kind in (1, 2):
        name = rng.choice(DAYS)
        back = (anchor.weekday() - DAYS.index(name)) % 7
        return name, one(anchor - DAY * back)
    if kind == 3:
        name = rng.choice(DAYS)
        back = (anchor.weekday() - DAYS.index(name)) % 7 or 7
        return f"last {name}", one(anchor - DAY * back)
    if kind == 4:
        name = rng.choice(DAYS)
        on = (DAYS.index(name) - anchor.weekday()) % 7 or 7
        return f"next {name}", one(anchor + DAY * on)
    if kind == 5:
        words, by = rng.choice([("last", -1), ("this", 0), ("next", 1)])
        return f"{words} week", week(anchor + DAY * 7 * by)
    if kind == 6:
        words, by = rng.choice([("last", -1), ("this", 0), ("next", 1)])
        return f"{words} month", month(anchor.year, anchor.month + by)
    if kind == 7:
        words, by = rng.choice([("last", -1), ("this", 0), ("next", 1)])
        return f"{words} year", whole_year(anchor.year + by)
    if kind == 8:
        words, by = rng.choice([("last", -1), ("next", 1)])
        return f"{words} quarter", quarter(anchor.year, (anchor.month - 1) // 3 + 1 + by)
    if kind == 9:
        return f"{said} days ago", one(anchor - DAY * count)
    if kind == 10:
        return f"{said} weeks ago", one(anchor - DAY * 7 * count)
    if kind == 11:
        return f"{said} months ago", month(anchor.year, anchor.month - count)
    if kind == 12:
        return f"{said} years ago", whole_year(anchor.year - count)
    if kind == 13:
        return f"{said} days from now", one(anchor + DAY * count)
    if kind in (14, 15):
        number = rng.randint(1, 12)
        day = rng.randint(1, min(28, calendar.monthrange(anchor.year, number)[1]))
        near = [datetime.date(anchor.year + by, number, day) for by in (-1, 0, 1)]
        best = min(near, key=lambda other: (abs((other - anchor).days), other > anchor))
        return rng.choice([f"{MONTHS[number - 1]} {day}", f"{day} {MONTHS[number - 1]}"]), one(best)
    if kind == 16:
        number, ordinal = rng.choice([(1, "first"), (2, "second"), (3, "third"), (4, "fourth")])
        year = rng.randint(1900, 2099)
        return f"the {ordinal} quarter of {year}", quarter(year, number)
    if kind == 17:
        number = rng.randint(1, 12)
        year = rng.randint(1700, 2199)
        return f"{MONTHS[number - 1]} {year}", month(year, number)
    if kind == 18:
        decade = rng.randint(180, 209)
        return f"the {decade}0s", (f"{decade}", datetime.date(decade * 10, 1, 1), datetime.date(decade * 10 + 9, 12, 31))
    words, by = rng.choice([("the day before yesterday", -2), ("the day after tomorrow", 2)])
    return words, one(anchor + DAY * by)


def main():
    """Writes the table."""
    rng = random.Random(1)
    print("# Made by scripts/make_calendar_cases.py. Columns: day of the text, words, value, first day, last day.")
    for _, anchor in zip(range(10_000), anchors(rng)):
        words, (value, first, last) = case(rng, anchor)
        print(f"{anchor}\t{words}\t{value}\t{first}\t{last}")


main()
