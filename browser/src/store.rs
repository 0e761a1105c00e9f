//! What the device keeps for this page's origin, one text per key, all keys under one prefix.
//!
//! Storage that throws (private windows, a full quota, a sandboxed frame) degrades to memory, key by key: what was set
//! can always be read again while the page lives.

use std::{cell::RefCell, rc::Rc};

use web_sys::Storage;

/// Texts kept under a prefix. Clones share what did not go into the browser's storage.
#[derive(Clone)]
pub struct Store {
    storage: Option<Storage>,
    prefix: String,
    /// Hardly ever more than a few.
    memory: Rc<RefCell<Vec<(String, String)>>>,
}

impl Store {
    /// Kept until the shopper or the browser clears it, seen by all tabs of the origin.
    pub fn local(prefix: impl Into<String>) -> Self {
        Self::of(
            web_sys::window().and_then(|window| window.local_storage().ok()?),
            prefix.into(),
        )
    }

    /// Kept as long as the tab.
    pub fn session(prefix: impl Into<String>) -> Self {
        Self::of(
            web_sys::window().and_then(|window| window.session_storage().ok()?),
            prefix.into(),
        )
    }

    /// The part of this store whose keys start with `prefix`.
    pub fn under(&self, prefix: &str) -> Self {
        Self {
            prefix: self.key(prefix),
            ..self.clone()
        }
    }

    /// What was set.
    pub fn get(&self, key: &str) -> Option<String> {
        let key = self.key(key);
        let remembered = self
            .memory
            .borrow()
            .iter()
            .find(|(known, _)| *known == key)
            .map(|(_, text)| text.clone());
        remembered.or_else(|| self.storage.as_ref()?.get_item(&key).ok()?)
    }

    /// Keeps a text. `false` when it is kept in memory only.
    pub fn set(&self, key: &str, text: &str) -> bool {
        let key = self.key(key);
        let written = self
            .storage
            .as_ref()
            .is_some_and(|storage| storage.set_item(&key, text).is_ok());
        self.unremember(&key);
        if !written {
            self.memory.borrow_mut().push((key, text.into()));
        }
        written
    }

    /// Forgets it.
    pub fn remove(&self, key: &str) {
        let key = self.key(key);
        self.unremember(&key);
        if let Some(storage) = &self.storage {
            let _ = storage.remove_item(&key);
        }
    }

    /// The keys that are set, in no order.
    pub fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = self
            .memory
            .borrow()
            .iter()
            .map(|(key, _)| key.clone())
            .collect();
        if let Some(storage) = &self.storage {
            keys.extend((0..storage.length().unwrap_or(0)).filter_map(|at| storage.key(at).ok()?));
        }
        keys.iter()
            .filter_map(|key| key.strip_prefix(&self.prefix))
            .map(String::from)
            .collect()
    }

    fn of(storage: Option<Storage>, prefix: String) -> Self {
        Self {
            storage,
            prefix,
            memory: Rc::default(),
        }
    }

    fn unremember(&self, key: &str) {
        self.memory.borrow_mut().retain(|(known, _)| known != key);
    }

    fn key(&self, key: &str) -> String {
        [&self.prefix, key].concat()
    }
}
