//! The integration tests: the program as a person or a script runs it. `docs/development.md` tells how to add one.

mod cases;
