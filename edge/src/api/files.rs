//! Files of a conversation: handed over as they are, and found by who may read the conversation.

use protocol::{
    api::{Address as Found, Addresses, WantedFiles},
    frame::Refusal,
    id::FileId,
    limits,
    relay::file::{self, Unfit},
};
use worker::Response;

use super::{
    Call,
    conversation::{answered, ask, named},
    invalid, json,
};
use crate::{
    auth::{self, address::Address},
    call::{self, FileToKeep, FromConversation, ToConversation},
    error::{Failure, Kind, Outcome},
};

/// Bytes that are read of one: a byte more than it may have, or nobody could say that it is too large.
pub(super) const LARGEST: usize = limits::FILE_MAX as usize;

/// Files that are found at once: what stands on several screens.
const WANTED_MAX: usize = 100;

/// `POST /v1/conversations/{id}/files`
pub(super) async fn hand_over(call: &Call<'_>, status: u16) -> Outcome<Response> {
    let id = match call.number::<FileId>("id")? {
        Some(id) => id,
        None => auth::mint_file(call.now)?,
    };
    let name = call.asked("name").unwrap_or_default();
    let file = file::examine(id, name, &call.file).map_err(unfit)?;
    let conversation = named(call, call.place.unwrap_or_default()).await?;
    let kept = FileToKeep {
        principal: call.principal()?.clone(),
        file,
        digest: auth::digest(&call.file),
    };
    let answer = call::keep_file(call.env, call.shop()?, conversation, &kept, &call.file).await?;
    match answer {
        FromConversation::Handed(file) => json(status, &file),
        FromConversation::Refused(refused) => Err(match refused.code {
            Refusal::TooLong => Failure::new(
                Kind::NoRoom,
                "The files of this conversation are as many as it may have: send it another way.",
            ),
            Refusal::Conflict => Failure::new(
                Kind::Conflict,
                "This id was used for another file: hand it over with a new id.",
            ),
            _ => refused.into(),
        }),
        other => Err(answered(other)?.unexpected()),
    }
}

/// `POST /v1/conversations/{id}/addresses`
pub(super) async fn find(call: &Call<'_>) -> Outcome<Response> {
    let WantedFiles { files } = call.body()?;
    if files.len() > WANTED_MAX {
        return Err(invalid(format!("`files` are {WANTED_MAX} at most.")));
    }
    let conversation = named(call, call.place.unwrap_or_default()).await?;
    let principal = call.principal()?.clone();
    let ends = file::address_ends(call.now);
    match ask(call, ToConversation::Files { principal, files }).await? {
        FromConversation::Files(files) => {
            let mut addresses = vec![];
            for file in files {
                let address = Address {
                    shop: call.shop()?.clone(),
                    conversation,
                    file: file.id,
                    ends,
                };
                addresses.push(Found {
                    file: file.id,
                    path: address.path(&call.config.token_keys)?,
                });
            }
            json(
                200,
                &Addresses {
                    addresses,
                    end_at: ends,
                },
            )
        }
        other => Err(other.unexpected()),
    }
}

fn unfit(unfit: Unfit) -> Failure {
    match unfit {
        Unfit::Empty => Failure::new(Kind::Empty, "There is nothing in the file."),
        Unfit::TooLarge => Failure {
            limit: Some(limits::FILE_MAX),
            ..Failure::new(Kind::BodyTooLarge, "The file is too large.")
        },
        Unfit::Unknown => Failure::new(
            Kind::UnfitFile,
            "A file is a JPEG, PNG, WebP or GIF picture, or a PDF, by its own first bytes.",
        ),
        Unfit::Broken => Failure::new(
            Kind::UnfitFile,
            "The picture does not say how large it is: save it anew.",
        ),
        Unfit::TooManyPixels => Failure {
            limit: Some(limits::FILE_PIXELS_MAX),
            ..Failure::new(
                Kind::UnfitFile,
                format!(
                    "A picture may have {} pixels: make it smaller.",
                    limits::FILE_PIXELS_MAX
                ),
            )
        },
    }
}
