//! TREC collections: `<DOC>` after `<DOC>` in one file, each with `<DOCNO>` and the fields that its newspaper had.
//!
//! The layouts differ by newspaper, the names of their fields hardly do; [`FIELDS`] is one table for all. Where a document
//! has no date or no source of its own, its [`number`] often says both: `WSJ870324-0001`.

mod number;

use super::html::fragment;
use super::layout;
use super::sgml::{self, Document, Part};
use super::{File, Flow, Format, Skip, encoding};
use crate::article::{Article, Dateline};
use number::{Number, date};

/// A TREC collection.
pub struct Trec;

impl Format for Trec {
    fn name(&self) -> &'static str {
        "trec"
    }

    fn description(&self) -> &'static str {
        "TREC, AQUAINT, Gigaword: many articles a file, in SGML"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["sgm", "sgml", "trec", "trectext", "trecweb"]
    }

    fn recognise(&self, head: &[u8], _name: &str) -> u8 {
        if encoding::begins_with_word(head) {
            return 0;
        }
        let text = encoding::decode(head).text;
        let start = sgml::after_prolog(text.as_bytes());
        if !start.starts_with(b"<") {
            return 0;
        }
        let lower = start.to_ascii_lowercase();
        let find = |tag: &[u8]| lower.windows(tag.len()).position(|window| window == tag);
        let Some(first) = find(b"<doc>").into_iter().chain(find(b"<doc ")).min() else { return 0 };
        let typical = ["<docno>", "<docid>", "<docno ", "<dochdr>", "<text>", "<headline>"];
        match (first, typical.iter().any(|tag| find(tag.as_bytes()).is_some_and(|at| at > first))) {
            (0, true) => 96,
            // `<doc id="12" url="…" title="…">`
            (0, false) => 60,
            // All documents within one element.
            (_, true) if find(b"<docno>").is_some() => 85,
            _ => 0,
        }
    }

    fn read(
        &self,
        file: &mut File<'_>,
        take: &mut dyn FnMut(Article) -> Flow,
        skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        sgml::read(file, "doc", "has no text", &|document| article(&document), take, skip)
    }
}

/// What a field is to an article.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Id,
    Title,
    Writer,
    Dateline,
    Source,
    Section,
    Date,
    Language,
    Url,
    /// The first paragraph, where it stands apart.
    Lead,
    Text,
    /// Stands in where there is no text.
    Rest,
}

/// The names of fields in lower case; of several the first that is there counts.
const FIELDS: &[(Role, &[&str])] = &[
    (Role::Id, &["docno", "docid"]),
    (Role::Title, &["headline", "hl", "head", "title", "ti", "ttl", "doctitle", "h1", "h3"]),
    (Role::Writer, &["byline", "author", "authors", "creator"]),
    (Role::Dateline, &["dateline"]),
    (Role::Source, &["so", "source", "pub", "publication", "newspaper", "journal", "publisher"]),
    (Role::Section, &["section", "category", "topic"]),
    (
        Role::Date,
        &[
            "date",
            "date_time",
            "datetime",
            "date1",
            "pubdate",
            "pub_date",
            "publication_date",
            "dd",
            "docdate",
            "fileid",
        ],
    ),
    (Role::Language, &["language", "lang"]),
    (Role::Url, &["url", "uri", "link"]),
    (Role::Lead, &["lp", "leadpara"]),
    (Role::Text, &["text", "tx", "maintext", "content"]),
    (Role::Rest, &["body", "summary", "abstract", "descript"]),
];

/// The fields of one document.
struct Fields<'a>(Vec<Part<'a>>);

impl<'a> Fields<'a> {
    /// The fields that have a role, the best name first.
    fn all(&self, role: Role) -> impl Iterator<Item = &Part<'a>> {
        let names = FIELDS.iter().find(|(of, _)| *of == role).map_or(&[][..], |(_, names)| names);
        names.iter().flat_map(|name| self.0.iter().filter(|part| part.name.eq_ignore_ascii_case(name)))
    }

    /// The first field of a role that has something in it, on one line.
    fn line(&self, role: Role) -> Option<String> {
        self.all(role).map(|part| sgml::line(part.inner)).find(|line| !line.is_empty())
    }
}

/// The article in one document; none where it has no text.
fn article(document: &Document) -> Option<Article> {
    let text = document.text.as_str();
    // Pages of the web stand behind their header as they are.
    let page = find_tag(text, "</dochdr>").map(|at| text.split_at(at));
    let fields = Fields(sgml::parts(page.map_or(text, |(before, _)| before)));
    let tag = fields.0.first().map_or("", |part| part.attributes);
    let attribute = |names: &[&str]| names.iter().find_map(|name| sgml::attribute(tag, name));
    let id = fields.line(Role::Id).or_else(|| attribute(&["id", "docid", "docno"]));
    let number = Number::of(id.as_deref().unwrap_or(""));
    let (title, by) = headline(&fields, &number);
    let mut article = Article {
        title: title.or_else(|| attribute(&["title"])),
        authors: writers(&fields, by.or_else(|| loose_byline(text)).as_deref()),
        source: number
            .source()
            .map(str::to_owned)
            .or_else(|| fields.line(Role::Source).and_then(|line| before_notes(&line))),
        section: fields.line(Role::Section).and_then(|line| before_notes(&line)).filter(|section| section.len() > 2),
        language: fields.line(Role::Language).and_then(|line| super::language_code(&line)),
        url: fields
            .line(Role::Url)
            .or_else(|| attribute(&["url"]))
            .filter(|url| url.contains('/') && !url.contains(' ')),
        published: fields.all(Role::Date).find_map(|part| date(&sgml::line(part.inner))).or_else(|| number.date()),
        dateline: fields.line(Role::Dateline).and_then(|line| dateline(&line)),
        encoding: document.encoding.clone(),
        truncated: document.cut,
        ..Article::default()
    };
    article.text = match page {
        Some((header, html)) => {
            article.url = article.url.or_else(|| address(header));
            article.title = article.title.or_else(|| page_title(html));
            let text = fragment::text(html);
            let title = article.title.as_deref().unwrap_or("");
            let rest = text.strip_prefix(title).filter(|rest| rest.starts_with("\n\n") && !title.is_empty());
            rest.map(|rest| rest.trim_start().to_owned()).unwrap_or(text)
        }
        None => body(&fields, &number),
    };
    article.id = id;
    if article.text.trim().is_empty() {
        return None;
    }
    super::cut(&mut article);
    layout::mark(&mut article);
    Some(article)
}

/// The paragraphs of a document: those of its text and of what stands beside it.
fn body(fields: &Fields<'_>, number: &Number<'_>) -> String {
    let join = |role: Role| {
        let mut last: Option<&str> = None;
        let mut out: Vec<String> = Vec::new();
        for part in fields.all(role) {
            // What is within one that was taken is there already.
            let within = last.is_some_and(|last| last.as_bytes().as_ptr_range().contains(&part.inner.as_ptr()));
            let text = if within { String::new() } else { sgml::paragraphs(part.inner) };
            if !text.trim().is_empty() {
                last = Some(part.inner);
                out.push(text);
            }
        }
        out
    };
    let mut parts = join(Role::Lead);
    parts.extend(join(Role::Text));
    if parts.is_empty() {
        parts = join(Role::Rest).into_iter().take(1).collect();
    }
    if parts.is_empty() {
        // A document without fields is all text.
        let known = fields.0.iter().skip(1).any(|part| FIELDS.iter().any(|(_, names)| is_any(part.name, names)));
        parts = fields.0.first().filter(|_| !known).map(|part| sgml::paragraphs(part.inner)).into_iter().collect();
    }
    let text = parts.join("\n\n");
    if number.prefix != "FBIS" {
        return text;
    }
    // What the translators say of the original.
    let notes = |line: &&str| line.is_empty() || line.starts_with("Language:") || line.starts_with("Article Type:");
    let kept: Vec<&str> = text.split('\n').skip_while(notes).collect();
    let kept = kept.join("\n");
    kept.strip_prefix("[Text]").unwrap_or(&kept).trim_start().to_owned()
}

fn is_any(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// The headline, and the writer where the same field names him.
fn headline(fields: &Fields<'_>, number: &Number<'_>) -> (Option<String>, Option<String>) {
    let Some(whole) = fields.line(Role::Title) else { return (None, None) };
    // `FT  14 MAY 91 / Jubilee of a jet`
    let whole = match whole.split_once(" / ") {
        Some((day, title)) if number.prefix == "FT" && day.starts_with("FT") => title.to_owned(),
        _ => whole,
    };
    // `Nissan: @ A Factory in Mexico @ ---- @ By Ana Ruiz @ Staff Reporter of The Wall Street Journal`
    let (mut title, mut by) = (Vec::new(), None);
    for part in whole.split(" @").map(|part| part.trim_matches(['@', ' '])) {
        if part.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("by ")) && !title.is_empty() {
            by = Some(part.to_owned());
            break;
        }
        if part.chars().any(char::is_alphanumeric) {
            title.push(part);
        }
    }
    let title = title.join(" ");
    (Some(title).filter(|title| !title.is_empty()), by)
}

/// The byline that stands between headline and text without a tag of its own.
fn loose_byline(document: &str) -> Option<String> {
    let rest = document.get(find_tag(document, "</headline>")?..)?;
    let line = rest.get(..rest.find('<')?)?.trim();
    let by = line.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("by "));
    (by && !line.contains('\n') && line.len() <= 100).then(|| sgml::line(line))
}

/// The writers, as far as the field holds names.
fn writers(fields: &Fields<'_>, by: Option<&str>) -> Vec<String> {
    let field = fields.line(Role::Writer).or_else(|| by.map(str::to_owned)).unwrap_or_default();
    // `By ANA RUIZ, Associated Press Writer`, `By Ana Ruiz; Ana Ruiz is a lawyer in Leeds.`
    let field = field.split(';').next().unwrap_or(&field);
    layout::names(field)
}

/// What stands before the notes of a field: `Book Review; Page 1; Desk`, `WALL STREET JOURNAL (J), PAGE 4`.
fn before_notes(line: &str) -> Option<String> {
    let text = line.split([';', '(']).next().unwrap_or(line).trim().trim_end_matches([',', '.']);
    (!text.is_empty() && text.len() <= 80).then(|| text.to_owned())
}

/// A dateline that stands in a field of its own. Where it is unlike others, its beginning is the place.
fn dateline(line: &str) -> Option<Dateline> {
    layout::dateline_field(line).or_else(|| {
        let place = line.split([',', '(']).next().unwrap_or(line).trim().trim_end_matches(['-', '_', ' ', ':']);
        let fits = !place.is_empty() && place.len() <= 40 && place.starts_with(char::is_uppercase);
        (fits && !place.contains(|c: char| c.is_ascii_digit()))
            .then(|| Dateline { place: place.to_owned(), ..Dateline::default() })
    })
}

/// Where a tag ends, whatever its case.
fn find_tag(text: &str, tag: &str) -> Option<usize> {
    let found = text.as_bytes().windows(tag.len()).position(|window| window.eq_ignore_ascii_case(tag.as_bytes()));
    found.map(|at| at + tag.len())
}

/// The address of a page: the first word of its header that is one.
fn address(header: &str) -> Option<String> {
    let start = find_tag(header, "<dochdr>")?;
    let word = header.get(start..)?.split([' ', '\n', '\r', '<']).find(|word| !word.is_empty())?;
    (word.starts_with("http://") || word.starts_with("https://")).then(|| word.to_owned())
}

/// What a page says is its title.
fn page_title(html: &str) -> Option<String> {
    let rest = html.get(find_tag(html, "<title>")?..)?;
    let end = rest.find('<').unwrap_or(rest.len());
    Some(sgml::line(rest.get(..end)?)).filter(|title| !title.is_empty() && title.len() < 1000)
}

#[cfg(test)]
mod tests {
    use super::super::around::{Around, Budget};
    use super::*;

    fn read(bytes: &[u8]) -> (Vec<Article>, Vec<String>) {
        let budget = Budget::default();
        let mut input = bytes;
        let mut file = File { path: "a", input: &mut input, around: Around::new(&budget) };
        let (mut articles, mut skips) = (Vec::new(), Vec::new());
        let result = Trec.read(
            &mut file,
            &mut |article| {
                articles.push(article);
                Flow::Continue
            },
            &mut |skip| skips.push(skip),
        );
        skips.extend(result.err());
        let told = |skip: Skip| format!("{}! {}", skip.member.unwrap_or_default(), skip.reason);
        (articles, skips.into_iter().map(told).collect())
    }

    /// Id, title, writers, source, section, day, place and text of the one article in `document`.
    fn check(document: &str, expected: [&str; 8]) {
        let (mut articles, skips) = read(document.as_bytes());
        assert!(skips.is_empty(), "{skips:?}");
        let article = articles.pop().expect("there is one");
        let place = article.dateline.map(|line| line.place);
        let published = article.published.map(|date| date.value);
        let authors = Some(article.authors.join("; "));
        let all = [article.id, article.title, authors, article.source, article.section, published, place];
        let mut all: Vec<String> = all.into_iter().map(Option::unwrap_or_default).collect();
        all.push(article.text);
        assert_eq!(all, expected, "{document}");
    }

    #[test]
    fn layouts_of_newspapers() {
        check(
            "<DOC>\n<DOCNO> AP880212-0001 </DOCNO>\n<FILEID>AP-NR-02-12-88 2344EST</FILEID>\n<FIRST>r i AM-Tin 02-12 0100</FIRST>\
             \n<HEAD>Tin Rises Again</HEAD>\n<HEAD>Eds: updates</HEAD>\n<BYLINE>By ANA RUIZ</BYLINE>\n<BYLINE>Associated Press \
             Writer</BYLINE>\n<DATELINE>LA PAZ, Bolivia (AP) </DATELINE>\n<TEXT>\n   Tin rose\nagain.\n   Zinc fell.\n</TEXT>\n\
             </DOC>",
            [
                "AP880212-0001",
                "Tin Rises Again",
                "Ana Ruiz",
                "Associated Press",
                "",
                "1988-02-12",
                "LA PAZ",
                "Tin rose\nagain.\n\nZinc fell.",
            ],
        );
        check(
            "<DOC>\n<DOCNO>WSJ870324-0001</DOCNO>\n<HL>Tin Prices: @ A New Rise @ ---- @ By Ana Ruiz @ Staff Reporter of The Wall \
             Street Journal</HL>\n<DD> 03/24/87</DD>\n<SO>WALL STREET JOURNAL (J)</SO>\n<DATELINE> LA PAZ </DATELINE>\n<LP>\n   \
             First.\n</LP>\n<TEXT>\n   Second.\n</TEXT></DOC>",
            [
                "WSJ870324-0001",
                "Tin Prices: A New Rise",
                "Ana Ruiz",
                "The Wall Street Journal",
                "",
                "1987-03-24",
                "LA PAZ",
                "First.\n\nSecond.",
            ],
        );
        check(
            "<DOC>\n<DOCNO>FT911-3</DOCNO>\n<PROFILE>x</PROFILE>\n<DATE>910514\n</DATE>\n<HEADLINE>\nFT  14 MAY 91 / Tin rises\n\
             </HEADLINE>\n<BYLINE>\n   By ANA RUIZ\n</BYLINE>\n<TEXT>\nTin rose.\n</TEXT>\n<PUB>The Financial Times\n</PUB></DOC>",
            ["FT911-3", "Tin rises", "Ana Ruiz", "Financial Times", "", "1991-05-14", "", "Tin rose."],
        );
        check(
            "<DOC>\n<DOCNO> LA010189-0001 </DOCNO>\n<DATE>\n<P>\nJanuary 1, 1989, Sunday, Home Edition \n</P>\n</DATE>\n<SECTION>\n\
             <P>\nBook Review; Page 1; Book Review Desk \n</P>\n</SECTION>\n<HEADLINE>\n<P>\nTIN: A HISTORY; \n</P>\n</HEADLINE>\n\
             <BYLINE>\n<P>\nBy Ana Ruiz; Ruiz lives in Leeds.\n</P>\n</BYLINE>\n<TEXT>\n<P>\nTin is old. \n</P>\n<P>\nZinc is not. \
             \n</P>\n</TEXT>\n</DOC>",
            [
                "LA010189-0001",
                "TIN: A HISTORY;",
                "Ana Ruiz",
                "Los Angeles Times",
                "Book Review",
                "1989-01-01",
                "",
                "Tin is old.\n\nZinc is not.",
            ],
        );
        check(
            "<DOC id=\"AFP_ENG_19940512.0004\" type=\"story\" >\n<HEADLINE>\nTin rises\n</HEADLINE>\n<DATELINE>\nLA PAZ, May 12 \
             (AFP)\n</DATELINE>\n<TEXT>\n<P>\nTin rose\nagain.\n</P>\n<P>\nZinc &amp; lead fell.\n</P>\n</TEXT>\n</DOC>",
            [
                "AFP_ENG_19940512.0004",
                "Tin rises",
                "",
                "Agence France-Presse",
                "",
                "1994-05-12",
                "LA PAZ",
                "Tin rose\nagain.\n\nZinc & lead fell.",
            ],
        );
        check(
            "<DOC>\n<DOCNO> APW19980807.0261 </DOCNO>\n<DOCTYPE> NEWS STORY </DOCTYPE>\n<DATE_TIME> 08/07/1998 12:20:00 \
             </DATE_TIME>\n<BODY>\n<CATEGORY> i </CATEGORY>\n<HEADLINE> Tin rises </HEADLINE>\n<TEXT>\n<P>\n Tin rose.\n</P>\n\
             </TEXT>\n</BODY>\n</DOC>",
            ["APW19980807.0261", "Tin rises", "", "Associated Press", "", "1998-08-07", "", "Tin rose."],
        );
        check(
            "<DOC>\n<DOCNO> FBIS3-1 </DOCNO>\n<HEADER>\n<AU> FBIS3-1 </AU>\nDocument Type:Daily Report\n<DATE1>  14 March 1994 \
             </DATE1>\n</HEADER>\n<F P=100> BOLIVIA </F>\n<H3> <TI>   Tin Rises </TI></H3>\n<TEXT>\nLanguage: <F P=105>Spanish</F>\n\
             Article Type:BFN\n\n  [Text] Tin rose.\n</TEXT>\n</DOC>",
            ["FBIS3-1", "Tin Rises", "", "Foreign Broadcast Information Service", "", "1994-03-14", "", "Tin rose."],
        );
        check(
            "<DOC>\n<DOCNO> SJMN91-06364022 </DOCNO>\n<LEADPARA>   Tin rose.\n</LEADPARA>\n<SECTION>  Front \n</SECTION>\n\
             <HEADLINE>   TIN RISES\n</HEADLINE>\n<PUBDATE>   911230 </PUBDATE>\n<TEXT>   Zinc fell.  </TEXT></DOC>",
            [
                "SJMN91-06364022",
                "TIN RISES",
                "",
                "San Jose Mercury News",
                "Front",
                "1991-12-30",
                "",
                "Tin rose.\n\nZinc fell.",
            ],
        );
        check(
            "<DOC>\n<DOCNO>WEB-1</DOCNO>\n<DOCHDR>\nhttp://a.example/tin 10.0.0.1 19970219\n</DOCHDR>\n<html><title>Tin &amp; \
             zinc</title><body><p>Tin <b>rose</b>.<p>Zinc fell.\n</DOC>",
            ["WEB-1", "Tin & zinc", "", "", "", "", "", "Tin rose.\n\nZinc fell."],
        );
        check(
            "<doc id=\"12\" url=\"https://a.example/12\" title=\"Tin\">\nTin\n\nTin is a metal.\n</doc>",
            ["12", "Tin", "", "", "", "", "", "Tin\n\nTin is a metal."],
        );
    }

    #[test]
    fn damaged_documents_lose_nothing_beside_them() {
        let (articles, skips) = read(
            b"<DOC>\n<DOCNO>1</DOCNO><TEXT>caf\xe9</TEXT>\n<DOC>\n2 </DOCNO><TEXT>b</TEXT></DOC>\n<DOC></DOC><DOC><DOCNO>4<TEXT>d",
        );
        let texts: Vec<_> = articles.iter().map(|article| article.text.as_str()).collect();
        assert_eq!(texts, ["caf\u{e9}", "b", "d"]);
        assert_eq!(skips, ["3! has no text", "4! the file ends in the middle of it"]);
        assert_eq!(read(b"<DOCS>").1, ["! holds no articles"]);
    }

    #[test]
    fn known_by_its_tags() {
        for (head, expected) in [
            ("<DOC>\n<DOCNO> 1 </DOCNO>", 96),
            ("<!-- x -->\n<DOC id=\"1\"><TEXT>", 96),
            ("<ROOT>\n<DOC>\n<DOCNO>", 85),
            ("<doc id=\"1\" title=\"x\">", 60),
            ("<rss><doc>", 0),
            ("A <DOC> in a text", 0),
            ("<DOCUMENT>", 0),
        ] {
            assert_eq!(Trec.recognise(head.as_bytes(), "a"), expected, "{head}");
        }
    }
}
