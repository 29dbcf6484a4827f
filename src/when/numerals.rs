//! Numbers written in words, of several words each.

use super::items::{Gap, Item};
use super::words::{Class, EntryId, Lexicon, Mask};

/// Joins numbers written in words: `twenty-four`, `two hundred`, `nineteen ninety-six`, `twenty-first`.
pub(super) fn join(items: &mut Vec<Item>, lexicon: &Lexicon) {
    const SPELLED: Mask = 1 << (Class::Number as u8) | 1 << (Class::Hundred as u8);
    for item in items.iter_mut().filter(|item| !item.figures && item.mask & SPELLED != 0) {
        let entry = lexicon.entry(item.entry);
        item.number = entry.value(Class::Number).or_else(|| entry.value(Class::Hundred)).unwrap_or(0);
    }
    let (mut at, mut end) = (0usize, 0usize);
    while at < items.len() {
        let Some(mut joined) = items.get(at).cloned() else {
            break;
        };
        let mut next = at + 1;
        let spelled = !joined.figures && joined.is(Class::Number);
        if spelled || joined.is(Class::One) {
            // What stands after the last hundred, thousand, or pair of figures of a year.
            let mut low = if spelled { joined.number } else { 1 };
            let mut total = 0;
            while let Some(follower) = items.get(next)
                && matches!(items.get(next - 1).map(|item| item.gap), Some(Gap::Blank | Gap::Hyphen))
                && !follower.figures
            {
                if follower.is(Class::Hundred) && low > 0 && low < 100 {
                    total = low.saturating_mul(follower.number).saturating_add(total);
                    low = 0;
                } else if low == 0
                    && total > 0
                    && let Some(value) = after(items, next, &lexicon.style.addends)
                {
                    // `two hundred and fifty`.
                    low = value;
                    next += 1;
                } else if spelled
                    && total == 0
                    && (13..=20).contains(&low)
                    && let Some(value) = after(items, next, &lexicon.style.noughts).filter(|value| *value < 10)
                {
                    // `nineteen-o-six`.
                    total = low * 100;
                    low = value;
                    next += 1;
                    joined.mask |= Class::Year.bit();
                } else if spelled && total == 0 && (13..=20).contains(&low) && follower.is(Class::Decade) {
                    // `eighteen-forties`.
                    let decade = lexicon.entry(follower.entry).value(Class::Decade).unwrap_or(0);
                    total = low * 10;
                    low = decade % 10;
                    joined.mask = Class::Decade.bit();
                    joined.figures = true;
                    next += 1;
                    break;
                } else if spelled
                    && low >= 20
                    && low % 10 == 0
                    && lexicon.style.joiners.contains(&follower.entry)
                    && let Some(unit) = items.get(next + 1).filter(|unit| !unit.figures)
                    && let value @ 1..20 =
                        if unit.is(Class::Number) { unit.number } else { i32::from(unit.is(Class::One)) }
                {
                    // `vingt et un`, `treinta y cinco`.
                    low += value;
                    next += 1;
                } else if spelled && follower.is(Class::Number) {
                    let value = follower.number;
                    // `dix-sept`.
                    let paired = low == 10
                        && (7..10).contains(&value)
                        && !lexicon.style.joiners.is_empty()
                        && items.get(next - 1).is_some_and(|last| last.gap == Gap::Hyphen);
                    // `twenty-four`, `soixante-douze`.
                    if paired
                        || low >= 20 && low % 10 == 0 && (1..10).contains(&value)
                        || low >= 60 && low % 20 == 0 && (10..20).contains(&value)
                    {
                        low += value;
                    } else if low == 0 && total > 0 && value < 100 {
                        low = value;
                    } else if total == 0 && (13..=20).contains(&low) && (10..100).contains(&value) {
                        total = low * 100;
                        low = value;
                        joined.mask |= Class::Year.bit();
                    } else if total == 0
                        && (10..13).contains(&low)
                        && (13..100).contains(&value)
                        && end.checked_sub(1).is_some_and(|before| items[before].is(Class::YearLead))
                        && !(1..=2).filter_map(|on| items.get(next + on)).any(is_unit)
                    {
                        // `in ten sixty-six`.
                        total = low * 100;
                        low = value;
                    } else {
                        break;
                    }
                } else if follower.is(Class::Ordinal)
                    && total == 0
                    && let value = lexicon.entry(follower.entry).value(Class::Ordinal).unwrap_or(0)
                    && (low >= 20 && low % 10 == 0 || low == 10 && (7..10).contains(&value))
                {
                    // `twenty-first`, `dix-neuvième`.
                    low += value;
                    joined.mask = Class::Ordinal.bit();
                    joined.figures = true;
                    joined.entry = 0;
                    next += 1;
                    break;
                } else {
                    break;
                }
                next += 1;
            }
            if next > at + 1 {
                let last = &items[next - 1];
                (joined.end, joined.gap) = (last.end, last.gap);
                joined.number = low.saturating_add(total);
                joined.entry = 0;
                if !joined.is(Class::Ordinal) && !joined.is(Class::Decade) {
                    joined.mask = Class::Number.bit() | joined.mask & Class::Year.bit();
                    if (1000..2100).contains(&joined.number) {
                        joined.mask |= Class::SpokenYear.bit();
                    }
                }
            }
        }
        items[end] = joined;
        end += 1;
        at = next;
    }
    items.truncate(end);
}

/// The number below a hundred behind the item `at`, where that is one of `joints`: `and fifty`.
fn after(items: &[Item], at: usize, joints: &[EntryId]) -> Option<i32> {
    let joint = items.get(at).filter(|joint| joint.mask != 0 && joints.contains(&joint.entry))?;
    let number = items.get(at + 1).filter(|number| number.is(Class::Number) && !number.figures)?;
    (matches!(joint.gap, Gap::Blank | Gap::Hyphen) && (1..100).contains(&number.number)).then_some(number.number)
}

fn is_unit(item: &Item) -> bool {
    item.is(Class::Unit) || item.is(Class::Units)
}
