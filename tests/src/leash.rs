//! Ends what was started, even when this process is killed: a shell that waits for the other end of its pipe to close.

use std::{
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// Runs its last wish when it is dropped or this process is gone, whichever comes first.
#[derive(Debug)]
pub struct Leash(Child);

impl Leash {
    /// Kills the process `pid` at the end.
    pub fn on_process(pid: u32) -> Self {
        Self::new("kill -9 \"$1\" 2>/dev/null", &pid.to_string())
    }

    /// Kills the process `pid` and all that it has started at the end. It leads a group of its own.
    pub fn on_group(pid: u32) -> Self {
        Self::new("kill -s KILL -- \"-$1\" 2>/dev/null", &pid.to_string())
    }

    /// Removes the folder at the end. A process that is just dying may still be writing there, hence the loop.
    pub fn on_folder(folder: &Path) -> Self {
        Self::new(
            "until rm -rf -- \"$1\" 2>/dev/null; do :; done",
            &folder.to_string_lossy(),
        )
    }

    fn new(wish: &str, about: &str) -> Self {
        let shell = Command::new("sh")
            .args(["-c", &format!("read -r _; {wish}"), "sh", about])
            // A signal to the group of this process, such as from `timeout`, must not take it along.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self(shell.expect("sh starts"))
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// A folder of its own, gone at the end.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    _leash: Leash,
}

impl Folder {
    /// Makes one below `parent`.
    pub fn new(parent: &Path, name: &str) -> Self {
        let path = parent.join(format!("commesso-{name}-{}", crate::shop::word()));
        std::fs::create_dir_all(&path).expect("a folder can be made");
        let leash = Leash::on_folder(&path);
        Self {
            path,
            _leash: leash,
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}
