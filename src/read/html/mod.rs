//! Web pages, saved or archived, and pieces of HTML in other formats.

pub mod fragment;
