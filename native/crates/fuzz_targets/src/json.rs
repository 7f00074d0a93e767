//! JSON text, JSONB and paths.
//!
//!     input    form u8 (odd: the document is JSONB) | path piece | change value | document
//!
//! Laws: what is JSON as text is JSON in binary form and back, and says the same; the rows of a document end.

use pluresdb_function::json::{Column, Rows};
use pluresdb_function::{FunctionError, scalar};
use pluresdb_value::Value;

use crate::Input;
use crate::function::call as call_function;
use crate::input::{write_piece, write_value};

const COLUMNS: [Column; 10] = [
    Column::Key,
    Column::Value,
    Column::Type,
    Column::Atom,
    Column::Id,
    Column::Parent,
    Column::FullKey,
    Column::Path,
    Column::Json,
    Column::Root,
];
/// Functions of a document alone; of a document and a path; of a document, a path and a value.
const UNARY: [&str; 9] = [
    "json",
    "jsonb",
    "json_array_length",
    "json_error_position",
    "json_pretty",
    "json_quote",
    "json_type",
    "json_valid",
    "json_remove",
];
const BINARY: [&str; 8] = [
    "->",
    "->>",
    "json_extract",
    "jsonb_extract",
    "json_remove",
    "json_type",
    "json_patch",
    "json_array_length",
];
const TERNARY: [&str; 6] =
    ["json_set", "json_insert", "json_replace", "jsonb_set", "json_array_insert", "json_extract"];

fn call(name: &str, args: &[Value]) -> Result<Value, FunctionError> {
    call_function(scalar(name).expect("the lists above name functions"), args)
}

pub fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let is_binary = input.u8() & 1 == 1;
    let path = Value::text(input.piece());
    let change = input.value();
    let document = input.rest();
    let document = if is_binary { Value::blob(document) } else { Value::text(document) };
    for name in UNARY {
        let _ = call(name, std::slice::from_ref(&document));
    }
    for name in BINARY {
        let _ = call(name, &[document.clone(), path.clone()]);
    }
    let _ = call("json_patch", &[change.clone(), document.clone()]);
    for name in TERNARY {
        let _ = call(name, &[document.clone(), path.clone(), change.clone()]);
    }
    for flags in 1..=15 {
        let _ = call("json_valid", &[document.clone(), Value::Integer(flags)]);
    }
    check_rows(&document, &path);
    if !is_binary {
        check_round_trip(&document);
    }
}

fn check_round_trip(text: &Value) {
    let Ok(minified) = call("json", std::slice::from_ref(text)) else { return };
    let binary = call("jsonb", std::slice::from_ref(text)).expect("what is JSON has a binary form");
    assert_eq!(call("json", std::slice::from_ref(&binary)).as_ref(), Ok(&minified), "through JSONB and back");
    assert_eq!(call("json", std::slice::from_ref(&minified)).as_ref(), Ok(&minified), "minified stays");
    assert_eq!(
        call("json_valid", &[binary, Value::Integer(8)]),
        Ok(Value::Integer(1)),
        "JSONB is valid JSONB"
    );
    let pretty = call("json_pretty", std::slice::from_ref(text)).expect("what is JSON can be made pretty");
    assert_eq!(call("json", &[pretty]).as_ref(), Ok(&minified), "pretty JSON is the same JSON");
}

fn check_rows(document: &Value, path: &Value) {
    let most = 2 + 2 * document.to_text().map_or(0, |text| text.len());
    for (root, is_tree, is_jsonb) in [(None, false, false), (None, true, true), (Some(path), true, false)] {
        let Ok(mut rows) = Rows::open(document, root, is_tree, is_jsonb) else { continue };
        let mut count = 0;
        while !rows.is_end() {
            assert!(count <= most, "a document has no more rows than bytes");
            // Deep paths are long: the first rows are enough to see every column.
            if count < 64 {
                for column in COLUMNS {
                    let _ = rows.column(column);
                }
            }
            count += 1;
            if rows.advance().is_err() {
                break;
            }
        }
    }
}

pub fn seeds() -> Vec<Vec<u8>> {
    const DOCUMENTS: [&str; 14] = [
        "{\"a\":[1,-2.5e3,null,true,false,{\"b\":\"x\\u00e9\\n\"}],\"c\":{}}",
        "[[[[[[]]]]],\"\",0,-0,1e400,0.1]",
        "{a:+0x1F,'b':.5,c:5.,d:Infinity,e:-NaN,/*x*/f:'\\x41\\\n',}",
        "\"text with \\\"escapes\\\" \\ud83d\\ude00 \\u0000\"",
        "[1,2,3,[4,5],{\"k\":[]}]",
        "123456789012345678901234567890",
        "tru",
        "[1,2",
        "",
        "null",
        " \t{ \"a\" : 1 } ",
        "{\"a\":1,\"a\":2,\"\":3}",
        "[9223372036854775807,-9223372036854775808,9223372036854775808]",
        "// c\n[1]",
    ];
    const PATHS: [&str; 10] =
        ["$", "$.a", "$.a[5].b", "$[#-1]", "$[#]", "$.\"b c\"", "a", "2", "$.a[0][0].x", "$.c.d"];
    let mut seeds = Vec::new();
    for (index, document) in DOCUMENTS.iter().enumerate() {
        let binary = call("jsonb", &[Value::text(document.as_bytes())]);
        let path = PATHS[index % PATHS.len()];
        let mut push = |form: u8, bytes: &[u8]| {
            let mut out = vec![form];
            write_piece(path.as_bytes(), &mut out);
            write_value(&Value::text("{\"n\":[1]}"), &mut out);
            out.extend_from_slice(bytes);
            seeds.push(out);
        };
        push(0, document.as_bytes());
        if let Ok(Value::Blob(binary)) = binary {
            push(1, &binary);
        }
    }
    seeds
}
