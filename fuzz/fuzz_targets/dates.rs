//! Any text in any language, from any day or none: what is found lies in the text, in order, and its first day is never
//! after its last. The first three bytes choose the language, the half of the globe and the day.

#![no_main]

use chrono::NaiveDate;
use dateline::language::LANGUAGES;
use dateline::text::Words;
use dateline::when::{self, Hemisphere, Setting};
use libfuzzer_sys::fuzz_target;

/// So many days lie in the years 1 to 9999, an even part of which each two bytes stand for.
const DAYS: u32 = 3_652_059;

fuzz_target!(|input: (u8, u16, &str)| {
    let (which, day, text) = input;
    let number = 1 + u64::from(day) * u64::from(DAYS - 1) / u64::from(u16::MAX);
    let anchor = i32::try_from(number).ok().and_then(NaiveDate::from_num_days_from_ce_opt).filter(|_| which & 128 == 0);
    let hemisphere = if which & 64 == 0 { Hemisphere::North } else { Hemisphere::South };
    // Without a day, its year may be known.
    let within = anchor.is_none().then(|| i32::try_from(number / 366).ok()).flatten().and_then(|year| {
        Some((NaiveDate::from_ymd_opt(year, 1, 1)?, NaiveDate::from_ymd_opt(year, 12, 31)?))
    });
    let setting = Setting { anchor, within, hemisphere };
    let known: Vec<_> = LANGUAGES.iter().filter(|language| !language.date_words.is_empty()).collect();
    let language = known[usize::from(which & 63) % known.len()];
    let mut end = 0;
    for (span, timex) in when::find_in(&Words::new(text), language, setting) {
        assert!(span.start >= end && !span.of(text).is_empty(), "{span:?} does not fit");
        end = span.end;
        assert_eq!(timex.first.is_some(), timex.last.is_some(), "{timex:?}");
        assert!(timex.first <= timex.last, "{timex:?}");
    }
    when::dated_line(text, language);
    when::written(text);
    when::range(text, anchor);
});
