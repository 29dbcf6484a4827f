//! One file a theme, and [`program`], which runs the binary in a folder of its own.

mod corpus;
mod crash;
mod damage;
mod datelines;
mod dates;
mod formats;
mod full_disk;
mod fuzzed;
mod homes;
mod input;
mod languages;
mod laws;
mod monsters;
mod naive;
mod naive_spans;
mod oracle;
mod program;
mod queries;
mod random;
mod readme;
mod related;
mod scan;
mod sequences;
mod snapshots;
mod streams;
mod timeline;
