//! Says what the parser makes of SQL texts: the Rust half of `compat-tests/parser`.
//!
//! In, a line per text: a JSON string. Out, a line per text:
//!
//!     {"ends":[12,30],"error":"near \"x\": syntax error","unstable":"…"}
//!
//! `ends` holds, in UTF-16 units as JavaScript counts, where each accepted statement ends; `error` the message for
//! what follows the last of them; `unstable` the first statement whose print → parse → print differs. The last two
//! are left out when there is nothing to tell.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufWriter, Write as _};

fn main() -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let sql = json_string(&line?);
        out.write_all(verdict(&sql).as_bytes())?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

fn verdict(sql: &str) -> String {
    let mut ends = Vec::new();
    let mut error = None;
    let mut unstable = None;
    let mut offset = 0;
    let mut units = 0;
    loop {
        match pluresdb_sql::parse_next(sql, offset) {
            Ok(Some(parsed)) => {
                units += sql[offset..parsed.end].encode_utf16().count();
                ends.push(units.to_string());
                offset = parsed.end;
                let printed = pluresdb_sql::print::statement(&parsed.statement);
                let again = pluresdb_sql::parse_next(&printed, 0);
                let is_stable = matches!(&again, Ok(Some(again))
                    if pluresdb_sql::print::statement(&again.statement) == printed);
                if !is_stable && unstable.is_none() {
                    unstable = Some(printed);
                }
            }
            Ok(None) => break,
            Err(parse_error) => {
                error = Some(parse_error.message);
                break;
            }
        }
    }
    let mut line = format!("{{\"ends\":[{}]", ends.join(","));
    for (key, text) in [("error", error), ("unstable", unstable)] {
        if let Some(text) = text {
            let _ = write!(line, ",\"{key}\":{}", json_quoted(&text));
        }
    }
    line.push('}');
    line
}

fn json_quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c < ' ' => {
                let _ = write!(quoted, "\\u{:04x}", c as u32);
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// The text of a JSON string; lone surrogates become U+FFFD, as they do on their way into SQLite.
fn json_string(line: &str) -> String {
    let mut units: Vec<u16> = Vec::with_capacity(line.len());
    let line = line.trim();
    let mut chars = line[1..line.len() - 1].chars();
    while let Some(c) = chars.next() {
        let c = if c != '\\' {
            c
        } else {
            match chars.next().unwrap_or('\\') {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' => '\u{8}',
                'f' => '\u{c}',
                'u' => {
                    let digits: String = chars.by_ref().take(4).collect();
                    units.push(u16::from_str_radix(&digits, 16).unwrap_or(0xfffd));
                    continue;
                }
                other => other,
            }
        };
        units.extend_from_slice(c.encode_utf16(&mut [0; 2]));
    }
    String::from_utf16_lossy(&units)
}
