//! x
pub(super) struct Batch;
impl super::Command for Batch {
    fn define(&self) -> clap::Command { clap::Command::new("batch") }
    fn run(&self, _: &clap::ArgMatches, _: &mut super::report::Report) -> crate::error::Result<super::Exit> { Ok(super::Exit::Done) }
}
