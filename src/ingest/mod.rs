//! From folders to an index.
//!
//! 1. [`walk`] lists the files below a root; [`open`] opens one so that nothing can block or lead elsewhere.
//! 2. [`pipeline`] reads, extracts and writes: files whose size, times and inode are as they were are left alone.
//!    What a user says that names of places mean is put right on the way (`meant`). How far reading may run ahead is `gate`'s to say.
//! 3. [`roots`] keeps one key for each file however its folder was named.
//!
//! [`glimpse`] tells whether a folder has changed, [`relocate`] that it has moved.
//!
//! [`preview`] does the same without an index, for looking.

mod gate;
pub mod glimpse;
mod meant;
pub mod open;
pub mod pipeline;
pub mod preview;
pub mod relocate;
pub mod roots;
mod seen;
mod sources;
pub mod walk;
mod work;
