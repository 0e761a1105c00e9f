//! The browser's devices, shared by the widget and the inbox.
