//! What a file is, by its own first bytes, and what it may be called (SPEC, RL26 to RL28).
//!
//! Must stay true: what is not known here is not kept, whatever its name or its sender says of it; nothing is unpacked, so a
//! picture costs no more than its header. What is in a file beyond that is nobody's promise: it is served where nothing in it
//! can do anything.

use crate::{
    id::FileId,
    limits,
    part::File,
    relay::storage::Audience,
    time::{Millis, Timestamp},
};

/// The SHA-256 of a file's bytes.
pub type Digest = [u8; 32];

/// A file as a conversation keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handed {
    /// As a message names it.
    pub file: File,
    /// Which side it is from.
    pub by: Audience,
    /// Of its bytes: whether the same was sent again.
    pub digest: Digest,
    /// When it came.
    pub at: Timestamp,
}

/// What can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum Media {
    Jpeg,
    Png,
    Webp,
    Gif,
    Pdf,
}

impl Media {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Jpeg, Self::Png, Self::Webp, Self::Gif, Self::Pdf];

    /// As in `content-type`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
            Self::Pdf => "application/pdf",
        }
    }

    /// What the names of such files end with; the first is the usual one.
    const fn ends(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &[".jpg", ".jpeg", ".jfif"],
            Self::Png => &[".png"],
            Self::Webp => &[".webp"],
            Self::Gif => &[".gif"],
            Self::Pdf => &[".pdf"],
        }
    }

    /// Whether it is shown where it stands; anything else is handed out as a download.
    pub const fn is_picture(self) -> bool {
        !matches!(self, Self::Pdf)
    }

    /// The one of this name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|media| media.name() == name)
    }
}

/// Why bytes are not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// There are none.
    Empty,
    /// More than [`limits::FILE_MAX`].
    TooLarge,
    /// None of [`Media`].
    Unknown,
    /// A picture whose header does not say how large it is.
    Broken,
    /// More pixels than [`limits::FILE_PIXELS_MAX`].
    TooManyPixels,
}

/// What these bytes are, as a message is to name them.
pub fn examine(id: FileId, name: &str, bytes: &[u8]) -> Result<File, Unfit> {
    let size = bytes.len() as u64;
    if size == 0 {
        return Err(Unfit::Empty);
    }
    if size > limits::FILE_MAX {
        return Err(Unfit::TooLarge);
    }
    let media = media(bytes).ok_or(Unfit::Unknown)?;
    let pixels = match media {
        Media::Pdf => None,
        Media::Jpeg | Media::Png | Media::Webp | Media::Gif => {
            let (width, height) = pixels(media, bytes)
                .filter(|(width, height)| *width > 0 && *height > 0)
                .ok_or(Unfit::Broken)?;
            if u64::from(width) * u64::from(height) > limits::FILE_PIXELS_MAX {
                return Err(Unfit::TooManyPixels);
            }
            Some((width, height))
        }
    };
    Ok(File {
        id,
        name: called(name, media),
        media: media.name().into(),
        size,
        width: pixels.map(|(width, _)| width),
        height: pixels.map(|(_, height)| height),
    })
}

/// When an address that is made now ends: at the end of a span that many share, so that it is the same for who asks again.
pub fn address_ends(now: Timestamp) -> Timestamp {
    let span = limits::FILE_ADDRESS_FOR.0;
    Timestamp(now.0 - now.0 % span) + Millis(2 * span)
}

fn media(bytes: &[u8]) -> Option<Media> {
    let begins = |with: &[u8]| bytes.starts_with(with);
    if begins(b"\xff\xd8\xff") {
        Some(Media::Jpeg)
    } else if begins(b"\x89PNG\r\n\x1a\n") {
        Some(Media::Png)
    } else if begins(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some(Media::Webp)
    } else if begins(b"GIF87a") || begins(b"GIF89a") {
        Some(Media::Gif)
    } else if begins(b"%PDF-") {
        Some(Media::Pdf)
    } else {
        None
    }
}

/// Width and height, as the header says.
fn pixels(media: Media, bytes: &[u8]) -> Option<(u32, u32)> {
    match media {
        Media::Jpeg => pixels_of_jpeg(bytes),
        Media::Png => {
            let header = bytes.get(12..24)?.strip_prefix(b"IHDR")?;
            Some((big(header.get(..4)?), big(header.get(4..8)?)))
        }
        Media::Webp => pixels_of_webp(bytes),
        Media::Gif => Some((little(bytes.get(6..8)?), little(bytes.get(8..10)?))),
        Media::Pdf => None,
    }
}

/// Walks over the segments to the one that begins the frame.
fn pixels_of_jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut rest = bytes.get(2..)?;
    loop {
        let (marker, after) = match rest {
            // Any number of these may stand before a marker.
            [0xff, 0xff, ..] => {
                rest = rest.get(1..)?;
                continue;
            }
            [0xff, marker, after @ ..] => (*marker, after),
            _ => return None,
        };
        match marker {
            // A frame, of any coding; three of the row mean something else.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return Some((big(after.get(5..7)?), big(after.get(3..5)?)));
            }
            // The picture itself, or its end: there was no frame.
            0xda | 0xd9 => return None,
            // These stand alone.
            0x01 | 0xd0..=0xd7 => rest = after,
            _ => {
                let length = big(after.get(..2)?) as usize;
                rest = after.get(length.max(2)..)?;
            }
        }
    }
}

fn pixels_of_webp(bytes: &[u8]) -> Option<(u32, u32)> {
    let body = bytes.get(20..)?;
    match bytes.get(12..16)? {
        b"VP8 " => {
            let frame = body.get(3..10)?.strip_prefix(b"\x9d\x01\x2a")?;
            // The two bits above say how to scale it.
            let side = |two: &[u8]| little(two) & 0x3fff;
            Some((side(frame.get(..2)?), side(frame.get(2..4)?)))
        }
        b"VP8L" => {
            let bits = little(body.get(..5)?.strip_prefix(b"\x2f")?);
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8X" => Some((little(body.get(4..7)?) + 1, little(body.get(7..10)?) + 1)),
        _ => None,
    }
}

fn big(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .fold(0, |number, byte| number << 8 | u32::from(*byte))
}

fn little(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .rev()
        .fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// A name that is one line of plain text, leads nowhere, and ends as what the file is.
fn called(name: &str, media: Media) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| is_plain(*c)).collect();
    let plain = plain.trim_matches(|c: char| c.is_whitespace() || c == '.');
    let lower = plain.to_lowercase();
    let known = media.ends().iter().find(|end| lower.ends_with(*end));
    let usual = media.ends().first().copied().unwrap_or_default();
    let (stem, end) = match known.and_then(|end| plain.len().checked_sub(end.len())) {
        // Lower case may be longer or shorter than what it is of.
        Some(at) if plain.is_char_boundary(at) => plain.split_at(at),
        Some(_) | None => (plain, usual),
    };
    let room = limits::LINE_MAX.saturating_sub(end.chars().count());
    let stem: String = stem.chars().take(room).collect();
    let nameless = if media.is_picture() {
        "picture"
    } else {
        "document"
    };
    let stem = match stem.trim_end() {
        "" => nameless,
        stem => stem,
    };
    [stem, end].concat()
}

/// Not a control character, and none of those that turn the direction of a line: with one, `gpj.exe` is read as `exe.jpg`.
fn is_plain(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
