//! What the rules of the architecture are made of. A new module, dependency or registry is one row here.

/// The modules of the top level by floor: a module uses lower floors and itself only.
pub(crate) const FLOORS: &[(u8, &[&str])] = &[
    (0, &["cores", "error", "text"]),
    (1, &["article", "field", "language"]),
    (2, &["when", "names", "places"]),
    (3, &["read", "extract", "query"]),
    (4, &["search"]),
    (5, &["backend", "saved"]),
    (6, &["ingest", "output"]),
    (7, &["web"]),
    (8, &["cli"]),
];

/// For dependencies that hold the common data of all modules: serialising, days, hash maps, log lines.
const EVERYWHERE: &[&str] = &["src"];

/// For what only tests use.
const TESTS: &[&str] = &[];

/// Each dependency of `Cargo.toml` and where it may be named.
pub(crate) const DEPENDENCIES: &[(&str, &[&str])] = &[
    ("bzip2", &["src/read/container"]),
    ("blake3", &["src/article.rs", "src/backend", "src/cli", "src/ingest", "src/saved"]),
    ("chardetng", &["src/read"]),
    ("chrono", EVERYWHERE),
    ("clap", &["src/cli"]),
    ("clap_complete", &["src/cli"]),
    ("clap_mangen", &["src/cli"]),
    ("crossbeam_channel", &["src/backend/local", "src/ingest"]),
    ("csv", &["src/output", "src/read"]),
    ("flate2", &["src/read"]),
    ("fst", &["src/places"]),
    ("frostem", &["src/language"]),
    ("html5ever", &["src/read"]),
    ("liblzma", &["src/read/container"]),
    ("mail_parser", &["src/read"]),
    ("memchr", &["src/read", "src/text"]),
    ("pdf_extract", &["src/read"]),
    ("quick_xml", &["src/read"]),
    ("tar", &["src/read/container"]),
    ("trafilatura", &["src/read"]),
    ("twox_hash", &["src/backend"]),
    ("zip", &["src/read/container"]),
    ("zstd", &["src/backend/local", "src/read/container"]),
    ("encoding_rs", &["src/read"]),
    ("etcetera", &["src/cli"]),
    ("indicatif", &["src/cli"]),
    ("proptest", TESTS),
    ("regex", &["src/query/patterns.rs"]),
    ("rayon", &["src/cores.rs"]),
    ("rustc_hash", EVERYWHERE),
    ("mimalloc", &["src/main.rs"]),
    ("rustix", &["src/backend/local", "src/ingest", "src/cli/read_pdf.rs", "src/cli/report.rs"]),
    ("serde", EVERYWHERE),
    ("serde_json", EVERYWHERE),
    ("signal_hook", &["src/cli/mod.rs"]),
    ("strsim", &["src/backend", "src/field.rs", "src/names", "src/query/patterns.rs", "src/query/saved.rs"]),
    ("tantivy", &["src/backend/local"]),
    ("tantivy_fst", &["src/backend/local"]),
    ("tempfile", TESTS),
    ("toml", &["src/names", "src/saved"]),
    ("tracing", EVERYWHERE),
    ("tracing_subscriber", &["src/cli"]),
    ("unicode_normalization", &["src/text"]),
    ("walkdir", &["src/ingest"]),
    ("whatlang", &["src/language"]),
];

/// Modules that work in any language.
pub(crate) const ENGINES: &[&str] = &["backend", "extract", "names", "places", "query", "when"];

/// Codes of languages beside those in `src/language`. Those that are also English words, endings, parts of names or
/// names of countries are left out, for a word list may have them.
pub(crate) const OTHER_CODES: &[&str] = &["en", "en-GB", "en-US", "eng", "english", "fr", "ja", "ko", "pt", "ru", "zh"];

/// Codes of languages that are also words of names (`Charles de Gaulle`, `Luiz da Silva`), which the lists of
/// `src/extract/names` may have.
pub(crate) const PARTICLES: &[&str] = &["de", "da"];

/// Above this many lines a file asks to be split; noted.
pub(crate) const LARGE: usize = 500;
/// Above this many lines a file fails.
pub(crate) const LARGEST: usize = 700;

/// A list in a `mod.rs` that must name every file with what it lists.
pub(crate) struct Registry {
    pub(crate) folder: &'static str,
    pub(crate) list: &'static str,
    /// The code by which a file is known to have a part for the list, blank between its words and signs.
    pub(crate) part: &'static str,
}

/// Every registry.
pub(crate) const REGISTRIES: &[Registry] = &[
    Registry { folder: "src/cli", list: "COMMANDS", part: "Command for" },
    Registry { folder: "src/extract", list: "EXTRACTORS", part: "Extractor for" },
    Registry { folder: "src/language", list: "LANGUAGES", part: ": Language = Language" },
    Registry { folder: "src/output", list: "OUTPUTS", part: "Output for" },
    Registry { folder: "src/query/operators", list: "OPERATORS", part: "Operator for" },
    Registry { folder: "src/read/container", list: "CONTAINERS", part: "Container for" },
    Registry { folder: "src/read", list: "FORMATS", part: "Format for" },
];
