//! A relay below a path of the shop's own host: a small reverse proxy, as a merchant's web server is one. It takes the path away and
//! hands everything else on as it came, the host too.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, TcpStream},
    thread,
};

/// The path.
pub const BELOW: &str = "/talk";

/// Hands a request on whose head is this, and then whatever comes either way: a socket is no more than that.
pub(super) fn hand_on(relay: &str, head: &str, mut visit: TcpStream) -> io::Result<()> {
    let address = relay.trim_start_matches("http://");
    let mut there = TcpStream::connect(address)?;
    let mut lines = head.lines();
    let first = lines.next().unwrap_or_default().replacen(BELOW, "", 1);
    let is_upgrade = head.to_lowercase().contains("\nupgrade:");
    let mut sent = format!("{first}\r\n");
    for line in lines.filter(|line| !line.is_empty()) {
        let of_connection = line.to_lowercase().starts_with("connection:");
        if is_upgrade || !of_connection {
            sent.push_str(&format!("{line}\r\n"));
        }
    }
    if !is_upgrade {
        // The next request may be for the shop.
        sent.push_str("connection: close\r\n");
    }
    sent.push_str("\r\n");
    there.write_all(sent.as_bytes())?;
    let (up, down) = (visit.try_clone()?, there.try_clone()?);
    thread::spawn(move || pour(up, there));
    pour(down, visit.try_clone()?);
    visit.flush()
}

fn pour(mut from: TcpStream, mut to: TcpStream) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        if to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
