//! Where the index is: flag, environment, the nearest `.dateline/` upward, the platform's data folder. And where a user
//! says which names are one: flag, or a file beside what was indexed.

use crate::backend::local::Local;
use crate::error::{Error, Kind, Result};
use crate::names::corrections::{self, Corrections};
use crate::saved::store::Store;
use clap::{Arg, ArgMatches};
use etcetera::BaseStrategy;
use std::path::{Path, PathBuf};

/// The environment variable that names the index.
const VARIABLE: &str = "DATELINE_INDEX";
/// The folder that an index may lie in inside what it indexes; the walk leaves it out.
const NEARBY: &str = ".dateline";

/// The heading under which help lists the arguments of this module.
pub(super) const HEADING: &str = "Which index";

/// The `--index` argument. The variable is read by [`index_folder`], so that `--in` goes before it.
pub(super) fn index_argument() -> Arg {
    Arg::new("index")
        .long("index")
        .value_name("DIR")
        .value_parser(clap::value_parser!(PathBuf))
        .help_heading(HEADING)
        .help(
            "The folder of the index [default: $DATELINE_INDEX, else the nearest .dateline folder upward, else the \
             data folder]",
        )
}

/// The `--in` argument of commands that look at an index as it is.
pub(super) fn in_argument() -> Arg {
    Arg::new("in")
        .long("in")
        .value_name("DIR")
        .value_parser(clap::value_parser!(PathBuf))
        .conflicts_with("index")
        .help_heading(HEADING)
        .help("The index that `search --in DIR` keeps for this folder of articles")
}

/// The `--entities` argument.
pub(super) fn entities_argument() -> Arg {
    Arg::new("entities")
        .long("entities")
        .value_name("FILE")
        .value_parser(clap::value_parser!(PathBuf))
        .help_heading(HEADING)
        .help("Which names are one, and which are not [default: entities.toml in a folder that was indexed]")
}

/// The index in `folder`, opened, with what the user says of names.
pub(super) fn open(folder: &Path, matches: &ArgMatches) -> Result<Local> {
    let mut backend = Local::open(folder)?;
    let given = matches.try_get_one::<PathBuf>("entities").ok().flatten().map(PathBuf::as_path);
    let corrections = corrections(backend.roots().iter().map(Path::new), given)?;
    backend.correct(corrections)?;
    Ok(backend)
}

/// What the user says of names: in the file given, else in the first that lies in a folder of articles.
pub(super) fn corrections<'a>(roots: impl Iterator<Item = &'a Path>, given: Option<&Path>) -> Result<Corrections> {
    let mut beside = roots.map(|root| root.join(corrections::FILE)).filter(|file| file.is_file());
    let Some(file) = given.map(Path::to_owned).or_else(|| beside.next()) else { return Ok(Corrections::default()) };
    let text =
        std::fs::read_to_string(&file).map_err(|error| Error::io(format!("reading `{}`", file.display()), &error))?;
    Corrections::parse(&text)
}

/// How a command line names the index that this one named: ` --in DIR`, ` --index DIR` or nothing, for hints that can
/// be typed as they stand.
pub(super) fn naming(matches: &ArgMatches) -> String {
    let given = |name: &str| matches.try_get_one::<PathBuf>(name).ok().flatten();
    match (given("in"), given("index")) {
        (Some(folder), _) => named("in", folder),
        (None, Some(folder)) => named("index", folder),
        (None, None) => String::new(),
    }
}

/// The same for one flag and its folder.
pub(super) fn named(flag: &str, folder: &Path) -> String {
    let folder = folder.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-+,:@~".contains(c);
    match folder.chars().all(plain) {
        true => format!(" --{flag} {folder}"),
        false => format!(" --{flag} '{}'", folder.replace('\'', r"'\''")),
    }
}

/// The folder of the index that `--in` or `--index` or what is in their place means.
pub(super) fn folder(matches: &ArgMatches) -> Result<PathBuf> {
    match matches.get_one::<PathBuf>("in") {
        Some(folder) => folder_for(folder),
        None => index_folder(matches),
    }
}

/// The folder of the index that these arguments mean.
pub(super) fn index_folder(matches: &ArgMatches) -> Result<PathBuf> {
    if let Some(given) = matches.get_one::<PathBuf>("index") {
        return Ok(given.clone());
    }
    if let Some(given) = std::env::var_os(VARIABLE).filter(|given| !given.is_empty()) {
        return Ok(given.into());
    }
    let here = std::env::current_dir().map_err(|error| Error::io("finding the working directory", &error))?;
    if let Some(folder) = here.ancestors().map(|folder| folder.join(NEARBY)).find(|folder| folder.is_dir()) {
        return Ok(folder);
    }
    Ok(data_folder()?.join("default"))
}

/// The folder of the index that `search --in` keeps for `folder`.
pub(super) fn folder_for(folder: &Path) -> Result<PathBuf> {
    let real = folder.canonicalize().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            Error::new(Kind::NotFound, format!("there is no file or folder `{}`", folder.display()))
                .hint("check the path; without `--in` the index is searched")
        }
        _ => Error::io(format!("opening `{}`", folder.display()), &error),
    })?;
    let name: String = real.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let name: String = name.chars().filter(|c| c.is_alphanumeric() || *c == '-' || *c == '_').take(40).collect();
    let hash = blake3::hash(real.as_os_str().as_encoded_bytes()).to_hex();
    Ok(data_folder()?.join("folders").join(format!("{name}-{}", &hash[..16])))
}

/// Where saved searches are kept: in the data folder, whatever index they are asked of.
pub(super) fn saved() -> Result<Store> {
    Ok(Store::new(data_folder()?.join("saved")))
}

/// `$XDG_DATA_HOME/dateline` or what the platform has in its place.
fn data_folder() -> Result<PathBuf> {
    etcetera::choose_base_strategy().map(|base| base.data_dir().join("dateline")).map_err(|error| {
        Error::new(Kind::Usage, "no home folder is set to keep an index in")
            .because(error)
            .hint("name one with `--index DIR`")
    })
}
