//! Where a folder lies: on a disk of this computer, or on a drive that is reached over a network or through a program.
//! There locks and syncing are as good as the drive's, and a file that is mapped can vanish under a search.

use std::path::Path;

/// The sort of drive that `folder`, or the nearest folder above it that there is, lies on, where it is none of this
/// computer's own. Nothing where the system does not say.
pub fn network(folder: &Path) -> Option<&'static str> {
    let folder = std::path::absolute(folder).ok()?;
    let there = folder.ancestors().find(|folder| folder.exists())?;
    of(there)
}

#[cfg(target_os = "linux")]
fn of(folder: &Path) -> Option<&'static str> {
    // The numbers are of unsigned 32 bits, whatever the type of the field.
    name(rustix::fs::statfs(folder).ok()?.f_type as u32)
}

#[cfg(not(target_os = "linux"))]
fn of(_folder: &Path) -> Option<&'static str> {
    None
}

/// The name of a file system by its number in Linux's `statfs`.
#[cfg(target_os = "linux")]
fn name(number: u32) -> Option<&'static str> {
    Some(match number {
        0x6969 => "NFS",
        0x517b | 0xff53_4d42 | 0xfe53_4d42 => "SMB",
        0x6573_5546 => "FUSE",
        0x0102_1997 => "9P",
        0x5346_414f | 0x6b41_4653 => "AFS",
        0x00c3_6400 => "Ceph",
        0x7375_7245 => "Coda",
        0x564c => "NCP",
        _ => return None,
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn drives_of_a_network_are_told_from_disks() {
        assert_eq!(name(0x6969), Some("NFS"));
        assert_eq!(name(0xff53_4d42), Some("SMB"));
        for own in [0xef53, 0x5846_5342, 0x9123_683e, 0x0102_1994, 0x794c_7630] {
            assert_eq!(name(own), None, "{own:x}");
        }
        assert_eq!(network(Path::new("/proc/self/not/there")), None);
    }
}
