//! `dateline completions`: for the shell.
//!
//! Commands, flags and their values come from the definition of the command line. What only the program knows when it
//! runs, fields of queries and the names of saved searches, is put around that: [`around`].

use super::report::Report;
use super::{Command, Exit};
use crate::error::Result;
use crate::field::FIELDS;
use clap::{Arg, ArgMatches, value_parser};
use clap_complete::Shell;

/// The command.
pub(super) struct Completions;

/// The commands that take a query.
const ASKING: &[&str] = &[
    "search",
    "count",
    "facets",
    "timeline",
    "trend",
    "coverage",
    "related",
    "kwic",
    "collocates",
    "cooccur",
    "first",
    "last",
    "export",
    "save",
    "similar",
];
/// The commands that take the name of a saved search.
const OF_SAVED: &[&str] = &["new"];

impl Command for Completions {
    fn define(&self) -> clap::Command {
        clap::Command::new("completions")
            .about("Print what a shell needs to complete commands, flags, fields and saved searches")
            .arg(Arg::new("shell").value_name("SHELL").required(true).value_parser(value_parser!(Shell)))
            .after_help(
                "Examples:\n  \
                 dateline completions bash > ~/.local/share/bash-completion/completions/dateline\n  \
                 dateline completions zsh > ~/.zfunc/_dateline\n  \
                 dateline completions fish > ~/.config/fish/completions/dateline.fish",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        if let Some(shell) = matches.get_one::<Shell>("shell") {
            // Into memory first: the generator panics where it cannot write.
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut super::define(), "dateline", &mut script);
            report.data(&String::from_utf8_lossy(&script))?;
            report.data(&around(*shell))?;
        }
        Ok(Exit::Done)
    }
}

/// What a shell needs beside what is generated: fields where a query is typed and where one is named, saved searches where
/// they are meant.
fn around(shell: Shell) -> String {
    let fields: Vec<String> = FIELDS.iter().map(|field| format!("{}:", field.name)).collect();
    let counted: Vec<&str> = FIELDS.iter().filter(|field| field.facet).map(|field| field.name).collect();
    let (fields, counted) = (fields.join(" "), counted.join(" "));
    let (asking, of_saved) = (ASKING.join("|"), OF_SAVED.join("|"));
    match shell {
        Shell::Bash => format!(
            r#"
_dateline_saved() {{
    dateline saved --format csv --fields name 2>/dev/null | tail -n +2
}}

_dateline_around() {{
    local word="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}" command="${{COMP_WORDS[1]}}"
    case "$command $before" in
        {saved_before}) COMPREPLY=($(compgen -W "$(_dateline_saved)" -- "$word")); return ;;
        *" --facet"|"facets --by") COMPREPLY=($(compgen -W "{counted}" -- "$word")); return ;;
    esac
    case "$command" in
        {asking})
            if [[ "$word" != -* && -n "$word" && "$before" != --* ]]; then
                COMPREPLY=($(compgen -W "{fields}" -- "$word"))
                [[ ${{#COMPREPLY[@]}} -gt 0 ]] && {{ compopt -o nospace 2>/dev/null; return; }}
            fi ;;
    esac
    _dateline "$@"
}}

complete -F _dateline_around -o bashdefault -o default dateline
"#,
            saved_before =
                OF_SAVED.iter().map(|name| format!("\"{name} {name}\"|*\" --remove\"")).collect::<Vec<_>>().join("|"),
        ),
        Shell::Zsh => format!(
            r#"
_dateline_around() {{
    local command="${{words[2]}}" before="${{words[CURRENT-1]}}" word="${{words[CURRENT]}}"
    if [[ "$before" == --remove || ( "$command" == ({of_saved}) && CURRENT -eq 3 ) ]]; then
        compadd -- ${{(f)"$(dateline saved --format csv --fields name 2>/dev/null | tail -n +2)"}}
        return
    fi
    if [[ "$before" == --facet || ( "$command" == facets && "$before" == --by ) ]]; then
        compadd -- {counted}
        return
    fi
    if [[ "$command" == ({asking}) && -n "$word" && "$word" != -* && "$before" != --* ]]; then
        compadd -S '' -- {fields} && return
    fi
    _dateline "$@"
}}

compdef _dateline_around dateline
"#
        ),
        Shell::Fish => format!(
            "\ncomplete -c dateline -n \"__fish_seen_subcommand_from {}\" -f -a \"(dateline saved --format csv --fields name \
             2>/dev/null | tail -n +2)\"\n\
             complete -c dateline -n \"__fish_seen_subcommand_from saved\" -l remove -x -a \"(dateline saved --format csv \
             --fields name 2>/dev/null | tail -n +2)\"\n\
             complete -c dateline -n \"__fish_seen_subcommand_from search\" -l facet -x -a \"{counted}\"\n\
             complete -c dateline -n \"__fish_seen_subcommand_from {}\" -f -a \"{fields}\"\n",
            OF_SAVED.join(" "),
            ASKING.join(" "),
        ),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_that_are_completed_exist() {
        let program = super::super::define();
        for name in ASKING.iter().chain(OF_SAVED).chain(&["saved", "facets"]) {
            assert!(program.find_subcommand(name).is_some(), "{name}");
        }
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
            let text = around(shell);
            assert!(text.contains("person:") && text.contains("dateline saved") && text.contains("search"), "{text}");
        }
    }

    #[test]
    fn every_command_that_takes_a_query_completes_fields() {
        let program = super::super::define();
        // Those whose query is told by an article, or that take several.
        let others = ["show", "open", "diff", "cite"];
        for command in program.get_subcommands() {
            let asks = command.get_arguments().any(|argument| argument.get_id() == "query");
            let name = command.get_name();
            if asks && !others.contains(&name) {
                assert!(ASKING.contains(&name), "{name}");
            }
        }
    }
}
