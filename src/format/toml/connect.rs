//! Connection rules: `connect = "all_to_all"`, `connect = { rule = "fixed_indegree", indegree = 1000 }`.

use super::cursor::{Item, Table};
use super::files::{csv, npy};
use crate::diagnostic::quoted;
use crate::network::{Coefficients, Connect, Matrix, suggestion};
use crate::units::Dimension;
use toml::de::DeValue;

const RULES: &[&str] =
    &["all_to_all", "one_to_one", "fixed_probability", "fixed_indegree", "fixed_outdegree", "fixed_total", "list", "dense"];

/// Reads the value of `connect`; `dimension` is what weights measure.
pub(super) fn read(projection: &Table<'_>, item: &Item<'_>, dimension: Option<Dimension>) -> Option<Connect> {
    match item.value {
        DeValue::String(rule) => match &**rule {
            "all_to_all" => Some(Connect::AllToAll),
            "one_to_one" => Some(Connect::OneToOne),
            rule if RULES.contains(&rule) => {
                item.complain_with_help(
                    format!("{} needs more than its name", quoted(rule)),
                    format!("write connect = {}", example(rule)),
                );
                None
            }
            rule => unknown(item, rule),
        },
        DeValue::Table(_) => {
            let table = projection.sub(item, format!("`connect` of {}", projection.what))?;
            let rule_item = table.need("rule", "rule = \"all_to_all\"")?;
            let rule = rule_item.string()?;
            if !RULES.contains(&rule) {
                return unknown(&rule_item, rule);
            }
            let connect = with_keys(&table, rule, dimension);
            table.finish();
            connect
        }
        _ => {
            item.expected("a rule", &format!("write \"all_to_all\", or {}", example("fixed_indegree")));
            None
        }
    }
}

fn unknown(item: &Item<'_>, rule: &str) -> Option<Connect> {
    item.complain_with_help(format!("there is no connection rule {}", quoted(rule)), suggestion(rule, "rules", RULES));
    None
}

fn example(rule: &str) -> &'static str {
    match rule {
        "fixed_probability" => "{ rule = \"fixed_probability\", p = 0.1 }",
        "fixed_indegree" => "{ rule = \"fixed_indegree\", indegree = 100 }",
        "fixed_outdegree" => "{ rule = \"fixed_outdegree\", outdegree = 100 }",
        "fixed_total" => "{ rule = \"fixed_total\", total = 1000 }",
        "list" => "{ rule = \"list\", pairs = [[0, 1], [1, 2]] } or { rule = \"list\", file = \"pairs.csv\" }",
        "dense" => "{ rule = \"dense\", file = \"weights.npy\" } or { rule = \"dense\", rows = [[…], […]] }",
        _ => "{ rule = \"all_to_all\" }",
    }
}

fn with_keys(table: &Table<'_>, rule: &str, dimension: Option<Dimension>) -> Option<Connect> {
    match rule {
        "all_to_all" => Some(Connect::AllToAll),
        "one_to_one" => Some(Connect::OneToOne),
        "fixed_probability" => table.need("p", "p = 0.1")?.quantity(Some(Dimension::None)).map(Connect::FixedProbability),
        "fixed_indegree" => table.need("indegree", "indegree = 100")?.index().map(Connect::FixedIndegree),
        "fixed_outdegree" => table.need("outdegree", "outdegree = 100")?.index().map(Connect::FixedOutdegree),
        "fixed_total" => table.need("total", "total = 1000")?.whole(u64::MAX).map(Connect::FixedTotal),
        "list" => list(table, dimension).map(Connect::List),
        _ => dense(table, dimension).map(Connect::Dense),
    }
}

/// The one of two keys that is given, with a complaint where it is none or both.
fn either<'a>(table: &Table<'a>, rule: &str, inline: &'static str) -> Option<Item<'a>> {
    match (table.get(inline), table.get("file")) {
        (Some(item), None) | (None, Some(item)) => Some(item),
        (Some(item), Some(_)) => {
            item.complain_with_help("connections are given twice", format!("write either `{inline}` or `file`"));
            None
        }
        (None, None) => {
            let message = format!("{} needs `{inline}` or `file`", table.what);
            table.doc.complain_with_help(&table.span, message, format!("write for instance {}", example(rule)));
            None
        }
    }
}

type Pair = (u32, u32, Option<f64>, Option<f64>);

fn list(table: &Table<'_>, dimension: Option<Dimension>) -> Option<Vec<Pair>> {
    let item = either(table, "list", "pairs")?;
    if item.key == "pairs" {
        return item.all("write for instance [[0, 1], [1, 2]]", |pair| inline_pair(pair, dimension));
    }
    let mut pairs = Vec::new();
    let complete = csv(&item, &["source", "target"], &["weight", "delay_ms"], |row| {
        if let (Some(source), Some(target)) = (row.index("source"), row.index("target")) {
            pairs.push((source, target, row.number("weight"), row.number("delay_ms")));
        }
    });
    complete.then_some(pairs)
}

/// `[source, target]`, with a weight and a delay after them where wanted.
fn inline_pair(item: &Item<'_>, dimension: Option<Dimension>) -> Option<Pair> {
    let help = "write [source, target], [source, target, weight] or [source, target, weight, delay]";
    let parts: Vec<_> = item.array(help)?.collect();
    if !(2..=4).contains(&parts.len()) {
        item.complain_with_help(format!("expected a pair, found an array of {}", parts.len()), help);
        return None;
    }
    let (source, target) = (parts[0].index(), parts[1].index());
    let weight = parts.get(2).map_or(Some(None), |weight| weight.quantity(dimension).map(Some));
    let delay = parts.get(3).map_or(Some(None), |delay| delay.delay_ms().map(Some));
    Some((source?, target?, weight?, delay?))
}

fn dense(table: &Table<'_>, dimension: Option<Dimension>) -> Option<Matrix> {
    let item = either(table, "dense", "rows")?;
    if item.key == "file" {
        return npy(&item);
    }
    let help = "write one row per target: [[…], […]]";
    let mut sources = None;
    let rows = item.all(help, |row| {
        let values = row.all(help, |value| value.quantity(dimension))?;
        let first = *sources.get_or_insert(values.len());
        if values.len() != first {
            row.complain(format!("the first row has {first} values, this one {}", values.len()));
            return None;
        }
        Some(values)
    })?;
    Some(Matrix { targets: rows.len(), sources: sources.unwrap_or(0), values: Coefficients::Double(rows.concat()) })
}
