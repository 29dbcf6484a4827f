//! Articles to be indexed, made from a number, the same in every run, and a source of numbers by chance with a seed.

/// Numbers by chance, the same for the same seed (xorshift).
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Chance {
        Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit.max(1)
    }
}

/// How many rounds a test by chance goes: `DATELINE_ROUNDS`, else what the test says.
pub(crate) fn rounds(usual: u64) -> u64 {
    std::env::var("DATELINE_ROUNDS").ok().and_then(|number| number.parse().ok()).unwrap_or(usual)
}

const PLACES: [&str; 6] = ["Seoul", "Leeds", "Nairobi", "Lima", "Oslo", "Hanoi"];

/// The title of an article: its number, from [`FIRST`] on, and its version.
pub(crate) fn title(number: usize, version: u64) -> String {
    format!("Report {} of edition {version}", FIRST + number)
}

/// Numbers begin here in titles, so that none looks like a year.
pub(crate) const FIRST: usize = 3000;

/// The text of an article: some sixty words.
pub(crate) fn text(number: usize, version: u64) -> String {
    let mut chance = Chance::new(number as u64 * 1000 + version + 1);
    let mut text = format!("{}, June 3 — ", PLACES[number % PLACES.len()].to_uppercase());
    for _ in 0..60 {
        text.push_str(&format!("w{} ", chance.below(2000)));
    }
    text.push_str("was said on Tuesday.");
    text
}

/// An article as a line of JSON.
pub(crate) fn line(number: usize, version: u64) -> String {
    let (title, text) = (title(number, version), text(number, version));
    format!("{{\"id\":\"a{number:05}\",\"title\":\"{title}\",\"text\":\"{text}\",\"published\":\"2024-06-04\"}}\n")
}

/// An article as a file of plain text.
pub(crate) fn page(number: usize, version: u64) -> String {
    format!("{}\n\n{}\n", title(number, version), text(number, version))
}
