//! Bytes that change while nobody looks, in files that are not ours to checksum.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, path::Path, sync::Arc};

use pluresdb_store::{
    DirectoryOptions, ErrorKind, MapKind, Root, disk::FaultyDisk, open_directory, open_directory_on,
};
use proptest::prelude::*;

fn copy_dir(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_dir(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

// sled takes a damaged page for the end of its log and goes back to what was before, without a word.
#[test]
fn a_map_that_lost_its_end_does_not_take_the_store_back_in_time() {
    const ROOTS: u64 = 100;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("db");
    let opened = open_directory(&path, &DirectoryOptions::default()).unwrap();
    for version in 1..=ROOTS {
        let (kept, dropped) = (opened.store.allocate(), opened.store.allocate());
        opened.store.write(&[(kept, &[1; 100]), (dropped, &[2; 100])]).unwrap();
        let root = Root { catalog: Some(kept), commit_version: version, ..Root::default() };
        opened.store.commit_root(root, &[dropped]).unwrap();
    }
    opened.close().unwrap();
    let sound = fs::read(path.join("map/db")).unwrap();
    for at in (0..sound.len()).step_by(sound.len() / 30) {
        let copy = dir.path().join(format!("copy-{at}"));
        copy_dir(&path, &copy);
        let mut bytes = sound.clone();
        bytes[at..].iter_mut().take(64).for_each(|byte| *byte ^= 0x55);
        fs::write(copy.join("map/db"), &bytes).unwrap();
        match open_directory(&copy, &DirectoryOptions::default()) {
            Ok(opened) => {
                let version = opened.store.root().commit_version;
                assert!(version == ROOTS, "back at root {version} after damage at {at}");
            }
            Err(error) => {
                assert_eq!(error.kind, ErrorKind::Corrupt, "{error}");
                let segment = "segments/00000001.seg";
                let len = |path: &Path| fs::metadata(path.join(segment)).unwrap().len();
                assert_eq!(len(&copy), len(&path), "nothing was swept");
            }
        }
    }
}

proptest! {
    // What a crash leaves there is rubbish, or blocks and markers of the past, cut anywhere.
    #[test]
    fn bytes_behind_the_known_end_are_nothing(rubbish: Vec<u8>, repeated in 0usize..3, cut: prop::sample::Index) {
        let disk = Arc::new(FaultyDisk::new());
        let options = DirectoryOptions { map: MapKind::Journal, ..DirectoryOptions::default() };
        let open = || open_directory_on(Arc::clone(&disk) as _, Path::new("/db"), &options).unwrap();
        let opened = open();
        let id = opened.store.allocate();
        opened.store.write(&[(id, b"bytes")]).unwrap();
        let root = Root { catalog: Some(id), ..Root::default() };
        opened.store.commit_root(root.clone(), &[]).unwrap();
        opened.close().unwrap();
        disk.damage(Path::new("/db/segments/00000001.seg"), |bytes| {
            let behind = [&bytes[32..].repeat(repeated), &rubbish[..]].concat();
            bytes.extend_from_slice(&behind[..cut.index(behind.len() + 1)]);
        });
        let opened = open();
        prop_assert_eq!(opened.store.root(), root);
        prop_assert_eq!(&*opened.store.read(id).unwrap(), b"bytes");
        let next = opened.store.allocate();
        opened.store.write(&[(next, b"more")]).unwrap();
        opened.store.commit_root(Root { catalog: Some(next), ..Root::default() }, &[id]).unwrap();
        opened.close().unwrap();
        prop_assert_eq!(&*open().store.read(next).unwrap(), b"more");
    }
}
