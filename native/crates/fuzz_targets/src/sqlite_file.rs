//! SQLite database files: any bytes are read, and opened as a database.
//!
//! Laws: reading ends, in an error or in rows; a file that opens as a database can be asked and written again.

use pluresdb_engine::{Connection, DatabasePath, OpenOptions, Step};
use pluresdb_sqlite_file::Reader;

const MAX_ROWS: usize = 500;

pub fn run(bytes: &[u8]) {
    if let Ok(mut reader) = Reader::from_bytes(bytes) {
        let _ = reader.schema();
        let _ = reader.read_everything();
    }
    let options = OpenOptions::new(DatabasePath::Memory);
    let Ok(mut connection) = Connection::deserialize(bytes.to_vec(), &options) else { return };
    for sql in ["SELECT * FROM sqlite_schema", "SELECT * FROM t", "PRAGMA integrity_check"] {
        let Ok(Some((mut statement, _))) = connection.prepare(sql, 0) else { continue };
        for _ in 0..MAX_ROWS {
            if !matches!(statement.step(&mut connection), Ok(Step::Row)) {
                break;
            }
        }
        connection.finalize(statement);
    }
    let _ = connection.serialize("main");
}

pub fn seeds() -> Vec<Vec<u8>> {
    let scripts = [
        "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c); INSERT INTO t VALUES (1, 'x', 2.5), (2, NULL, x'00ff'), (9, 'é', -1)",
        "CREATE TABLE t (a TEXT PRIMARY KEY, b) WITHOUT ROWID; INSERT INTO t VALUES ('p', 1), ('q', 1e300); CREATE INDEX i ON t (b)",
        "CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(9000)), ('long ' || hex(zeroblob(3000))); CREATE VIEW v AS SELECT 1",
        "CREATE TABLE t (a UNIQUE, b); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) \
         INSERT INTO t SELECT i, 'row ' || i FROM n",
    ];
    scripts
        .iter()
        .filter_map(|script| {
            let mut connection = Connection::open(&OpenOptions::new(DatabasePath::Memory)).ok()?;
            connection.execute(script).expect("the script is sound");
            connection.serialize("main").expect("a sound database has a file's form")
        })
        .collect()
}
