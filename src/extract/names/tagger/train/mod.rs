//! The trainer of the tagger: from labelled texts to a model, and how well it does on texts that it has not seen.
//!
//! The first pass is learned from all documents. What the second pass sees of the first must be as wrong as it will be
//! on unseen text: for each of [`FOLDS`] parts of the documents, the labels come from a first pass that was learned
//! from the other parts.

mod corpus;
mod learner;

use super::super::lexicon::Lexicon;
use super::super::run::Text;
use super::elsewhere::{Elsewhere, Votes};
use super::features::{Casing, Context, Rules};
use super::labels::{self, Kind, LABELS, Label, OUTSIDE};
use super::model::{self, Model};
use super::pieces::{self, Piece};
use crate::article::{Article, Part};
use crate::extract::Page;
use crate::text::Span;
use corpus::Labelled;
use learner::{Example, Settings, Weights};
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};

/// Into how many parts the documents are cut.
const FOLDS: u8 = 4;

/// A file of labelled texts.
pub struct Source {
    /// Its path.
    pub path: PathBuf,
    /// How much each of its words counts.
    pub weight: f32,
    /// Whether its sentences belong to no document.
    pub alone: bool,
}

/// What to do.
pub struct Plan {
    /// What to learn from.
    pub sources: Vec<Source>,
    /// What to measure on.
    pub held_out: Vec<PathBuf>,
    /// Where the model goes.
    pub out: PathBuf,
    /// Rounds over all examples.
    pub epochs: u32,
    /// The first step.
    pub rate: f32,
    /// The share of features left out at random.
    pub dropout: f32,
    /// How many features the model keeps.
    pub features: usize,
    /// Only the first pass is learned; its labels stand for both.
    pub one_pass: bool,
    /// What pulls weights to nothing.
    pub decay: f32,
    /// Whether every name that is wrong or missed on held-out texts is listed.
    pub errors: bool,
    /// Takes what there is to say, a line at a time.
    pub say: fn(&str),
}

/// Learns and measures.
///
/// # Errors
/// When a file cannot be read or written.
pub fn run(plan: &Plan) -> std::io::Result<()> {
    let mut documents = Vec::new();
    for source in &plan.sources {
        let read = corpus::read(&source.path, source.alone)?;
        let words: usize = read.iter().map(|d| d.text.split_whitespace().count()).sum();
        (plan.say)(&format!(
            "{}: {} documents, {} words, weight {}",
            source.path.display(),
            read.len(),
            words,
            source.weight
        ));
        documents.extend(read.into_iter().map(|document| (document, source.weight)));
    }
    let casing = casing(&documents);
    let mut examples = Vec::new();
    let mut of_document: Vec<Vec<usize>> = Vec::new();
    let mut lost = (0, 0);
    for (number, (document, weight)) in documents.iter().enumerate() {
        let from = examples.len();
        prepare(document, *weight, (number % usize::from(FOLDS)) as u8, &casing, &mut examples, &mut lost);
        of_document.push((from..examples.len()).collect());
    }
    let words: usize = examples.iter().map(|example| example.labels.len()).sum();
    (plan.say)(&format!("{} pieces of {words} words; {} of {} names do not fit", examples.len(), lost.0, lost.1));
    let mut hashes = number(&mut examples);
    (plan.say)(&format!("{} features", hashes.len()));
    let usable = |examples: &[Example], fold: Option<u8>| -> Vec<usize> {
        (0..examples.len()).filter(|at| examples[*at].weight > 0.0 && Some(examples[*at].fold) != fold).collect()
    };
    let mut settings = Settings {
        epochs: plan.epochs,
        rate: plan.rate,
        dropout: plan.dropout,
        second_rows: 1 << 14,
        decay: plan.decay,
    };
    let chosen = usable(&examples, None);
    if hashes.len() > plan.features {
        // What the weights of all say little by is left out, and the rest learns anew.
        let all = learner::learn(&examples, &chosen, hashes.len(), &settings, false, plan.say);
        select(&mut examples, &mut hashes, &all, plan.features);
    }
    let first = learner::learn(&examples, &chosen, hashes.len(), &settings, false, plan.say);
    let second = if plan.one_pass {
        None
    } else {
        let epochs = settings.epochs;
        settings.epochs = (epochs * 2 / 3).max(1);
        let mut folds = Vec::new();
        for fold in 0..FOLDS {
            folds.push(learner::learn(
                &examples,
                &usable(&examples, Some(fold)),
                hashes.len(),
                &settings,
                false,
                plan.say,
            ));
        }
        settings.epochs = epochs;
        for (number, (document, _)) in documents.iter().enumerate() {
            second_features(document, &folds[number % usize::from(FOLDS)], &of_document[number], &mut examples);
        }
        for example in &mut examples {
            example.second.iter_mut().for_each(|feature| *feature &= settings.second_rows as u32 - 1);
        }
        Some(learner::learn(&examples, &chosen, hashes.len(), &settings, true, plan.say))
    };
    let bytes = pack(&hashes, &first, second.as_ref(), &casing);
    (plan.say)(&format!("{} bytes", bytes.len()));
    std::fs::write(&plan.out, &bytes)?;
    for path in &plan.held_out {
        measure(path, &bytes, plan.errors, plan.say)?;
    }
    Ok(())
}

/// Measures a model on held-out files.
///
/// # Errors
/// When a file cannot be read.
pub fn measure(path: &Path, bytes: &[u8], errors: bool, say: fn(&str)) -> std::io::Result<()> {
    let Some(model) = Model::new(bytes.to_vec()) else { return Err(std::io::Error::other("no model")) };
    // Two halves by document, to choose on one and report on the other.
    let mut tally = [[[0usize; 3]; 3]; 2];
    let began = std::time::Instant::now();
    let mut words = 0;
    for (number, document) in corpus::read(path, false)?.iter().enumerate() {
        let article = article(document);
        with_texts(&article, |texts, rules| {
            words += texts.iter().map(|text| text.tokens.len()).sum::<usize>();
            let found = super::tag(texts, rules, &model);
            for (text, found) in texts.iter().zip(&found) {
                let gold = if text.part == Part::Title { &document.title_names } else { &document.names };
                for (_, kind) in gold {
                    tally[number % 2][kind.number()][2] += 1;
                }
                if errors {
                    list_errors(text, gold, found, say);
                }
                for name in found {
                    let span = text.name_span(name.run);
                    let tally = &mut tally[number % 2][name.kind.number()];
                    tally[1] += 1;
                    let right = gold
                        .binary_search_by_key(&span.start, |(span, _)| span.start)
                        .is_ok_and(|at| gold[at] == (span, name.kind));
                    tally[0] += usize::from(right);
                }
            }
        });
    }
    let took = began.elapsed().as_secs_f64();
    let f1 = |t: [usize; 3]| if t[1] + t[2] == 0 { 0.0 } else { 200.0 * t[0] as f64 / (t[1] + t[2]) as f64 };
    let add = |a: [usize; 3], b: [usize; 3]| [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
    let mut line = format!("{:28}", path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default());
    for half in [Some(0), Some(1), None] {
        let of = |kind: usize| half.map_or_else(|| add(tally[0][kind], tally[1][kind]), |half| tally[half][kind]);
        let all = add(add(of(0), of(1)), of(2));
        let one = |t| format!("{:5.1}", f1(t));
        line.push_str(&format!(
            "  {} {}/{}/{} -> {}",
            match half {
                Some(0) => "even",
                Some(_) => "odd",
                None => "all",
            },
            one(of(0)),
            one(of(1)),
            one(of(2)),
            one(all)
        ));
    }
    say(&format!("{line}  {:.0} words/s", words as f64 / took));
    Ok(())
}

/// Prints what is wrong: `-` a name that was missed, `+` one that is none, with the line around it.
fn list_errors(text: &Text<'_>, gold: &[(Span, Kind)], found: &[super::Tagged], say: fn(&str)) {
    let found: Vec<(Span, Kind)> = found.iter().map(|name| (text.name_span(name.run), name.kind)).collect();
    let missed = gold.iter().filter(|name| !found.contains(name)).map(|name| ('-', name));
    let wrong = found.iter().filter(|name| !gold.contains(name)).map(|name| ('+', name));
    let mut all: Vec<(char, &(Span, Kind))> = missed.chain(wrong).collect();
    all.sort_by_key(|(_, (span, _))| *span);
    for (sign, (span, kind)) in all {
        let from = text.text[..span.start].rfind('\n').map_or(0, |at| at + 1).max(span.start.saturating_sub(60));
        let to = text.text[span.end..].find('\n').map_or(text.text.len(), |at| span.end + at).min(span.end + 60);
        let (from, to) = (text.text.ceil_char_boundary(from), text.text.floor_char_boundary(to));
        say(&format!(
            "{sign} {kind:?}\t{}\t{}[{}]{}",
            span.of(text.text),
            &text.text[from..span.start],
            span.of(text.text),
            &text.text[span.end..to]
        ));
    }
}

fn article(document: &Labelled) -> Article {
    Article {
        title: (!document.title.is_empty()).then(|| document.title.clone()),
        text: document.text.clone(),
        language: Some(crate::language::fallback().code.to_owned()),
        ..Article::default()
    }
}

fn with_texts<T>(article: &Article, then: impl FnOnce(&[Text<'_>], &[Rules]) -> T) -> T {
    let page = Page::new(article, None);
    let lexicon = Lexicon::of(page.language);
    let ruled = super::super::rules::apply(&page, lexicon);
    then(&ruled.texts, &ruled.for_tagger(&page))
}

/// A word must occur so often for its casing to be known.
const FEWEST: u32 = 3;

/// How words are written inside sentences, wherever they are.
fn casing(documents: &[(Labelled, f32)]) -> Casing {
    let mut counts: FxHashMap<u32, (u32, u32)> = FxHashMap::default();
    for (document, _) in documents {
        let article = article(document);
        with_texts(&article, |texts, _| {
            for token in texts.iter().flat_map(|text| &text.tokens).filter(|t| !t.starts && !t.loud && !t.quiet) {
                let (large, small) = counts.entry(token.lower).or_default();
                *(if token.is_capital() { large } else { small }) += 1;
            }
        });
    }
    let class = |(large, small): (u32, u32)| match (large, small) {
        (0, _) => 1,
        (_, 0) => 5,
        (large, small) if large * 9 <= small => 2,
        (large, small) if small * 9 <= large => 4,
        _ => 3,
    };
    let known = counts.into_iter().filter(|(_, (large, small))| large + small >= FEWEST);
    Casing(known.map(|(word, counts)| (word, class(counts))).collect())
}

/// Adds the examples of a document; names that fit no piece are counted in `lost`.
fn prepare(
    document: &Labelled,
    weight: f32,
    fold: u8,
    casing: &Casing,
    examples: &mut Vec<Example>,
    lost: &mut (usize, usize),
) {
    let article = article(document);
    with_texts(&article, |texts, rules| {
        let pieces: Vec<Vec<Piece>> = texts.iter().map(pieces::pieces).collect();
        let elsewhere = Elsewhere::of(texts, rules, &pieces);
        for ((text, rules), pieces) in texts.iter().zip(rules).zip(&pieces) {
            let names = if text.part == Part::Title { &document.title_names } else { &document.names };
            let context = Context { text, rules, elsewhere: &elsewhere, casing };
            let (labels, spoilt) = labels_of(text, names, lost);
            for piece in pieces {
                let mut example = Example { fold, weight, ..Example::default() };
                for at in piece.first..=piece.last {
                    context.features(*piece, at, &mut example.features);
                    example.ends.push(example.features.len() as u32);
                    example.labels.push(labels[at]);
                    if spoilt[at] {
                        example.weight = 0.0;
                    }
                }
                // A name that begins or ends outside the piece.
                let fits =
                    example.labels.iter().zip(example.labels.iter().skip(1)).all(|(a, b)| labels::may_follow(*a, *b))
                        && example.labels.first().is_none_or(|first| labels::may_follow(OUTSIDE, *first))
                        && example.labels.last().is_none_or(|last| labels::may_follow(*last, OUTSIDE));
                if !fits {
                    example.weight = 0.0;
                }
                examples.push(example);
            }
        }
    });
}

/// The label of each word of `text`, and whether a name does not fit there.
fn labels_of(text: &Text<'_>, names: &[(Span, Kind)], lost: &mut (usize, usize)) -> (Vec<Label>, Vec<bool>) {
    let mut result = vec![OUTSIDE; text.tokens.len()];
    let mut spoilt = vec![false; text.tokens.len()];
    for (span, kind) in names {
        let first = text.tokens.partition_point(|token| token.span.end <= span.start);
        let after = text.tokens.partition_point(|token| token.span.start < span.end);
        lost.1 += 1;
        // A possessive ending may be inside the name, and so may the full stop of an abbreviation.
        let fits = after > first && text.tokens[first].span.start == span.start && {
            let (last, rest) = (&text.tokens[after - 1], text.text.as_bytes());
            last.span.end == span.end
                || last.span.end + usize::from(last.ending) == span.end
                || last.span.end + 1 == span.end && rest.get(last.span.end) == Some(&b'.')
        };
        if fits {
            for (at, label) in (first..after).zip(labels::of(*kind, after - first)) {
                result[at] = label;
            }
        } else {
            lost.0 += 1;
            for spoilt in spoilt.iter_mut().take(after).skip(first) {
                *spoilt = true;
            }
        }
    }
    (result, spoilt)
}

/// Fills in what the second pass sees, from the labels by `weights`.
fn second_features(document: &Labelled, weights: &Weights, numbers: &[usize], examples: &mut [Example]) {
    let article = article(document);
    with_texts(&article, |texts, _| {
        let pieces: Vec<Vec<Piece>> = texts.iter().map(pieces::pieces).collect();
        let mut numbers_left = numbers.iter();
        let mut first = Vec::new();
        for pieces in &pieces {
            let mut labels = Vec::new();
            for _ in pieces {
                let Some(number) = numbers_left.next() else { continue };
                let example = &examples[*number];
                labels.extend(learner::best(example, weights));
            }
            first.push(labels);
        }
        let votes = Votes::of(texts, &pieces, &first);
        let mut numbers_left = numbers.iter();
        for ((text, pieces), labels) in texts.iter().zip(&pieces).zip(&first) {
            let mut from = 0;
            for piece in pieces {
                let Some(number) = numbers_left.next() else { continue };
                let example = &mut examples[*number];
                let earlier = &labels[from..from + piece.len()];
                from += piece.len();
                for at in piece.first..=piece.last {
                    votes.features(text, *piece, at, earlier, &mut example.second);
                    example.second_ends.push(example.second.len() as u32);
                }
            }
        }
    });
}

/// Numbers the features that occur twice and more; the result is the hash of each.
fn number(examples: &mut [Example]) -> Vec<u32> {
    let mut counts: FxHashMap<u32, u32> = FxHashMap::default();
    for example in examples.iter().filter(|example| example.weight > 0.0) {
        for feature in &example.features {
            *counts.entry(*feature).or_default() += 1;
        }
    }
    let mut hashes: Vec<u32> = counts.into_iter().filter(|(_, count)| *count > 1).map(|(feature, _)| feature).collect();
    hashes.sort_unstable();
    let numbers: FxHashMap<u32, u32> = hashes.iter().zip(0..).map(|(hash, number)| (*hash, number)).collect();
    for example in examples {
        example.renumber(|feature| numbers.get(&feature).copied());
    }
    hashes
}

/// Keeps the `most` features that say most: by their weights, and by how often they say it.
fn select(examples: &mut [Example], hashes: &mut Vec<u32>, weights: &Weights, most: usize) {
    let mut counts = vec![0u32; hashes.len()];
    for example in examples.iter().filter(|example| example.weight > 0.0) {
        for feature in &example.features {
            counts[*feature as usize] += 1;
        }
    }
    let worth = |number: usize| {
        let largest = weights.shared[number].iter().fold(0.0f32, |most, weight| most.max(weight.abs()));
        largest * (counts[number] as f32).sqrt()
    };
    let mut order: Vec<usize> = (0..hashes.len()).collect();
    order.sort_by(|a, b| worth(*b).total_cmp(&worth(*a)).then(a.cmp(b)));
    // What its bucket has no room for would be lost in any case.
    let buckets = buckets(most);
    let mut room = vec![0u8; buckets as usize];
    let mut new = vec![None; hashes.len()];
    let mut kept = Vec::new();
    for number in order {
        let bucket = &mut room[model::bucket(hashes[number], buckets)];
        if kept.len() < most && usize::from(*bucket) < model::WAYS {
            *bucket += 1;
            new[number] = Some(kept.len() as u32);
            kept.push(hashes[number]);
        }
    }
    for example in examples {
        example.renumber(|feature| new[feature as usize]);
    }
    *hashes = kept;
}

/// How many buckets hold so many features.
fn buckets(features: usize) -> u32 {
    (features.div_ceil(model::WAYS) as u32).max(1)
}

/// A model's bytes from weights; without a second pass, the first stands for it.
fn pack(hashes: &[u32], first: &Weights, second: Option<&Weights>, casing: &Casing) -> Vec<u8> {
    let scale_of = |weights: &Weights| {
        let all = weights.shared.iter().chain(&weights.second).flatten();
        let mut sizes: Vec<f32> = all.map(|weight| weight.abs()).filter(|size| *size > 0.0).collect();
        sizes.sort_by(f32::total_cmp);
        // The few largest are cut off: one step for all others.
        let largest = sizes.get(sizes.len().saturating_sub(1 + sizes.len() / 20_000)).copied().unwrap_or(1.0);
        127.0 / largest.max(1e-6)
    };
    let other = second.unwrap_or(first);
    let (one, two) = (scale_of(first), scale_of(other));
    let byte = |weight: &f32, scale: f32| (weight * scale).round().clamp(-127.0, 127.0) as i8 as u8;
    let buckets = buckets(hashes.len());
    let slots = buckets as usize * model::WAYS;
    let mut tags = vec![0u16; slots];
    let mut rows = vec![[0u8; 2 * LABELS]; slots];
    for (number, hash) in hashes.iter().enumerate() {
        let from = model::bucket(*hash, buckets) * model::WAYS;
        // A tag that is taken stands for both.
        let Some(slot) = (from..from + model::WAYS).find(|slot| tags[*slot] == 0) else { continue };
        tags[slot] = model::tag(*hash);
        for label in 0..LABELS {
            rows[slot][label] = byte(&first.shared[number][label], one);
            rows[slot][LABELS + label] = byte(&other.shared[number][label], two);
        }
    }
    let none = [[0.0; LABELS]];
    let second_rows = second.map_or(&none[..], |second| &second.second);
    let mut bytes = model::MAGIC.to_vec();
    bytes.extend(buckets.to_le_bytes());
    bytes.extend((second_rows.len() as u32).to_le_bytes());
    let mut words: Vec<(u32, u8)> = casing.0.iter().map(|(hash, class)| (*hash, *class)).collect();
    words.sort_unstable();
    bytes.extend((words.len() as u32).to_le_bytes());
    for (weights, scale) in [(first, one), (other, two)] {
        for value in weights.transitions.iter().flatten() {
            bytes.extend(((value * scale).round().clamp(-32_000.0, 32_000.0) as i16).to_le_bytes());
        }
    }
    bytes.extend(tags.iter().flat_map(|tag| tag.to_le_bytes()));
    bytes.extend(rows.iter().flatten());
    bytes.extend(second_rows.iter().flatten().map(|weight| byte(weight, two)));
    bytes.extend(words.iter().flat_map(|(hash, _)| hash.to_le_bytes()));
    bytes.extend(words.iter().map(|(_, class)| class));
    bytes.extend([0; model::PADDING]);
    bytes
}
