#!/usr/bin/env python3
"""Compares dateline with other programs on the same folder of text files, in one run. Standard library only.

    peers.py FOLDER --bin target/release/dateline [--minutes 11] [--recoll 40000] [--articles N] [--only NAME,…]

FOLDER has one article a file: the headline in the first line, the body below. What is compared: dateline, everything
extracted and with `--no-extract`; a bare program on the same engine (`--bare` of the bench `indexing`); SQLite FTS5
(title and body, contents kept); Lucene (`benches/peers/Peers.java`); Recoll (on the first `--recoll` files, with
dateline on the same, for it is slow); ripgrep, which has no index. What is missing is left out, with how to get it.

Each indexes as a process of its own, one after the other; rounds are repeated while they fit in `--minutes`, and
medians are shown. Then come six questions that all are asked alike, in their own words: drawn from the files, the same
for the same files. A whole process is timed from start to exit; within a process the median of many repetitions.
Prints Markdown.
"""
import argparse
import collections
import glob
import json
import os
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
# Articles that questions are drawn from, and how often each question is asked as a whole process.
SAMPLE = 4000
REPEATS = 7
# For what is under construction, the same for all that can be told.
MEMORY_MB = 160


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def files_of(folder):
    found = []
    for path, folders, names in os.walk(folder):
        folders.sort()
        found.extend(os.path.join(path, name) for name in sorted(names))
    return found


def article(path):
    """Headline and body of a file."""
    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        title, _, body = file.read().partition("\n")
    return title, body


def bytes_of(path):
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(os.path.getsize(file) for file in files_of(path))


Ran = collections.namedtuple("Ran", "wall cpu peak output")


def run(command, codes=(0,), **options):
    """Runs a command; its time, the processor time of all its processes, and the most memory that any of them took."""
    began = time.monotonic()
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **options
    )
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    process.stdout.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in codes:
        raise SystemExit(f"`{command}` ended with {process.returncode}")
    return Ran(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, output.decode("utf-8", "replace"))


# The questions. Words are small letters of ASCII only, so that all split and fold them alike.

Question = collections.namedtuple("Question", "name kind words")


def questions_of(files):
    step = max(1, len(files) // SAMPLE)
    words, pairs, triples = (collections.Counter() for _ in range(3))
    count = 0
    for path in files[::step]:
        title, body = article(path)
        count += 1
        # No word at the edge of other signs: `year's` and `co-op` are split in different ways.
        clean = re.findall(r"(?:(?<![\w'’.-])[a-z]+(?![\w'’.-]) ?)+", title + "\n" + body)
        runs = [run.split() for run in clean]
        words.update({word for run in runs for word in run})
        pairs.update({pair for run in runs for pair in zip(run, run[1:])})
        triples.update({triple for run in runs for triple in zip(run, run[1:], run[2:])})

    def nearest(counter, share, fits):
        """The one that is in so many of the articles, as nearly as may be; the first by the alphabet."""
        candidates = (key for key in counter if fits(key))
        return min(candidates, key=lambda key: (abs(counter[key] - share * count), key))

    long = lambda key: all(len(word) > 4 for word in ([key] if isinstance(key, str) else key))
    rare = nearest(words, 3 / count, long)
    frequent = nearest(words, 0.25, long)
    phrase = nearest(triples, 3 / count, lambda key: sum(len(word) > 4 for word in key) > 1)
    common = max((pair for pair in pairs if long(pair)), key=lambda pair: (pairs[pair], pair))
    one = nearest(words, 0.10, lambda key: long(key) and key != frequent)
    other = nearest(words, 0.05, lambda key: long(key) and key not in (one, frequent))
    stem = nearest(words, 0.02, lambda key: len(key) > 7)
    return [
        Question("rare word", "word", (rare,)),
        Question("frequent word", "word", (frequent,)),
        Question("phrase", "phrase", phrase),
        Question("frequent phrase", "phrase", common),
        Question("two words", "both", (one, other)),
        Question("beginning of words", "prefix", (stem[:5],)),
    ]


def plain(question):
    """As dateline, Recoll, the bare program and Lucene write it."""
    words = " ".join(question.words)
    return {"phrase": f'"{words}"', "prefix": f"{words}*"}.get(question.kind, words)


def for_fts(question):
    words = " ".join(question.words)
    return {"phrase": f'"{words}"', "prefix": f"{words}*", "both": " AND ".join(question.words)}.get(question.kind, words)


# Those that are compared. Each has a name, says what is missing, makes an index, and may answer.


class Peer:
    """`command` makes an index of a folder; `ask` answers as a whole process; `within` all questions in one."""

    again = False

    def __init__(self, options, work):
        self.options, self.work = options, work
        self.index = os.path.join(work, re.sub(r"\W+", "-", self.name))

    def missing(self):
        return None

    def clear(self):
        shutil.rmtree(self.index, ignore_errors=True)

    def count(self, question):
        return None

    def within(self, questions):
        return None

    def asking(self, command, questions):
        """Runs a program that answers a file of questions, with a line of JSON for each."""
        path = os.path.join(self.work, "questions.txt")
        with open(path, "w") as file:
            file.writelines(plain(question) + "\n" for question in questions)
        return [json.loads(line) for line in run([*command, path]).output.splitlines()]


class Dateline(Peer):
    name, extra, again = "dateline", [], True

    def missing(self):
        return None if os.path.exists(self.options.bin) else f"`{self.options.bin}`: cargo build --release"

    def command(self, folder):
        return [self.options.bin, "index", "--quiet", *self.extra, "--index", self.index, folder]

    def count(self, question):
        command = [self.options.bin, "count", "--no-variants", "--index", self.index, plain(question)]
        ran = run(command, (0, 1))
        return int(ran.output.strip() or 0), ran.wall

    def within(self, questions):
        return self.asking([self.options.asking, self.index], questions) if self.options.asking else None


class NoExtract(Dateline):
    name, extra = "dateline --no-extract", ["--no-extract"]


class Bare(Peer):
    name = "bare tantivy"

    def missing(self):
        return None if self.options.indexing else "the benches: cargo bench --no-run --bench indexing --bench asking"

    def prepare(self, files):
        self.lines = os.path.join(self.work, "articles.jsonl")
        with open(self.lines, "w") as out:
            for number, path in enumerate(files):
                title, body = article(path)
                out.write(json.dumps({"id": str(number), "title": title, "text": body}, ensure_ascii=False) + "\n")

    def command(self, folder):
        return [self.options.indexing, "--bare", self.lines, self.index]

    def within(self, questions):
        return self.asking([self.options.asking, "--bare", self.index], questions) if self.options.asking else None


class Sqlite(Peer):
    name = "SQLite FTS5"

    def missing(self):
        try:
            sqlite3.connect(":memory:").execute("CREATE VIRTUAL TABLE a USING fts5(b)")
        except sqlite3.Error as error:
            return f"{error}: a Python whose SQLite has FTS5"
        return None

    def command(self, folder):
        return [sys.executable, os.path.abspath(__file__), "--make-sqlite", folder, self.index]

    def count(self, question):
        sql = f"SELECT count(*) FROM articles WHERE articles MATCH '{for_fts(question)}'"
        if not shutil.which("sqlite3"):
            return None
        ran = run(["sqlite3", os.path.join(self.index, "articles.db"), sql])
        return int(ran.output), ran.wall

    def within(self, questions):
        database = sqlite3.connect(os.path.join(self.index, "articles.db"))
        count = "SELECT count(*) FROM articles WHERE articles MATCH ?"
        best = "SELECT title, body FROM articles WHERE articles MATCH ? ORDER BY rank LIMIT 10"

        def median(sql, query):
            times, began, found = [], time.monotonic(), None
            while len(times) < 5 or time.monotonic() - began < 0.3:
                asked = time.perf_counter()
                found = database.execute(sql, (query,)).fetchall()
                times.append((time.perf_counter() - asked) * 1e3)
            return found, statistics.median(times)

        answers = []
        for question in questions:
            (hits, counted), (_, page) = (median(sql, for_fts(question)) for sql in (count, best))
            answers.append({"hits": hits[0][0], "count": counted, "page": page})
        database.close()
        return answers


def make_sqlite(folder, index):
    """What `Sqlite` runs as a process of its own."""
    os.makedirs(index)
    database = sqlite3.connect(os.path.join(index, "articles.db"))
    database.execute(f"PRAGMA cache_size = -{MEMORY_MB * 1000}")
    database.execute("CREATE VIRTUAL TABLE articles USING fts5(title, body)")
    database.executemany("INSERT INTO articles VALUES (?, ?)", (article(path) for path in files_of(folder)))
    database.commit()
    database.close()


class Lucene(Peer):
    name = "Lucene"
    wanted = ("core", "analyzers-common", "analysis-common", "queryparser", "queries", "sandbox")

    def missing(self):
        if not (shutil.which("java") and shutil.which("javac")):
            return "a JDK: apt-get install default-jdk-headless"
        pattern = os.path.join(self.options.lucene, "lucene-{}-*.jar")
        names = [name for part in self.wanted for name in glob.glob(pattern.format(part))]
        if not any("lucene-core" in name for name in names):
            return f"no Lucene in `{self.options.lucene}` (--lucene): apt-get install liblucene8-java"
        self.classes = os.path.join(self.work, "classes")
        self.path = os.pathsep.join([*names, self.classes])
        run(["javac", "-cp", self.path, "-d", self.classes, os.path.join(HERE, "peers", "Peers.java")])
        version = re.search(r"lucene-core-([\d.]+)\.jar", " ".join(names))
        self.name = f"Lucene {version.group(1)}" if version else self.name
        return None

    def java(self, *arguments):
        return ["java", "-cp", self.path, "Peers", *arguments]

    def command(self, folder):
        return self.java("index", folder, self.index)

    def count(self, question):
        ran = run(self.java("count", self.index, plain(question)))
        return int(ran.output), ran.wall

    def within(self, questions):
        return self.asking(self.java("ask", self.index), questions)


class Recoll(Peer):
    name, again = "Recoll", True

    def missing(self):
        return None if shutil.which("recollindex") and shutil.which("recollq") else "apt-get install recollcmd"

    def command(self, folder):
        os.makedirs(self.index, exist_ok=True)
        path = os.path.join(self.index, "recoll.conf")
        settings = [f"topdirs = {folder}", "noaspell = 1", "indexstemminglanguages =", f"idxflushmb = {MEMORY_MB}",
                    "loglevel = 1"]
        text = "\n".join(settings) + "\n"
        # Written once: what is newer than the index is read again.
        if not os.path.exists(path):
            with open(path, "w") as file:
                file.write(text)
        return ["recollindex", "-c", self.index]

    def count(self, question):
        ran = run(["recollq", "-c", self.index, "-E", "-Q", "-s", "", plain(question)])
        found = re.search(r"^(\d+) results", ran.output, re.M)
        return int(found.group(1)) if found else 0, ran.wall


class Ripgrep(Peer):
    name = "ripgrep"

    def missing(self):
        return None if shutil.which("rg") else "apt-get install ripgrep"

    def command(self, folder):
        self.folder = folder
        return None

    def count(self, question):
        words = question.words
        pattern = {"phrase": r"\b" + r"\W+".join(words) + r"\b", "prefix": rf"\b{words[0]}"}.get(
            question.kind, rf"\b{words[0]}\b")
        # In a phrase the words may stand on two lines.
        lines = ["-U"] if question.kind == "phrase" else []
        command = ["rg", "-l", "-i", *lines, "--null", pattern, self.folder]
        if question.kind == "both":
            script = r'rg -l -i --null "\b$1\b" "$3" | xargs -0 -r rg -l -i --null "\b$2\b"'
            command = ["sh", "-c", script, "sh", *words, self.folder]
        ran = run(command, (0, 1, 123))
        return ran.output.count("\0"), ran.wall


def link(files, folder, root):
    """The same files in another folder, so that all programs have these and no more."""
    for path in files:
        to = os.path.join(folder, os.path.relpath(path, root))
        os.makedirs(os.path.dirname(to), exist_ok=True)
        try:
            os.link(path, to)
        except OSError:
            shutil.copy2(path, to)


# What is measured, and how it is shown.


class Group:
    """A folder, and the peers that are compared on it; the first is what all are measured by."""

    def __init__(self, files, folder, peers):
        self.files, self.folder, self.peers = files, folder, peers
        self.rounds = collections.defaultdict(list)
        self.text = sum(os.path.getsize(path) for path in files)
        self.answers, self.best = {}, {}

    def round(self):
        """Each peer once, in turn."""
        for peer in self.peers:
            peer.clear()
            command = peer.command(self.folder)
            if not command:
                continue
            say(f"{len(self.files):,} files: {peer.name}")
            first = run(command)
            # Written back before the next one begins, so that nobody pays for another's writes.
            os.sync()
            again = run(peer.command(self.folder)).wall if peer.again else None
            self.rounds[peer.name].append((first.wall, first.cpu, first.peak, bytes_of(peer.index), again))

    def median(self, name, column):
        values = [entry[column] for entry in self.rounds[name]]
        return statistics.median(values) if values and values[0] is not None else None

    def show_building(self):
        base = self.peers[0].name
        print(f"Indexing {len(self.files):,} files, {self.text / 1e6:,.0f} MB of text:\n")
        columns = ["seconds", f"against {base}", "MB/s", "processor seconds", "peak MB", "index/text",
                   "nothing changed, s", "rounds"]
        print("| | " + " | ".join(columns) + " |")
        print("|---|---|---|---|---|---|---|---|---|")
        for peer in self.peers:
            if not self.rounds[peer.name]:
                continue
            wall, cpu, peak, size, again = (self.median(peer.name, column) for column in range(5))
            ratio = wall / self.median(base, 0)
            cells = [f"{wall:.1f}", f"{ratio:.2f}", f"{self.text / 1e6 / wall:.1f}", f"{cpu:.1f}", f"{peak / 1e6:.0f}",
                     f"{size / self.text:.2f}", "" if again is None else f"{again:.2f}", str(len(self.rounds[peer.name]))]
            print(f"| {peer.name} | " + " | ".join(cells) + " |")
        print()

    def ask(self, questions, repeats):
        """Whole processes, the peers in turn, the median of all turns; then within a process."""
        times = collections.defaultdict(list)
        for turn in range(repeats):
            for peer in self.peers:
                # A scan of everything takes seconds: once warm, it says the same each time.
                if isinstance(peer, Ripgrep) and turn > 1:
                    continue
                for question in questions:
                    answer = peer.count(question)
                    if answer:
                        times[peer.name, question.name].append(answer)
        for key, answers in times.items():
            if len({hits for hits, _ in answers}) != 1:
                raise SystemExit(f"{key} gave different numbers: {answers}")
            self.answers[key] = answers[0][0], statistics.median(wall for _, wall in answers) * 1e3
        for peer in self.peers:
            say(f"{len(self.files):,} files: questions within {peer.name}")
            for question, answer in zip(questions, peer.within(questions) or []):
                self.best[peer.name, question.name] = answer

    def show_answers(self, questions):
        base = self.peers[0].name
        names = " | ".join(question.name for question in questions)
        line = "|---" * (len(questions) + 1) + "|"

        def table(title, cell):
            rows = [(peer.name, [cell(peer.name, question.name) for question in questions]) for peer in self.peers]
            rows = [(name, cells) for name, cells in rows if any(cells)]
            if rows:
                print(f"{title}:\n\n| | {names} |\n{line}")
                for name, cells in rows:
                    print(f"| {name} | " + " | ".join(cells) + " |")
                print()

        def hits(name, question):
            found = self.answers.get((name, question)) or (self.best.get((name, question), {}).get("hits"),)
            return "" if found[0] is None else f"{found[0]:,}"

        def against(value, other):
            return f"{value:.2f}" + (f" ({value / other:.1f})" if other else "")

        def whole(name, question):
            answer, own = self.answers.get((name, question)), self.answers.get((base, question))
            return f"{answer[1]:.0f} ({answer[1] / own[1]:.1f})" if answer else ""

        def inside(what):
            def cell(name, question):
                answer, own = self.best.get((name, question)), self.best.get((base, question))
                return against(answer[what], own[what] if own else None) if answer else ""
            return cell

        asked = "; ".join(f"{question.name} `{plain(question)}`" for question in questions)
        print(f"Questions of the {len(self.files):,} files: {asked}.\n")
        table("Articles found", hits)
        table(f"Counting them, a whole process, in milliseconds (against {base})", whole)
        table(f"Counting them within a process, in milliseconds (against {base})", inside("count"))
        table(f"The ten best with their text within a process, in milliseconds (against {base})", inside("page"))


def newest(pattern):
    """A bench as cargo builds it: the newest that can be run."""
    found = glob.glob(os.path.join(ROOT, "target", "release", "deps", pattern))
    return max((path for path in found if not path.endswith(".d")), key=os.path.getmtime, default=None)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--bin", default=os.path.join(ROOT, "target", "release", "dateline"))
    parser.add_argument("--indexing", default=newest("indexing-*"), help="the bench, where cargo puts it")
    parser.add_argument("--asking", default=newest("asking-*"), help="the bench, where cargo puts it")
    parser.add_argument("--lucene", default="/usr/share/java", help="where Lucene's jars are")
    parser.add_argument("--articles", type=int, help="only the first of the files")
    parser.add_argument("--recoll", type=int, default=40_000, help="how many files Recoll is given")
    parser.add_argument("--minutes", type=float, default=11, help="no round begins that would not end within them")
    parser.add_argument("--most", type=int, default=5, help="no more rounds than these")
    parser.add_argument("--only", help="these peers beside dateline, by name")
    options = parser.parse_args()
    began = time.monotonic()
    everything = files_of(options.folder)[: options.articles]
    with tempfile.TemporaryDirectory(prefix="peers-", dir=os.environ.get("TMPDIR")) as work:
        compare(options, everything, work, began + options.minutes * 60)
    say(f"{time.monotonic() - began:.0f} s in all")


def compare(options, everything, work, until):
    only = options.only and options.only.split(",")
    whole, part = os.path.join(work, "whole"), os.path.join(work, "part")
    groups = []
    for folder, files, kinds in [
        (whole, everything, [Dateline, NoExtract, Bare, Sqlite, Lucene, Ripgrep]),
        (part, everything[: options.recoll], [Dateline, Recoll]),
    ]:
        place = os.path.join(work, f"of-{os.path.basename(folder)}")
        os.mkdir(place)
        peers = []
        for kind in kinds:
            peer = kind(options, place)
            if only and not isinstance(peer, Dateline) and kind.__name__.lower() not in only:
                continue
            missing = peer.missing()
            if missing:
                say(f"left out: {peer.name}: {missing}")
            else:
                peers.append(peer)
        if any(not isinstance(peer, Dateline) for peer in peers):
            link(files, folder, options.folder)
            groups.append(Group(files, folder, peers))
            for peer in peers:
                if isinstance(peer, Bare):
                    peer.prepare(files)
    # Every file is in the memory of the system before the first is timed.
    questions = questions_of(everything)
    for path in everything:
        with open(path, "rb") as file:
            file.read()
    # Half a minute for every hundred thousand files is kept for the questions.
    until -= 30 + len(everything) / 100_000 * 30
    longest = [0.0] * len(groups)
    for number in range(options.most):
        for place, group in enumerate(groups):
            started = time.monotonic()
            if number and started + longest[place] * 1.1 > until:
                continue
            group.round()
            longest[place] = max(longest[place], time.monotonic() - started)
    for group in groups:
        group.show_building()
    for group in groups:
        group.ask(questions, REPEATS)
        group.show_answers(questions)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make-sqlite"]:
        make_sqlite(*sys.argv[2:])
    else:
        main()
