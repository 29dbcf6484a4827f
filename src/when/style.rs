//! How a language writes figures and puts words together, as far as its table says so.

use super::words::EntryId;
use crate::text::fold::fold;

/// What the lines `style`, `hourmark`, `hourlead`, `elision`, `joint`, `joiner`, `addend` and `nought` of a table say.
#[derive(Debug, Default)]
pub(super) struct Style {
    /// `day-first`: of a date in figures the first is the day wherever both could be.
    pub(super) day_first: bool,
    /// `dotted-ordinals`: `19.` is an ordinal.
    pub(super) dotted_ordinals: bool,
    /// `marked-hours`: `14:30` without a word behind it is no time of the day but a score.
    pub(super) marked_hours: bool,
    /// `spaced-thousands`: `10 000` is one number.
    pub(super) spaced_thousands: bool,
    /// Words behind an hour: `14 h`, `14h30`.
    hour_marks: Vec<Box<str>>,
    /// Words before which `14.30` is a time of the day.
    hour_leads: Vec<Box<str>>,
    /// What is written together with the next word up to an apostrophe: `l'`.
    elisions: Vec<Box<str>>,
    /// Last parts of compounds whose first part is a word of the table.
    joints: Vec<Box<str>>,
    /// Words between tens and units.
    pub(super) joiners: Vec<EntryId>,
    /// Words between hundreds and what is added to them: `two hundred and five`.
    pub(super) addends: Vec<EntryId>,
    /// Words for the nought of a year: `nineteen-o-six`.
    pub(super) noughts: Vec<EntryId>,
}

impl Style {
    /// Takes the forms of one line; false where it is none of these.
    pub(super) fn read(&mut self, class: &str, forms: &str) -> bool {
        let forms = || forms.split(", ").map(str::trim).filter(|form| !form.is_empty());
        let list = match class {
            "style" => {
                return forms().all(|form| {
                    let flag = match form {
                        "day-first" => &mut self.day_first,
                        "dotted-ordinals" => &mut self.dotted_ordinals,
                        "marked-hours" => &mut self.marked_hours,
                        "spaced-thousands" => &mut self.spaced_thousands,
                        _ => return false,
                    };
                    *flag = true;
                    true
                });
            }
            "hourmark" => &mut self.hour_marks,
            "hourlead" => &mut self.hour_leads,
            "elision" => &mut self.elisions,
            "joint" => &mut self.joints,
            _ => return false,
        };
        list.extend(forms().map(|form| fold(form).into()));
        true
    }

    /// Whether hours are marked by a word behind them.
    pub(super) fn marks_hours(&self) -> bool {
        !self.hour_marks.is_empty()
    }

    /// Whether a folded word stands behind an hour.
    pub(super) fn is_hour_mark(&self, folded: &str) -> bool {
        self.hour_marks.iter().any(|mark| **mark == *folded)
    }

    /// Whether a word stands before hours and minutes.
    pub(super) fn is_hour_lead(&self, written: &str) -> bool {
        self.hour_leads.iter().any(|lead| lead.eq_ignore_ascii_case(written))
    }

    /// Where a word falls into two, were it not known as a whole, and whether that makes it a compound.
    pub(super) fn cut(&self, written: &str) -> Option<(usize, bool)> {
        if !self.elisions.is_empty()
            && let Some((at, mark)) = written.char_indices().find(|(_, c)| matches!(c, '\'' | '\u{2019}'))
        {
            let end = at + mark.len_utf8();
            let head = fold(written.get(..end)?);
            return self.elisions.iter().any(|elision| **elision == *head).then_some((end, false));
        }
        let cut = self.joints.iter().find_map(|joint| {
            let at = written.len().checked_sub(joint.len()).filter(|at| *at > 2)?;
            written.get(at..).is_some_and(|end| end == &**joint).then_some(at)
        })?;
        Some((cut, true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_words() {
        let mut style = Style::default();
        assert_eq!(style.cut("l'an"), None);
        assert!(style.read("elision", "l', d'"));
        assert!(style.read("joint", "dag"));
        assert!(style.read("style", "day-first") && style.day_first);
        assert!(!style.read("style", "day-last") && !style.read("unit", "day"));
        assert_eq!(style.cut("l'an"), Some((2, false)));
        assert_eq!(style.cut("L’été"), Some((4, false)));
        assert_eq!(style.cut("o'clock"), None);
        assert_eq!(style.cut("morgendag"), Some((6, true)));
        assert_eq!(style.cut("dag"), None);
    }
}
