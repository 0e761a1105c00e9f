//! A conversation's files in its tables: what each is, and its bytes in pieces.

use protocol::{
    id::FileId,
    part::File,
    relay::{
        file::Handed,
        storage::{Audience, Fault},
    },
    time::Timestamp,
};

use super::ConversationStorage;
use crate::sql::{Database, Row, Value};

/// Bytes of a piece: half of what a row holds on Cloudflare.
const PIECE: usize = 1024 * 1024;

impl<D: Database> ConversationStorage<D> {
    pub(super) fn files(&self, clause: &str, values: &[Value<'_>]) -> Result<Vec<Handed>, Fault> {
        if !self.begun {
            return Ok(vec![]);
        }
        let query = format!(
            "SELECT id, at, side, digest, name, media, size, width, height FROM file {clause}"
        );
        self.database
            .query(&query, values)?
            .iter()
            .map(handed)
            .collect()
    }

    pub(super) fn insert_file(&mut self, handed: &Handed) -> Result<(), Fault> {
        let Handed {
            file,
            by,
            digest,
            at,
        } = handed;
        self.database.run(
            "INSERT INTO file (id, at, side, digest, name, media, size, width, height)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            &[
                file.id.as_bytes().into(),
                at.0.into(),
                side(*by).into(),
                digest.as_slice().into(),
                file.name.as_str().into(),
                file.media.as_str().into(),
                file.size.into(),
                file.width.map(u64::from).into(),
                file.height.map(u64::from).into(),
            ],
        )
    }

    pub(super) fn delete_file(&mut self, id: FileId) -> Result<(), Fault> {
        for statement in [
            "DELETE FROM chunk WHERE file = ?",
            "DELETE FROM file WHERE id = ?",
        ] {
            self.database.run(statement, &[id.as_bytes().into()])?;
        }
        Ok(())
    }

    /// Writes what is in a file.
    pub fn put_bytes(&mut self, id: FileId, bytes: &[u8]) -> Result<(), Fault> {
        for (place, piece) in bytes.chunks(PIECE).enumerate() {
            self.database.run(
                "INSERT INTO chunk (file, place, bytes) VALUES (?, ?, ?)",
                &[id.as_bytes().into(), place.into(), piece.into()],
            )?;
        }
        Ok(())
    }

    /// What is in a file; nothing where it is kept elsewhere.
    pub fn bytes(&self, id: FileId) -> Result<Option<Vec<u8>>, Fault> {
        if !self.begun {
            return Ok(None);
        }
        let pieces = self.database.query(
            "SELECT bytes FROM chunk WHERE file = ? ORDER BY place",
            &[id.as_bytes().into()],
        )?;
        let mut bytes = vec![];
        for piece in &pieces {
            bytes.extend_from_slice(piece.bytes(0)?);
        }
        Ok((!pieces.is_empty()).then_some(bytes))
    }
}

const fn side(by: Audience) -> &'static str {
    match by {
        Audience::Visitor => "visitor",
        Audience::Operators => "operators",
    }
}

fn handed(row: &Row) -> Result<Handed, Fault> {
    let pixels = |column| {
        let number = row.number_if_any(column)?;
        Ok::<_, Fault>(number.and_then(|number| u32::try_from(number).ok()))
    };
    Ok(Handed {
        at: Timestamp(row.number(1)?),
        by: match row.text(2)? {
            "visitor" => Audience::Visitor,
            "operators" => Audience::Operators,
            other => return Err(Fault(format!("a file is from {other}"))),
        },
        digest: row
            .bytes(3)?
            .try_into()
            .map_err(|_| Fault("a digest has another length".into()))?,
        file: File {
            id: FileId::from_bytes(row.id(0)?),
            name: row.text(4)?.into(),
            media: row.text(5)?.into(),
            size: row.number(6)?,
            width: pixels(7)?,
            height: pixels(8)?,
        },
    })
}
