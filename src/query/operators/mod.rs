//! Operators beyond the core: `NEAR/n`, `PRE/n`, `W/S`, `W/P`, `ATLEASTn`, loose phrases, wildcards, slots.
//!
//! None is here yet. Each is one file, `near.rs`, with its syntax and a function that rewrites it to nodes of
//! [`super::tree`], and two lines here: `mod near;` and its row in the list of operators. Until an operator is here,
//! the lexer knows its form and says that it is not supported: a query never means something else in silence.
