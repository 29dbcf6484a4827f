#!/usr/bin/env python3
"""Makes data/en/spellings.txt from the table in the source of the `varcon` crate.

    python3 scripts/make_spellings.py FOLDER > data/en/spellings.txt

FOLDER is the unpacked source of the crate (`varcon-1.0.5`), as `cargo fetch` leaves it. The table is VarCon, by
Kevin Atkinson and Benjamin Titze; its notices are printed at the head of the result and have to stay there.
"""

import pathlib
import re
import sys
import unicodedata

# Words above this level of SCOWL are in no dictionary that a newspaper uses.
LEVEL = 80

# Groups that VarCon's authors did not verify were made by rule, also from names and French words (`timor timour`,
# `ire ier`): they need a first word this long, in lower case.
UNVERIFIED_LENGTH = 8

# Shorter ones, or names, that were looked at one by one and are right.
LOOKED_AT = set(
    """muslim muslims romania romanian romanians koran burka burkas emir emirs ruble rubles kopeck kopecks rajah rajahs
    math czarist czarina""".split()
)

# A spelling counts when some dictionary has it as usual, equal or variant; seldom, possible and improper ones do not.
USUAL = {None, "Eq", "Variant"}

# VarCon describes a meaning or a part of speech where two spellings are one word in one sense only. Such groups are
# left out (`check` and `cheque`, `tire` and `tyre`, `story` and `storey`), except where both spellings are hardly
# anything else, or where the difference is one of the regular ones and the meanings are close.
KEPT = set(
    """afterwards analogue analogues analog analogs antennae antennas appendices appendixes backward blond blonds
    converter converters dependent dependents descendant descendants dialog disk disks disc discs downward embed
    embedded embedding embeds formulas gram grams hippie homeward icon icons inward license licenses licensed
    licensing meter meters micrometer micrometers ok oked oks onward partisan partisans phony practice practices
    practiced practicing program programs programmed programming savanna sheikh sheikhs soy spelled toward upward
    whiskeys whiskey woolly digitalize digitalized digitalizing digitalizes electrolyze electrolyzed electrolyzing
    electrolyzes""".split()
)

# Groups without a description that are two different words all the same, or one with a mistake.
DROPPED = set(
    """dis perv schlock mac manila ha hmm goody net nets cookie mat deary dickey dickeys analytically night nights
    honky doggy pantie baddie piney endue nosies
    louver louvers micrograms patrices philter""".split()
)

NOTICE = """\
Copyright 2000-2018 by Kevin Atkinson

Permission to use, copy, modify, distribute and sell this array, the
associated software, and its documentation for any purpose is hereby
granted without fee, provided that the above copyright notice appears
in all copies and that both that copyright notice and this permission
notice appear in supporting documentation. Kevin Atkinson makes no
representations about the suitability of this array for any
purpose. It is provided "as is" without express or implied warranty.

Copyright 2016 by Benjamin Titze

Permission to use, copy, modify, distribute and sell this array, the
associated software, and its documentation for any purpose is hereby
granted without fee, provided that the above copyright notice appears
in all copies and that both that copyright notice and this permission
notice appear in supporting documentation. Benjamin Titze makes no
representations about the suitability of this array for any
purpose. It is provided "as is" without express or implied warranty.

Since the original words lists come from the Ispell distribution:

Copyright 1993, Geoff Kuenning, Granada Hills, CA
All rights reserved.

Redistribution and use in source and binary forms, with or without
modification, are permitted provided that the following conditions
are met:

1. Redistributions of source code must retain the above copyright
   notice, this list of conditions and the following disclaimer.
2. Redistributions in binary form must reproduce the above copyright
   notice, this list of conditions and the following disclaimer in the
   documentation and/or other materials provided with the distribution.
3. All modifications to the source code must be clearly marked as
   such.  Binary redistributions based on modified source code
   must be clearly marked as modified versions in the documentation
   and/or other materials provided with the distribution.
(clause 4 removed with permission from Geoff Kuenning)
5. The name of Geoff Kuenning may not be used to endorse or promote
   products derived from this software without specific prior
   written permission.

THIS SOFTWARE IS PROVIDED BY GEOFF KUENNING AND CONTRIBUTORS ``AS IS'' AND
ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE
IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE
ARE DISCLAIMED.  IN NO EVENT SHALL GEOFF KUENNING OR CONTRIBUTORS BE LIABLE
FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS
OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION)
HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT
LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY
OUT OF THE USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF
SUCH DAMAGE.
"""


def fold(word):
    """The form under which a word is looked up, or nothing where it is not a single plain word."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c)).lower()
    return plain if re.fullmatch("[a-z]+", plain) else None


def groups(source):
    """Yields (level, verified, described, [(word, [tag])]) for each entry of the table."""
    level, verified, variants = 0, False, []
    for line in source.splitlines():
        line = line.strip()
        if found := re.match(r"level: (\d+)", line):
            level = int(found[1])
        elif found := re.match(r"verified: (\w+)", line):
            verified = found[1] == "true"
        elif line == "Entry {":
            variants = []
        elif found := re.match(r'word: "(.*)",$', line):
            variants.append((found[1], []))
        elif found := re.match(r"Type \{category: Category::\w+, tag: \w+(?:\(Tag::(\w+)\))?", line):
            variants[-1][1].append(found[1])
        elif found := re.match(r"pos: (.*), archaic: \w+, note: (.*),$", line):
            described = found[1] != "None" or found[2] != "None"
        elif found := re.match(r"description: (.*),$", line):
            yield level, verified, described or found[1] != "None", variants


def junk(words):
    """Comparatives that a program made of words that have none: `organizationaler`."""
    return all(re.search("(izable|isable|ational|ant|less|ized?d|ised?d|ingly?i|rr|cal|ptic|nal)(er|est|ier|iest)$", w)
               for w in words)


def main():
    folder = pathlib.Path(sys.argv[1])
    source = (folder / "src" / "codegen.rs").read_text(encoding="utf-8")
    lines = set()
    for level, verified, described, variants in groups(source):
        words = []
        for word, tags in variants:
            word = fold(word)
            if word and word not in words and USUAL & set(tags):
                words.append(word)
        if len(words) < 2 or level > LEVEL or words[0] in DROPPED or junk(words):
            continue
        if not verified and words[0] not in LOOKED_AT and (
            len(words[0]) < UNVERIFIED_LENGTH or variants[0][0] != words[0]
        ):
            continue
        if described and words[0] not in KEPT:
            continue
        lines.add(" ".join(words))
    print("# Spellings of the same English word: one group a line, blank between. Made by scripts/make_spellings.py,")
    print("# which selects and changes; the source is VarCon (wordlist.aspell.net), whose notices follow.")
    print("#")
    for line in NOTICE.splitlines():
        print(f"# {line}".rstrip())
    print("\n".join(sorted(lines)))


if __name__ == "__main__":
    main()
