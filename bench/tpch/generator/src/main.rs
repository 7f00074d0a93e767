//! `pluresdb-tpch-generator SCALE FOLDER`: TPC-H's eight tables at a scale factor, one `<table>.tbl` each.
//!
//!     0|ALGERIA|0| haggle. carefully final deposits …      one row a line, `|` between columns and none at the end

use std::fmt::Display;
use std::fs::File;
use std::io::{BufWriter, Error, Result, Write};
use std::path::Path;
use tpchgen::generators::{
    CustomerGenerator, LineItemGenerator, NationGenerator, OrderGenerator, PartGenerator, PartSuppGenerator,
    RegionGenerator, SupplierGenerator,
};

/// `dbgen` ends each line with a separator, which loaders of delimited text would take for one more column.
fn write_table(folder: &Path, name: &str, rows: impl IntoIterator<Item = impl Display>) -> Result<()> {
    let mut file = BufWriter::new(File::create(folder.join(format!("{name}.tbl")))?);
    for row in rows {
        let line = row.to_string();
        writeln!(file, "{}", line.strip_suffix('|').unwrap_or(&line))?;
    }
    file.flush()
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [scale, folder] = arguments.as_slice() else {
        return Err(Error::other("usage: pluresdb-tpch-generator SCALE FOLDER"));
    };
    let scale: f64 = scale.parse().map_err(Error::other)?;
    let folder = Path::new(folder);
    write_table(folder, "region", RegionGenerator::new(scale, 1, 1))?;
    write_table(folder, "nation", NationGenerator::new(scale, 1, 1))?;
    write_table(folder, "part", PartGenerator::new(scale, 1, 1))?;
    write_table(folder, "supplier", SupplierGenerator::new(scale, 1, 1))?;
    write_table(folder, "partsupp", PartSuppGenerator::new(scale, 1, 1))?;
    write_table(folder, "customer", CustomerGenerator::new(scale, 1, 1))?;
    write_table(folder, "orders", OrderGenerator::new(scale, 1, 1))?;
    write_table(folder, "lineitem", LineItemGenerator::new(scale, 1, 1))
}
