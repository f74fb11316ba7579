//! What was promised, beside what was seen.
use crate::scale;

/// 10⁶ bytes in a MiB.
pub const MB: f64 = 1.048_576;

/// `value`: nothing where it could not be measured. `unit` follows the numbers as it is.
pub fn at_most(what: &str, value: Option<f64>, bound: f64, unit: &str) {
    say(&format!("{what} ≤ {}{unit}", short(bound)), value, unit, |value| value <= bound);
}

pub fn at_least(what: &str, value: Option<f64>, bound: f64, unit: &str) {
    say(&format!("{what} ≥ {}{unit}", short(bound)), value, unit, |value| value >= bound);
}

/// With one digit at most.
fn short(bound: f64) -> f64 {
    (bound * 10.0).round() / 10.0
}

fn say(target: &str, value: Option<f64>, unit: &str, is_met: impl Fn(f64) -> bool) {
    let verdict = match value {
        None => "not measured",
        Some(_) if !scale::is_whole() => "a part measures nothing",
        Some(value) if is_met(value) => "met",
        Some(_) => "SHORT",
    };
    let value = value.map_or("–".to_owned(), |value| format!("{value:.1}{unit}"));
    println!("target: {target}: {value}, {verdict}");
}
