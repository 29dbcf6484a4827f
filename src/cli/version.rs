//! What `--version --verbose` says: the version, and the data that the program carries, with their sources and licences.

use std::ffi::OsString;

/// The version with the data, where the arguments ask for both.
pub(super) fn wanted(given: &[OsString]) -> Option<String> {
    let mut version = false;
    let mut verbose = false;
    for argument in given.iter().skip(1) {
        match argument.to_str()? {
            "-V" | "--version" => version = true,
            "-v" | "-vv" | "--verbose" => verbose = true,
            // A command has no version of its own.
            _ => return None,
        }
    }
    (version && verbose).then(|| {
        format!(
            "dateline {}\n\n\
             Data that this program carries:\n  \
             cities and divisions   GeoNames, https://www.geonames.org, CC BY 4.0 (selected, rounded)\n  \
             counties of the US     US Census Bureau, public domain\n  \
             spellings of English   VarCon, part of SCOWL, http://wordlist.aspell.net\n  \
             subjects of news       IPTC Subject Codes, first level, https://iptc.org, CC BY 4.0\n  \
             tagger of names        own training; weights CC BY-SA 4.0; sources in NOTICE\n  \
             all else               own lists, MIT or Apache-2.0\n",
            env!("CARGO_PKG_VERSION")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_flags_ask_for_it() {
        let given = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        for (line, expected) in [
            ("dateline --version --verbose", true),
            ("dateline -v -V", true),
            ("dateline --version", false),
            ("dateline -v", false),
            ("dateline search --version -v", false),
        ] {
            assert_eq!(wanted(&given(line)).is_some(), expected, "{line}");
        }
    }
}
