#!/usr/bin/env python3
"""Compares phrases with what ripgrep finds in the same texts. Standard library only.

    ripgrep.py [--bin PATH] [--rg PATH] [--shared DIR] [--phrases 500] [--seed 1]

Sequences of two to four words without punctuation between them are drawn from a corpus of news, the same for the same
seed; in one of five, a word has another spelling. For each, the articles that `dateline search '"a b c"'` finds are compared with those in whose text `rg -i` finds
the words with anything but letters between them, and those of `="a b c"` with `rg`. Each article that only one of them
finds must have a reason, of which there is a class below; one without fails. All classes are printed with their counts.
"""
import argparse
import collections
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
# Between headline and body, so that a match across it is seen.
BORDER = "\n\n"


def output(*command, codes=(0, 1)):
    """What a command prints; 1 is that nothing was found."""
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    if run.returncode not in codes:
        sys.exit(f"{' '.join(command)}: {run.returncode}\n{run.stderr}")
    return run.stdout


def articles(binary, corpus):
    """The text of each article by its path, and how long its headline is."""
    texts = {}
    for line in output(binary, "extract", "--format", "jsonl", corpus).splitlines():
        article = json.loads(line)
        if "text" in article:
            title = article["title"] or ""
            texts[os.path.relpath(article["path"], corpus)] = (title + BORDER + article["text"], len(title))
    return texts


def draw(texts, count, seed, known):
    """Words that stand side by side with a blank between them; in one of five, some word has another spelling."""
    chance = random.Random(seed)
    paths = sorted(texts)
    drawn = []
    while len(drawn) < count:
        text = texts[chance.choice(paths)][0]
        length = chance.randint(2, 4)
        words = list(re.finditer(r"[^\W_]+", text))
        if len(words) <= length:
            continue
        first = chance.randrange(len(words) - length)
        run = words[first : first + length]
        between = {text[a.end() : b.start()] for a, b in zip(run, run[1:])}
        outside = text[max(run[0].start() - 1, 0) : run[0].start()] + text[run[-1].end() : run[-1].end() + 1]
        words = [word.group() for word in run]
        if len(drawn) % 5 == 4 and not any(word.lower() in known for word in words):
            continue
        if between == {" "} and not re.search(r"[^\s,.;:!?\"()]", outside) and words not in drawn:
            drawn.append(words)
    return drawn


def spellings():
    """The words that are spelt otherwise, each with the others of its line."""
    groups = collections.defaultdict(set)
    with open(os.path.join(ROOT, "data", "en", "spellings.txt"), encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#"):
                group = line.split()
                for word in group:
                    groups[word].update(group)
    return groups


def unaccented(text):
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def found_by(words, text, exact):
    """Where the words stand, as ripgrep is asked for them."""
    return re.finditer(r"\b" + r"\W+".join(map(re.escape, words)) + r"\b", text, 0 if exact else re.IGNORECASE)


def why_only_ripgrep(words, text, title, exact):
    """Why an article that ripgrep finds is none; each place where the words stand must have a reason."""
    reasons = set()
    for match in found_by(words, text, exact):
        begin, end = match.span()
        before, after = text[max(begin - 2, 0) : begin], text[end : end + 2]
        inner = re.findall(r"\W+", match.group())
        if begin < title < end:
            reasons.add("across the end of the headline")
        elif re.search(r"\w['’]$", before) or re.match(r"['’]\w", after) or any(gap in ("'", "’") for gap in inner):
            reasons.add("part of a word with an apostrophe")
        elif re.search(r"\d[.,]$", before) and words[0][0].isdigit() or re.match(r"[.,]\d", after) and words[-1][-1].isdigit():
            reasons.add("part of a number")
        elif re.search(r"[^\W\d]\.$", before) or re.match(r"\.[^\W\d]", after) or "." in inner:
            reasons.add("part of an abbreviation or an address")
        elif re.search(r"[&@_]$", before) or re.match(r"[&@_]", after):
            reasons.add("part of a word with a sign")
        else:
            return None
    return ", ".join(sorted(reasons)) or None


def why_only_dateline(words, text, exact, known):
    """Why an article that ripgrep does not find is one."""
    def tried(change, words=words):
        return any(True for _ in found_by(words, change, exact))

    if tried(unaccented(text), [unaccented(word) for word in words]) and not exact:
        return "accents"
    dots = re.sub(r"\b(?:[^\W\d_]\.){2,}", lambda match: match.group().replace(".", ""), text)
    dots = re.sub(r"\b(?:[^\W\d_]\.)+[^\W\d_]\b", lambda match: match.group().replace(".", ""), dots)
    if tried(dots):
        return "abbreviation with dots"
    if tried(re.sub(r"(?<=\d),(?=\d{3})", "", text)):
        return "number with commas"
    if exact:
        return None
    if tried(re.sub(r"['’]s?\b", "", text)):
        return "possessive"
    if tried(re.sub(r"['’]", "", text)):
        return "apostrophe left out"
    for at, word in enumerate(words):
        for other in known[word.lower()] - {word.lower()}:
            if tried(re.sub(r"['’]s?\b", "", text), words[:at] + [other] + words[at + 1 :]):
                return "other spelling"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default=os.path.join(ROOT, "target", "release", "dateline"))
    parser.add_argument("--rg", default="rg")
    parser.add_argument("--shared", default=os.path.join(ROOT, "..", "shared"))
    parser.add_argument("--phrases", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    corpus = os.path.join(args.shared, "data", "corpora", "bbc")
    if not os.path.isdir(corpus):
        print("skipped: the corpus is not beside the checkout")
        return 0
    if not shutil.which(args.rg):
        print("skipped: no ripgrep")
        return 0
    known = spellings()
    classes = collections.Counter()
    shown = {}
    unexplained = []
    same = 0
    with tempfile.TemporaryDirectory() as folder:
        index, plain = os.path.join(folder, "index"), os.path.join(folder, "texts")
        output(args.bin, "index", corpus, "--index", index, "--no-extract", "--quiet")
        texts = articles(args.bin, corpus)
        for name, (text, _) in texts.items():
            os.makedirs(os.path.dirname(os.path.join(plain, name)), exist_ok=True)
            with open(os.path.join(plain, name), "w", encoding="utf-8", newline="") as file:
                file.write(text)
        for words in draw(texts, args.phrases, args.seed, known):
            for exact in (False, True):
                query = ("=" if exact else "") + '"' + " ".join(words) + '"'
                shown_by = [args.bin, "search", "--index", index, "--format", "paths", "-n", "0", query]
                ours = {os.path.relpath(path, corpus) if os.path.isabs(path) else path for path in output(*shown_by).split()}
                pattern = r"\b" + r"\W+".join(words) + r"\b"
                flags = ["-lU"] if exact else ["-liU"]
                files = output(args.rg, *flags, "--no-ignore", "--hidden", "-e", pattern, plain).splitlines()
                files = {os.path.relpath(file, plain) for file in files}
                same += len(ours & files)
                for name in sorted(ours ^ files):
                    text, title = texts[name]
                    if name in files:
                        side, reason = "only ripgrep", why_only_ripgrep(words, text, title, exact)
                    else:
                        side, reason = "only dateline", why_only_dateline(words, text, exact, known)
                    if reason is None:
                        unexplained.append(f"{side}: {query} in {name}")
                    else:
                        classes[side, reason] += 1
                        shown.setdefault((side, reason), f"{query} in {name}")
    print(f"{len(texts)} articles, {args.phrases} phrases, with and without `=`: both find {same}")
    for (side, reason), count in sorted(classes.items(), key=lambda item: (-item[1], item[0])):
        print(f"{count:6}  {side:14}  {reason:40}  such as {shown[side, reason]}")
    for line in unexplained:
        print(f"UNEXPLAINED  {line}")
    if not same:
        print("nothing was compared")
    return 1 if unexplained or not same else 0


if __name__ == "__main__":
    sys.exit(main())
