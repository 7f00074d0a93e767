//! A disk in memory that behaves as badly as real ones may.
//!
//! It keeps two images: what the running process sees, and what is certain to survive. Between them lie the changes
//! not yet synced. A power cut keeps, for each such change, all of it, none of it, or some of its 512-byte sectors,
//! in no order, chosen by a seed; the same goes for names created, renamed or removed in a directory not yet synced.
//!
//!     freeze_at_sync(n)   the n-th sync from now, and everything after it, fails: the power went before it worked
//!     freeze_at_change(n) the same for the n-th change of any kind
//!     fail_write(n, e)    the n-th write from now fails with e, after all
//!     fail_sync(n)        the n-th sync from now fails, once
//!     set_capacity(b)     writes that would grow the files beyond b bytes fail: the disk is full
//!     power_cut(seed)     the disk as the next process finds it
//!
//! With none of these set it is an ordinary disk in memory.

use std::{
    collections::{BTreeMap, HashMap},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use parking_lot::Mutex;

use super::{Disk, DiskFile, LockOutcome, OpenMode, PathKind};

const SECTOR: usize = 512;

type Names = BTreeMap<PathBuf, u64>;

#[derive(Default)]
pub struct FaultyDisk {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    files: HashMap<u64, FileImage>,
    next_inode: u64,
    names: Names,
    durable_names: Names,
    /// Directories are durable at once: the store's are made before anything depends on them.
    directories: Vec<PathBuf>,
    locked: Vec<PathBuf>,
    faults: Faults,
    sync_count: u64,
    change_count: u64,
}

#[derive(Default)]
struct Faults {
    is_frozen: bool,
    freeze_at_sync: Option<u64>,
    freeze_at_change: Option<u64>,
    fail_write: Option<(u64, io::ErrorKind)>,
    fail_sync: Option<u64>,
    capacity: Option<u64>,
}

#[derive(Default, Clone)]
struct FileImage {
    live: Vec<u8>,
    durable: Vec<u8>,
    pending: Vec<Change>,
}

#[derive(Clone)]
enum Change {
    Write { offset: usize, bytes: Vec<u8> },
    SetLen(usize),
}

enum Event {
    Change,
    Sync,
}

impl State {
    /// Counts a change or sync and lets the armed faults strike.
    fn check(&mut self, event: &Event) -> io::Result<()> {
        let faults = &mut self.faults;
        self.change_count += 1;
        let mut is_struck = count_down(&mut faults.freeze_at_change);
        let mut fails_once = false;
        if matches!(event, Event::Sync) {
            self.sync_count += 1;
            is_struck |= count_down(&mut faults.freeze_at_sync);
            fails_once = count_down(&mut faults.fail_sync);
        }
        faults.is_frozen |= is_struck;
        if faults.is_frozen || fails_once {
            return Err(io::Error::other("the disk is gone"));
        }
        Ok(())
    }

    fn used_bytes(&self) -> u64 {
        self.names.values().map(|inode| self.files[inode].live.len() as u64).sum()
    }
}

/// True when the countdown reaches the event; it is disarmed then.
fn count_down(remaining: &mut Option<u64>) -> bool {
    match remaining {
        Some(0) => {
            *remaining = None;
            true
        }
        Some(count) => {
            *count -= 1;
            false
        }
        None => false,
    }
}

fn apply_write(image: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    if image.len() < offset + bytes.len() {
        image.resize(offset + bytes.len(), 0);
    }
    image[offset..offset + bytes.len()].copy_from_slice(bytes);
}

impl FaultyDisk {
    pub fn new() -> FaultyDisk {
        FaultyDisk::default()
    }

    pub fn freeze_at_sync(&self, count: u64) {
        self.state.lock().faults.freeze_at_sync = Some(count);
    }

    pub fn freeze_at_change(&self, count: u64) {
        self.state.lock().faults.freeze_at_change = Some(count);
    }

    pub fn fail_write(&self, count: u64, kind: io::ErrorKind) {
        self.state.lock().faults.fail_write = Some((count, kind));
    }

    pub fn fail_sync(&self, count: u64) {
        self.state.lock().faults.fail_sync = Some(count);
    }

    pub fn set_capacity(&self, bytes: Option<u64>) {
        self.state.lock().faults.capacity = bytes;
    }

    pub fn sync_count(&self) -> u64 {
        self.state.lock().sync_count
    }

    pub fn change_count(&self) -> u64 {
        self.state.lock().change_count
    }

    pub fn used_bytes(&self) -> u64 {
        self.state.lock().used_bytes()
    }

    /// The disk after the process died and the system went on: nothing is lost, locks are free.
    pub fn process_kill(&self) -> FaultyDisk {
        let state = self.state.lock();
        FaultyDisk::from_images(state.files.clone(), state.names.clone(), state.durable_names.clone(), &state)
    }

    /// The disk after a power cut now. The old disk stays as it is, so one state can be cut under many seeds.
    pub fn power_cut(&self, seed: u64) -> FaultyDisk {
        let state = self.state.lock();
        let mut random = SplitMix(seed);
        let mut names = Names::new();
        let all: std::collections::BTreeSet<_> =
            state.names.keys().chain(state.durable_names.keys()).collect();
        for path in all {
            let (live, durable) = (state.names.get(path), state.durable_names.get(path));
            let kept = if live == durable || random.below(2) == 0 { durable } else { live };
            if let Some(inode) = kept {
                names.insert(path.clone(), *inode);
            }
        }
        let mut inodes: Vec<_> = state.files.keys().copied().collect();
        inodes.sort_unstable();
        let mut files = HashMap::new();
        for inode in inodes {
            let file = &state.files[&inode];
            let mut image = file.durable.clone();
            for change in &file.pending {
                keep_some(&mut image, change, &mut random);
            }
            files.insert(inode, FileImage { live: image.clone(), durable: image, pending: Vec::new() });
        }
        FaultyDisk::from_images(files, names.clone(), names, &state)
    }

    fn from_images(
        files: HashMap<u64, FileImage>,
        names: Names,
        durable_names: Names,
        old: &State,
    ) -> FaultyDisk {
        let state = State {
            files,
            names,
            durable_names,
            next_inode: old.next_inode,
            directories: old.directories.clone(),
            ..State::default()
        };
        FaultyDisk { state: Arc::new(Mutex::new(state)) }
    }

    /// Changes bytes behind the store's back, as a bad sector would; `change` sees the whole file.
    pub fn damage(&self, path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
        let mut state = self.state.lock();
        let inode = state.names[path];
        let file = state.files.get_mut(&inode).expect("every name has a file");
        change(&mut file.live);
        file.durable.clone_from(&file.live);
        file.pending.clear();
    }
}

#[cfg(test)]
impl FaultyDisk {
    pub(crate) fn damage_all(&self, change: impl Fn(&mut Vec<u8>)) {
        let paths: Vec<_> = self.state.lock().names.keys().cloned().collect();
        for path in paths {
            self.damage(&path, &change);
        }
    }
}

fn keep_some(image: &mut Vec<u8>, change: &Change, random: &mut SplitMix) {
    match (change, random.below(3)) {
        (_, 0) => {}
        (Change::SetLen(len), _) => image.resize(*len, 0),
        (Change::Write { offset, bytes }, 1) => apply_write(image, *offset, bytes),
        (Change::Write { offset, bytes }, _) => {
            let mut start = 0;
            while start < bytes.len() {
                let end = (start + SECTOR - (offset + start) % SECTOR).min(bytes.len());
                if random.below(2) == 0 {
                    apply_write(image, offset + start, &bytes[start..end]);
                }
                start = end;
            }
        }
    }
}

struct SplitMix(u64);

impl SplitMix {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

impl FaultyDisk {
    fn find_or_create(&self, path: &Path, mode: OpenMode) -> io::Result<u64> {
        let mut state = self.state.lock();
        let existing = state.names.get(path).copied();
        let inode = match (mode, existing) {
            (OpenMode::CreateNew, Some(_)) => return Err(io::ErrorKind::AlreadyExists.into()),
            (OpenMode::CreateNew, None) => {
                state.check(&Event::Change)?;
                let inode = state.next_inode;
                state.next_inode += 1;
                state.files.insert(inode, FileImage::default());
                state.names.insert(path.to_path_buf(), inode);
                inode
            }
            (_, Some(inode)) => inode,
            (_, None) => return Err(io::ErrorKind::NotFound.into()),
        };
        Ok(inode)
    }

    fn try_lock(&self, path: &Path) -> Option<HeldLock> {
        let mut state = self.state.lock();
        if state.locked.iter().any(|locked| locked == path) {
            return None;
        }
        state.locked.push(path.to_path_buf());
        Some(HeldLock { state: Arc::clone(&self.state), path: path.to_path_buf() })
    }
}

impl Disk for FaultyDisk {
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Arc<dyn DiskFile>> {
        let inode = self.find_or_create(path, mode)?;
        Ok(Arc::new(FaultyFile { state: Arc::clone(&self.state), inode, _lock: None }))
    }

    fn open_locked(&self, path: &Path, mode: OpenMode) -> io::Result<Option<Arc<dyn DiskFile>>> {
        let inode = self.find_or_create(path, mode)?;
        let Some(lock) = self.try_lock(path) else { return Ok(None) };
        Ok(Some(Arc::new(FaultyFile { state: Arc::clone(&self.state), inode, _lock: Some(lock) })))
    }

    fn kind(&self, path: &Path) -> io::Result<Option<PathKind>> {
        let state = self.state.lock();
        Ok(if state.names.contains_key(path) {
            Some(PathKind::File)
        } else if state.directories.iter().any(|dir| dir == path) {
            Some(PathKind::Directory)
        } else {
            None
        })
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state.lock();
        if !state.directories.iter().any(|dir| dir == path) {
            state.check(&Event::Change)?;
            state.directories.push(path.to_path_buf());
        }
        Ok(())
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let state = self.state.lock();
        let all = state.names.keys().chain(&state.directories);
        let inside = all.filter(|path| path.parent() == Some(dir));
        Ok(inside.filter_map(|path| Some(path.file_name()?.to_str()?.to_owned())).collect())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state.lock();
        state.check(&Event::Change)?;
        let inode = state.names.remove(from).ok_or(io::ErrorKind::NotFound)?;
        state.names.insert(to.to_path_buf(), inode);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state.lock();
        state.check(&Event::Change)?;
        state.names.remove(path).map(|_| ()).ok_or(io::ErrorKind::NotFound.into())
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        let state = &mut *self.state.lock();
        state.check(&Event::Sync)?;
        state.durable_names.retain(|path, _| path.parent() != Some(dir));
        let synced = state.names.iter().filter(|(path, _)| path.parent() == Some(dir));
        state.durable_names.extend(synced.map(|(path, inode)| (path.clone(), *inode)));
        Ok(())
    }

    fn lock(&self, path: &Path) -> io::Result<LockOutcome> {
        Ok(match self.try_lock(path) {
            Some(lock) => LockOutcome::Held(Box::new(lock)),
            None => LockOutcome::Busy { holder: Some(std::process::id()) },
        })
    }
}

struct HeldLock {
    state: Arc<Mutex<State>>,
    path: PathBuf,
}

impl Drop for HeldLock {
    fn drop(&mut self) {
        self.state.lock().locked.retain(|locked| *locked != self.path);
    }
}

struct FaultyFile {
    state: Arc<Mutex<State>>,
    inode: u64,
    _lock: Option<HeldLock>,
}

impl FaultyFile {
    fn with<T>(&self, act: impl FnOnce(&mut State, u64) -> T) -> T {
        act(&mut self.state.lock(), self.inode)
    }
}

fn image(state: &mut State, inode: u64) -> &mut FileImage {
    state.files.get_mut(&inode).expect("files outlive their names")
}

impl DiskFile for FaultyFile {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        self.with(|state, inode| {
            let live = &image(state, inode).live;
            let start = usize::try_from(offset).map_err(|_| io::ErrorKind::UnexpectedEof)?;
            let bytes = live.get(start..).and_then(|rest| rest.get(..buffer.len()));
            buffer.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
            Ok(())
        })
    }

    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.with(|state, inode| {
            state.check(&Event::Change)?;
            let mut failure = None;
            if let Some((remaining, kind)) = state.faults.fail_write.take() {
                match remaining.checked_sub(1) {
                    Some(remaining) => state.faults.fail_write = Some((remaining, kind)),
                    None => failure = Some(kind),
                }
            }
            let end = offset + bytes.len() as u64;
            let growth = end.saturating_sub(image(state, inode).live.len() as u64);
            let used = state.used_bytes();
            if growth > 0 && state.faults.capacity.is_some_and(|capacity| used + growth > capacity) {
                failure = Some(io::ErrorKind::StorageFull);
            }
            let fits = failure != Some(io::ErrorKind::StorageFull) || growth == 0;
            if fits && !bytes.is_empty() {
                let file = image(state, inode);
                apply_write(&mut file.live, offset as usize, bytes);
                file.pending.push(Change::Write { offset: offset as usize, bytes: bytes.to_vec() });
            }
            failure.map_or(Ok(()), |kind| Err(kind.into()))
        })
    }

    fn byte_len(&self) -> io::Result<u64> {
        self.with(|state, inode| Ok(image(state, inode).live.len() as u64))
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.with(|state, inode| {
            state.check(&Event::Change)?;
            let file = image(state, inode);
            file.live.resize(len as usize, 0);
            file.pending.push(Change::SetLen(len as usize));
            Ok(())
        })
    }

    fn sync_data(&self) -> io::Result<()> {
        self.with(|state, inode| {
            state.check(&Event::Sync)?;
            let file = image(state, inode);
            file.durable.clone_from(&file.live);
            file.pending.clear();
            Ok(())
        })
    }
}
