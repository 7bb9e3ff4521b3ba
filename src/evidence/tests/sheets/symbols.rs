//! Cells in a symbol font: people see a ticked box where the file has a letter.

use super::*;

const SAID: &str = "the cell is shown in a symbol font: people see a sign, not its letters; write it in words";

/// What is read of 异地 and 份数 of one row whose cells are written so, and how often it is said why not.
fn of_xlsx(styles: &str, shared: &str, cells: &str) -> (String, usize) {
    let header = inline(1, &[("A", "编号"), ("B", "完成"), ("C", "异地"), ("D", "份数"), ("E", "数据集")]);
    let row = inline(2, &[("A", "J-1"), ("B", "2026-09-01 08:00")]).replace("</row>", &format!("{cells}</row>"));
    let bytes = package(&[
        ("[Content_Types].xml", "<Types/>"),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/styles.xml", styles),
        ("xl/sharedStrings.xml", &format!("<sst>{shared}</sst>")),
        ("xl/worksheets/s.xml", &sheet(&format!("{header}{row}"))),
    ]);
    let (rows, scan) = read_bytes(&jobs(), ("jobs.xlsx", &bytes), &[], &["offsite", "copies", "dataset"]);
    (rows.concat(), said(&scan).iter().filter(|said| said.ends_with(SAID)).count())
}

#[test]
fn cells_of_a_workbook_by_the_font_of_their_style() {
    let text = |text: &str| format!(r#"<c r="C2" s="1" t="inlineStr"><is><t>{text}</t></is></c>"#);
    let name = r#"<c r="E2" s="1" t="inlineStr"><is><t>TT</t></is></c>"#.to_owned();
    for (font, cell, expected) in [
        ("Wingdings 2", text("T"), ("?|·|·", 1)),
        (" WEBDINGS", text("T"), ("?|·|·", 1)),
        ("宋体", text("T"), ("true|·|·", 0)),
        ("Segoe UI Symbol", text("T"), ("true|·|·", 0)),
        ("Wingdings 2", text("是T"), ("?|·|·", 1)),
        // The font has no such signs: people see another, and the word.
        ("Wingdings 2", text("是"), ("true|·|·", 0)),
        ("Wingdings 2", text(" "), ("·|·|·", 0)),
        ("Wingdings", r#"<c r="D2" s="1"><v>1</v></c>"#.into(), ("·|?|·", 1)),
        ("Arial", r#"<c r="D2" s="1"><v>1</v></c>"#.into(), ("·|1|·", 0)),
        ("Wingdings", r#"<c r="C2" s="1" t="b"><v>1</v></c>"#.into(), ("true|·|·", 0)),
        // What a text column has is no text that anybody saw.
        ("Symbol", name.clone(), ("·|·|?", 1)),
        ("Arial", name, ("·|·|TT", 0)),
    ] {
        let styles = format!(
            r#"<styleSheet><fonts><font><name val="Arial"/></font><font><sz val="11"/><name val="{font}"/></font></fonts>
            <cellXfs><xf numFmtId="0" fontId="0"/><xf numFmtId="0" fontId="1"/></cellXfs></styleSheet>"#
        );
        let (rows, count) = of_xlsx(&styles, "", &cell);
        assert_eq!((rows.as_str(), count), expected, "{font} {cell}");
    }
}

#[test]
fn stretches_of_a_text_by_the_font_of_their_run() {
    let run = |font: &str, text: &str| format!(r#"<r><rPr><rFont val="{font}"/></rPr><t>{text}</t></r>"#);
    for (text, expected) in [
        (run("Wingdings 2", "T"), ("?|·|·", 1)),
        (run("Wingdings 2", "T") + &run("宋体", " "), ("?|·|·", 1)),
        // A box before each word: which of them counts, the letters do not say.
        (run("Wingdings 2", "T") + &run("宋体", "是"), ("?|·|·", 0)),
        (run("宋体", "T"), ("true|·|·", 0)),
        (run("宋体", "是") + &run("Wingdings 2", " "), ("true|·|·", 0)),
        (run("Wingdings 2", "是"), ("true|·|·", 0)),
    ] {
        for (shared, cell) in [
            (String::new(), format!(r#"<c r="C2" t="inlineStr"><is>{text}</is></c>"#)),
            (format!("<si>{text}</si>"), r#"<c r="C2" t="s"><v>0</v></c>"#.to_owned()),
        ] {
            let (rows, count) = of_xlsx("<styleSheet/>", &shared, &cell);
            assert_eq!((rows.as_str(), count), expected, "{text} {cell}");
        }
    }
}

#[test]
fn cells_and_stretches_of_ods() {
    let cell = |style: &str, text: &str| {
        format!(
            r#"<table:table-cell office:value-type="string" table:style-name="{style}"><text:p>{text}</text:p></table:table-cell>"#
        )
    };
    let style = |name: &str, family: &str, parent: &str, says: &str| {
        format!(
            r#"<style:style style:name="{name}" style:family="{family}"{parent}><style:text-properties {says}/></style:style>"#
        )
    };
    let styles = [
        style("named", "table-cell", "", r#"style:font-name="Wingdings 2""#),
        style("family", "table-cell", "", r#"fo:font-family="'Wingdings 2'""#),
        style("numbered", "table-cell", "", r#"style:font-name="F1""#),
        style("asian", "table-cell", "", r#"style:font-name="Arial" style:font-name-asian="Wingdings 2""#),
        style("child", "table-cell", r#" style:parent-style-name="named""#, r#"fo:font-weight="bold""#),
        style("plain", "table-cell", r#" style:parent-style-name="named""#, r#"style:font-name="Arial""#),
        style("run", "text", "", r#"style:font-name="Wingdings 2""#),
    ];
    let run = |text: &str| format!(r#"<text:span text:style-name="run">{text}</text:span>"#);
    let yes = r#"<table:table-cell office:value-type="boolean" office:boolean-value="true" table:style-name="named"/>"#;
    for (offsite, expected) in [
        (cell("named", "T"), ("?", 1)),
        (cell("family", "T"), ("?", 1)),
        (cell("numbered", "T"), ("?", 1)),
        (cell("asian", "T"), ("?", 1)),
        (cell("child", "T"), ("?", 1)),
        (cell("plain", "T"), ("true", 0)),
        (cell("none", "T"), ("true", 0)),
        (cell("named", "是"), ("true", 0)),
        (cell("none", &run("T")), ("?", 1)),
        (cell("none", &(run("T") + "是")), ("?", 0)),
        (cell("none", &(run(" ") + "是")), ("true", 0)),
        (yes.to_owned(), ("true", 0)),
    ] {
        let heads = ["编号", "完成", "异地"].map(|head| cell("none", head)).concat();
        let cells = cell("none", "J-1") + &cell("none", "2026-09-01 08:00") + &offsite;
        let content = format!(
            r#"<office:document-content><office:font-face-decls><style:font-face style:name="F1" svg:font-family="&apos;Wingdings 2&apos;"/></office:font-face-decls><office:automatic-styles>{}</office:automatic-styles><office:body><office:spreadsheet><table:table table:name="s"><table:table-row>{heads}</table:table-row><table:table-row>{cells}</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"#,
            styles.concat()
        );
        let bytes =
            package(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &content)]);
        let (rows, scan) = read_bytes(&jobs(), ("jobs.ods", &bytes), &[], &["offsite"]);
        let count = said(&scan).iter().filter(|said| said.ends_with(SAID)).count();
        assert_eq!((rows.concat().as_str(), count), expected, "{offsite}");
    }
}

#[test]
fn cells_and_stretches_of_xls() {
    let file = fixture!("symbols.xls");
    let (rows, scan) = read_bytes(&jobs(), file, &[], &["id", "offsite", "copies"]);
    let expected = ["J-1|?|?", "J-2|?|1", "J-3|?|·", "J-4|true|·", "J-5|true|·", "J-6|true|·", "J-7|·|·"];
    assert_eq!(rows, expected, "{:#?}", said(&scan));
    let said = said(&scan);
    assert_eq!((said.iter().filter(|said| said.ends_with(SAID)).count(), said.len()), (3, 4), "{said:#?}");
}

/// As spreadsheets save a page, and as people write one.
#[test]
fn cells_and_stretches_of_a_page() {
    let sheet =
        "<style><!--.xl66 {color:black;\n\tfont-family:\"Wingdings 2\", serif;}\n.xl67 {font-family:宋体}--></style>";
    for (cell, expected) in [
        ("<td>T", ("true", 0)),
        ("<td class=xl66>T", ("?", 1)),
        ("<td class=xl67>T", ("true", 0)),
        ("<td class=xl66>是", ("true", 0)),
        ("<td style='font-family: \"Wingdings 2\"'>T", ("?", 1)),
        ("<td style=\"color:red; font-family:&quot;Wingdings 2&quot;\">T", ("?", 1)),
        ("<td><font face='Wingdings 2'>T</font>", ("?", 1)),
        ("<td><font face=Wingdings><b>T</b></font> 是", ("?", 0)),
        ("<td><font face='宋体'>T</font>", ("true", 0)),
        ("<td><font class=XL66>T", ("?", 1)),
        ("<td><font face=Wingdings> </font>是", ("true", 0)),
    ] {
        let page = format!(
            "<html>{sheet}<table><tr><th>编号<th>完成<th>异地</tr><tr><td>J-1<td>2026-09-01 08:00{cell}</tr></table></html>"
        );
        let (rows, scan) = read_bytes(&jobs(), ("jobs.xls", page.as_bytes()), &[], &["offsite"]);
        let count = said(&scan).iter().filter(|said| said.ends_with(SAID)).count();
        assert_eq!((rows.concat().as_str(), count), expected, "{cell}");
    }
}
