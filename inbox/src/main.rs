//! The operator's page.

fn main() {
    inbox::start();
}
