use super::{STYLE, to_html};
use crate::report::sections::energy;
use crate::report::tests::reports;
use crate::report::{Report, examples};
use proptest::prelude::*;

/// The element names in order, where the page is well-formed XML with `<!DOCTYPE html>` before it; else what is wrong.
fn elements(html: &str) -> Result<Vec<String>, String> {
    let mut rest = html.strip_prefix("<!DOCTYPE html>\n").ok_or("no document type")?;
    let (mut open, mut all): (Vec<&str>, Vec<String>) = (vec![], vec![]);
    while let Some(at) = rest.find('<') {
        text(&rest[..at])?;
        let end = rest.find('>').ok_or("a tag without end")?;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Err(format!("</{name}> closes another element"));
            }
            continue;
        }
        let inner = tag.strip_suffix('/').unwrap_or(tag);
        let (name, attributes) = inner.split_once(' ').unwrap_or((inner, ""));
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Err(format!("<{tag}> is no element"));
        }
        // With the values taken out, `a="…" b="…"` leaves ` a= b=`.
        let parts: Vec<&str> = attributes.split('"').collect();
        let mut seen = vec![];
        for pair in parts[..parts.len() - 1].chunks(2) {
            let [key, value] = pair else { return Err(format!("<{tag}>: an open quote")) };
            let key = key.trim_start().strip_suffix('=').ok_or_else(|| format!("<{tag}>: no ="))?;
            if !key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') || seen.contains(&key) || value.contains('\'') {
                return Err(format!("<{tag}>: the attribute {key}"));
            }
            text(value)?;
            seen.push(key);
        }
        if parts.last() != Some(&"") {
            return Err(format!("<{tag}>: something after the attributes"));
        }
        all.push(name.to_owned());
        if inner == tag {
            open.push(name);
        }
    }
    if open.is_empty() && rest.trim().is_empty() { Ok(all) } else { Err(format!("not closed: {open:?}")) }
}

fn text(text: &str) -> Result<(), String> {
    let known = ["amp;", "lt;", "gt;", "quot;", "#39;"];
    let bad = text.split('&').skip(1).find(|after| !known.iter().any(|name| after.starts_with(name)));
    let odd = text.chars().find(|c| matches!(c, '>' | '\u{fffe}' | '\u{ffff}') || (c.is_control() && *c != '\n'));
    match (bad, odd) {
        (None, None) => Ok(()),
        _ => Err(format!("a reference or a character XML does not have: {bad:?} {odd:?}")),
    }
}

/// All names of a report replaced.
fn named(name: &str) -> Report {
    let mut report = examples::comparison();
    report.network.name = name.into();
    report.run.input = Some(name.into());
    report.counts.populations.iter_mut().for_each(|population| population.name = name.into());
    for entry in &mut report.energy {
        (entry.device, entry.name, entry.source) = (name.into(), Some(name.into()), name.into());
        entry.terms.iter_mut().for_each(|term| term.name = name.into());
        entry.why_not = entry.why_not.as_ref().map(|_| name.into());
        entry.unpriced.push(name.into());
    }
    report.caveats.push(name.into());
    report
}

#[test]
fn the_page_is_as_agreed() {
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("compare_html", to_html(&examples::comparison()).replace(STYLE, "…"));
    });
}

#[test]
fn the_checker_finds_what_is_wrong() {
    let ok = |body: &str| elements(&format!("<!DOCTYPE html>\n{body}")).is_ok();
    assert!(ok("<p class=\"a\" id=\"b\">x &amp; y<br/></p>\n"));
    for wrong in [
        "<p>",
        "<p></b>",
        "<p>&</p>",
        "<p>&nbsp;</p>",
        "<p a=b></p>",
        "<p a=\"1\" a=\"2\"></p>",
        "<p a=\"1></p>",
        "<1 2></p>",
        "x",
    ] {
        assert!(!ok(wrong), "{wrong}");
    }
}

#[test]
fn the_verdict_comes_first_and_all_parts_follow() {
    let html = to_html(&examples::comparison());
    let parts = [
        "<h1>Dense wins</h1>",
        "id=\"accuracy\"",
        "id=\"energy\"",
        "id=\"break-even\"",
        "id=\"break-even-by-device\"",
        "id=\"populations\"",
        "id=\"projections\"",
        "id=\"energy-by-term\"",
        "id=\"energy-by-layer\"",
        "id=\"accounts-of-other-tools\"",
        "id=\"operations\"",
        "id=\"neurobench\"",
        "id=\"caveats\"",
        "id=\"sources\"",
        "id=\"identity\"",
    ];
    let places: Vec<_> = parts.iter().map(|part| html.find(part).unwrap_or_else(|| panic!("{part} is missing"))).collect();
    assert!(places.is_sorted(), "{places:?}");
    for said in [
        "not priced: analog input, barrier synchronisation",
        "does not fit: weights have 32 bits",
        "spikes per neuron and step",
        "8f14e45fceea167a5a36dedd4bea2543ffbc9b1a0d4c3c6a5e7c1e5d8e3b9a02",
    ] {
        assert!(html.contains(said), "{said} is missing");
    }
}

#[test]
fn a_part_that_does_not_apply_is_absent() {
    let html = to_html(&examples::plain_run());
    elements(&html).expect("well-formed");
    for absent in ["id=\"energy", "id=\"break-even\"", "id=\"accuracy\"", "id=\"operations\"", "id=\"caveats\"", "id=\"sources\""]
    {
        assert!(!html.contains(absent), "{absent}");
    }
    assert!(html.contains("id=\"populations\"") && html.contains("<h1>brunel-2000"));
}

#[test]
fn marks_stand_where_the_axis_says() {
    // From 2.9 µJ to 1.61 J the axis runs from 1 µJ to 10 J: (log10 26.2e-6 + 6) / 7 = 0.20262.
    let html = to_html(&examples::comparison());
    assert!(html.contains("class=\"mark spiking\" cx=\"20.26%\""), "{html}");
    // 2.633 on the axis from 0.01 to 10: (log10 2.633 + 2) / 3 = 0.80682.
    assert!(html.contains("class=\"mark here\" cx=\"80.68%\""));
}

#[test]
fn a_name_cannot_become_markup() {
    for name in
        ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='x", "a & b < c", "</style></title>"]
    {
        let html = to_html(&named(name));
        let all = elements(&html).expect(name);
        assert!(!all.iter().any(|element| ["script", "img", "link", "iframe", "object"].contains(&element.as_str())), "{name}");
        assert_eq!(all, elements(&to_html(&named("a name"))).expect("well-formed"), "{name} changes the elements");
    }
}

#[test]
fn the_page_needs_nothing_else() {
    for report in [examples::comparison(), examples::plain_run()] {
        let html = to_html(&report);
        for foreign in ["://", " src=", "url(", "@import", "<script", "<link", "<img", "xmlns", "srcset", "javascript:"] {
            assert!(!html.contains(foreign), "{foreign}");
        }
        assert!(
            html.match_indices("href=\"").all(|(at, found)| html[at + found.len()..].starts_with('#')),
            "links stay on the page"
        );
        assert!(html.contains("default-src 'none'".replace('\'', "&#39;").as_str()));
    }
}

#[test]
fn pictures_have_words_and_headers_a_scope() {
    let html = to_html(&examples::comparison());
    for (at, _) in html.match_indices("<svg") {
        let tag = &html[at..at + html[at..].find('>').expect("a tag ends")];
        let words = html[at + tag.len() + 1..].starts_with("<title>");
        let inner = tag.contains("overflow=");
        assert!(tag.contains("aria-hidden") || inner || (tag.contains("role=\"img\"") && words), "{tag}");
    }
    assert!(html.match_indices("<th ").all(|(at, _)| html[at..].starts_with("<th scope=")), "headers have a scope");
    assert!(!html.contains("<th>"));
    // Anchors are unique.
    let mut ids: Vec<_> = html.match_indices(" id=\"").map(|(at, _)| html[at + 5..].split('"').next()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
    assert_eq!(energy::groups(&examples::comparison()).len(), 2, "a group for each network");
}

proptest! {
    #[test]
    fn every_report_makes_a_well_formed_page(report in reports()) {
        let html = to_html(&report);
        prop_assert!(elements(&html).is_ok(), "{:?}\n{html}", elements(&html));
        prop_assert!(!html.contains("NaN") && !html.contains("inf%"), "{html}");
        prop_assert!(!html.contains('\u{202e}'), "a name turns the writing direction");
    }
}
