//! Where a new file goes: beside its place first, then into it, so that nobody ever finds half of one.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::{Error, Result, ResultCode};

/// Tells the drafts of one process apart.
static DRAFTS: AtomicU64 = AtomicU64::new(0);

/// Fails, in SQLite's words, when something stands at the place already. An empty file does not count.
pub(crate) fn check_place(path: &Path) -> Result<()> {
    let Ok(metadata) = path.metadata() else { return Ok(()) };
    if !metadata.is_file() {
        return Err(cannot_open(path));
    }
    if metadata.len() == 0 {
        return Ok(());
    }
    if super::is_sqlite_file(path) {
        return Err(Error::error("output file already exists"));
    }
    Err(Error::new(ResultCode::NotADatabase, "file is not a database"))
}

fn cannot_open(path: &Path) -> Error {
    Error::new(ResultCode::CantOpen, format!("unable to open database: {}", path.display()))
}

/// A file being written; gone when it is dropped before `publish`.
pub(super) struct Draft {
    file: File,
    draft: PathBuf,
    place: PathBuf,
    is_published: bool,
}

impl Draft {
    pub fn create(place: &Path) -> Result<Draft> {
        let mut name = place.as_os_str().to_owned();
        name.push(format!("-{}-{}.part", std::process::id(), DRAFTS.fetch_add(1, Ordering::Relaxed)));
        let draft = PathBuf::from(name);
        let created = OpenOptions::new().write(true).create_new(true).open(&draft);
        let file = created.map_err(|error| cannot_open(place).with_detail(error.to_string()))?;
        Ok(Draft { file, draft, place: place.to_owned(), is_published: false })
    }

    pub fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Syncs the file and gives it its name, then syncs the name.
    pub fn publish(mut self) -> Result<()> {
        let failed = |error: std::io::Error| {
            Error::new(ResultCode::IoError, "disk I/O error").with_detail(error.to_string())
        };
        self.file.sync_all().map_err(failed)?;
        check_place(&self.place)?;
        fs::rename(&self.draft, &self.place).map_err(failed)?;
        self.is_published = true;
        let folder = self.place.parent().filter(|folder| !folder.as_os_str().is_empty());
        // Windows cannot open a folder, and needs no sync of it.
        if let Ok(folder) = File::open(folder.unwrap_or(Path::new("."))) {
            folder.sync_all().map_err(failed)?;
        }
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.is_published {
            // Nothing can be done about a draft that stays; nobody takes it for a database.
            let _removed = fs::remove_file(&self.draft);
        }
    }
}
