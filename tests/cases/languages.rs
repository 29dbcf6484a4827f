//! Articles in other languages than English: found by inflected forms where words have them, by any part of what is
//! written where words are not parted, and not bent by the rules of a language that the archive does not hold.

use super::program::Program;

/// Language, id, headline, text.
const ARTICLES: [(&str, &str, &str, &str); 8] = [
    (
        "zh",
        "zh-1",
        "两国签署互助条约",
        "平壤6月19日电 两国领导人星期三在首都签署了一项互助条约。条约规定，一方遭到攻击时另一方应提供军事援助。\
         联合国秘书长对此表示关切，呼吁各方保持克制，通过对话解决分歧。",
    ),
    (
        "ja",
        "ja-1",
        "相互援助条約に署名",
        "両国の首脳は水曜日、首都で会談し、包括的な相互援助条約に署名した。ウラジーミル・プーチン大統領は記者団に対し、\
         この条約は防衛のためのものだと語った。政府は今後の対応を検討している。",
    ),
    (
        "ko",
        "ko-1",
        "두 정상, 상호 원조 조약에 서명",
        "두 나라 정상은 수요일 수도에서 회담을 열고 상호 원조 조약에 서명했다. 대통령은 기자회견에서 이 조약이 방어를 위한 것이라고 \
         말했다. 국제연합은 우려를 나타내고 대화를 촉구했다.",
    ),
    (
        "th",
        "th-1",
        "ผู้นำสองประเทศลงนามสนธิสัญญา",
        "ผู้นำทั้งสองประเทศลงนามในสนธิสัญญาช่วยเหลือซึ่งกันและกันที่เมืองหลวงเมื่อวันพุธ นายกรัฐมนตรีกล่าวว่าน้ำท่วมในภาคเหนือ\
         ทำให้การประชุมต้องเลื่อนออกไปหนึ่งวัน",
    ),
    (
        "de",
        "de-1",
        "Staatschefs unterzeichnen Abkommen",
        "Die beiden Staatschefs haben am Mittwoch in der Hauptstadt einen Vertrag über gegenseitigen Beistand unterzeichnet. \
         Die Häuser des Parlaments müssen dem Vertrag noch zustimmen, sagte ein Sprecher der Regierung nach den Gesprächen. \
         Beobachter werteten die früheren Verträge als wenig wirksam. Die Opposition kündigte an, dass sie im Herbst gegen das \
         Abkommen stimmen werde, weil es nach ihrer Ansicht zu viele Fragen offen lässt.",
    ),
    (
        "fr",
        "fr-1",
        "Les deux présidents signent un pacte",
        "Les deux présidents ont signé mercredi dans la capitale un traité d'assistance mutuelle. Le texte doit encore être ratifié \
         par les parlements nationaux, a déclaré un porte-parole du gouvernement à l'issue des entretiens. Les mesures annoncées \
         n'entreront pas en vigueur avant l'automne.",
    ),
    (
        "es",
        "es-1",
        "Los presidentes firman un pacto",
        "Los presidentes firmaron el miércoles en la capital un tratado de asistencia mutua. Las declaraciones del portavoz del \
         gobierno se conocieron después de las reuniones, en las que también se habló de las elecciones de este otoño y de las \
         inversiones en la región.",
    ),
    (
        "ru",
        "ru-1",
        "Лидеры двух стран подписали соглашение",
        "Лидеры двух стран в среду подписали в столице договор о взаимной помощи. После переговоров представитель правительства \
         сообщил, что новый документ ещё должны одобрить парламенты. Наблюдатели напомнили, что прежние договоры не исполнялись.",
    ),
];

fn archive(only: &[&str]) -> Program {
    let program = Program::new();
    let mut lines = String::new();
    for (code, id, title, text) in ARTICLES.iter().filter(|article| only.is_empty() || only.contains(&article.0)) {
        // One is declared wrongly: its text says otherwise.
        let declared = if *code == "de" { ",\"language\":\"en\"" } else { "" };
        lines.push_str(&format!("{{\"id\":\"{id}\",\"title\":\"{title}\",\"text\":\"{text}\"{declared}}}\n"));
    }
    program.write("news/all.jsonl", lines.as_bytes());
    program
}

fn check(program: &Program, arguments: &[&str], expected: &[&str]) {
    let mut all = vec!["search", "--in", "news", "--format", "ids"];
    all.extend(arguments);
    let ran = program.run(&all);
    let found: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(found, expected, "{arguments:?}: {}", ran.stderr);
}

#[test]
fn any_part_of_what_is_written_without_blanks_is_found() {
    let program = archive(&[]);
    for (query, expected) in [
        ("互助条约", &["zh-1"][..]),
        ("军事援助", &["zh-1"]),
        ("助互", &[]),
        ("相互援助条約", &["ja-1"]),
        ("条約 防衛", &["ja-1"]),
        ("\"ウラジーミルプーチン\"", &["ja-1"]),
        ("ウラジーミル・プーチン", &["ja-1"]),
        ("フーチン", &[]),
        ("대통령", &["ko-1"]),
        ("\"상호 원조\"", &["ko-1"]),
        ("국제연합 -대통령", &[]),
        ("สนธิสัญญา", &["th-1"]),
        ("น้ำท่วม", &["th-1"]),
        ("นำท่วม", &[]),
        ("=น้ำท่วม", &["th-1"]),
        ("title:条約", &["ja-1"]),
        ("title:防衛", &[]),
        ("조약 OR 条約", &["ja-1", "ko-1"]),
        ("援助 NOT 条約", &["zh-1"]),
        ("lang:ko", &["ko-1"]),
    ] {
        let mut ids: Vec<&str> = expected.to_vec();
        ids.sort_unstable();
        check(&program, &["--sort", "oldest", query], &ids);
    }
    check(&program, &["--sort", "oldest", "--any", "相互条约"], &["ja-1", "zh-1"]);
}

#[test]
fn words_are_found_in_the_forms_of_the_languages_of_the_archive() {
    let program = archive(&[]);
    for (query, expected) in [
        ("Vertrages", &["de-1"][..]),
        ("Haus", &["de-1"]),
        ("\"Haus\"", &[]),
        ("=Haus", &[]),
        ("Gespräch", &["de-1"]),
        ("traités", &["fr-1"]),
        ("nationale", &["fr-1"]),
        ("mesure", &["fr-1"]),
        ("elección", &["es-1"]),
        ("lang:es declaración", &["es-1"]),
        ("reunión", &["es-1"]),
        ("договором", &["ru-1"]),
        ("новая", &["ru-1"]),
        ("переговоры", &["ru-1"]),
        ("lang:de", &["de-1"]),
        ("lang:German", &["de-1"]),
    ] {
        check(&program, &[query], expected);
    }
    check(&program, &["--no-variants", "Haus"], &[]);
    check(&program, &["--any", "Wer hat die Häuser?"], &["de-1"]);
    // The forms that were met are listed.
    let ran = program.run(&["search", "--in", "news", "--json", "Vertrages"]);
    assert!(ran.stdout.contains("{\"form\":\"vertrage\",\"count\":1}"), "{}", ran.stdout);
}

#[test]
fn words_are_not_bent_by_rules_of_languages_that_are_not_there() {
    // English rules would find `walks` for `walk`.
    let program = archive(&["ru"]);
    program
        .write("news/more.jsonl", "{\"id\":\"x\",\"language\":\"ru\",\"text\":\"Компания Walks. 2 3\"}\n".as_bytes());
    check(&program, &["walk"], &[]);
    check(&program, &["walks"], &["x"]);
    check(&program, &["--lang", "en", "walk"], &[]);
}
