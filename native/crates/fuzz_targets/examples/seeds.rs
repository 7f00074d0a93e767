//! `cargo run -p pluresdb-fuzz-targets --example seeds -- FOLDER`: writes each target's seeds into a folder of its name.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

use pluresdb_fuzz_targets::TARGETS;

fn write_all(folder: &Path) -> io::Result<()> {
    for target in TARGETS {
        let folder = folder.join(target.name);
        fs::create_dir_all(&folder)?;
        for (index, seed) in (target.seeds)().iter().enumerate() {
            fs::write(folder.join(format!("seed-{index:04}")), seed)?;
        }
    }
    Ok(())
}

fn main() -> ExitCode {
    let Some(folder) = env::args_os().nth(1) else { return ExitCode::from(2) };
    match write_all(&PathBuf::from(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
