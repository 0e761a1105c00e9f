//! The bytes of files: in the object's own database, or in a bucket where one is bound.
//!
//! Must stay true: a file that was answered is kept. In the database its bytes are written with it; a bucket gets them after it, and
//! the answer waits for both: who was not answered hands it over again, and the bucket gets the same once more. What was kept
//! before there was a bucket stays where it is.

use std::rc::Rc;

use protocol::{
    id::FileId,
    relay::{
        conversation::{Answer, Failure, Request as Asked},
        storage::{Fault, Storage},
    },
};
use worker::{Bucket, Request, Response, ResponseBuilder, Result};

use super::{Awake, Name, Object};
use crate::{
    call::{self, FileToKeep, FromConversation},
    clock, error, sql,
};

/// The bucket, where there is one.
const FILES: &str = "FILES";

impl Object {
    /// Somebody hands a file over.
    pub(super) async fn keep(
        self: &Rc<Self>,
        name: Name,
        request: &mut Request,
    ) -> Result<Response> {
        let file: FileToKeep = serde_json::from_str(&super::header(request, call::FILE)?)?;
        let bytes = request.bytes().await?;
        match self.kept(name, file, bytes).await {
            Ok(answer) => Response::from_json(&answer),
            Err(fault) => self.fail(&fault),
        }
    }

    async fn kept(
        self: &Rc<Self>,
        name: Name,
        kept: FileToKeep,
        bytes: Vec<u8>,
    ) -> std::result::Result<FromConversation, Fault> {
        let FileToKeep {
            principal,
            file,
            digest,
        } = kept;
        let (id, asked) = (file.id, Asked::HandOver { file, digest });
        let bucket = self.bucket();
        self.wake(Some(name.clone()), None).await?;
        let answered = {
            let mut awake = self.awake.borrow_mut();
            let Some(awake) = awake.as_mut() else {
                return Ok(FromConversation::NotFound);
            };
            let Awake {
                conversation,
                storage,
                ..
            } = awake;
            let answered = sql::atomically(&self.state, || {
                let answered = conversation.answer(clock::now(), &principal, asked, storage);
                if let Ok((Answer::Handed { new: true, .. }, _)) = &answered
                    && bucket.is_none()
                {
                    storage.put_bytes(id, &bytes)?;
                }
                match answered {
                    Err(Failure::Fault(fault)) => Err(fault),
                    answered => Ok(answered),
                }
            })?;
            match answered {
                Ok((answer, effects)) => {
                    let errand = self.perform(awake, effects)?;
                    self.run_later(errand);
                    Ok(answer)
                }
                Err(failure) => Err(failure),
            }
        };
        match answered {
            Ok(Answer::Handed { file, .. }) => {
                if let Some(bucket) = bucket {
                    let put = bucket.put(key(&name, id), bytes).execute().await;
                    put.map_err(|error| Fault(format!("the bucket did not take a file: {error}")))?;
                }
                Ok(FromConversation::Handed(file))
            }
            Ok(_) => Err(Fault("a file was answered as something else".into())),
            Err(Failure::NotFound) => Ok(FromConversation::NotFound),
            Err(Failure::Refused(refused)) => Ok(FromConversation::Refused(refused)),
            Err(Failure::Fault(fault)) => Err(fault),
        }
    }

    /// Who has its address reads a file.
    pub(super) async fn hand_out(self: &Rc<Self>, name: Name, id: FileId) -> Result<Response> {
        match self.handed_out(name, id).await {
            Ok(Some(response)) => Ok(response),
            Ok(None) => Response::from_json(&FromConversation::NotFound),
            Err(fault) => self.fail(&fault),
        }
    }

    async fn handed_out(
        self: &Rc<Self>,
        name: Name,
        id: FileId,
    ) -> std::result::Result<Option<Response>, Fault> {
        let broken = |error: worker::Error| Fault(format!("a file is not handed out: {error}"));
        self.wake(Some(name.clone()), None).await?;
        let (file, bytes) = {
            let awake = self.awake.borrow();
            let Some(awake) = awake.as_ref() else {
                return Ok(None);
            };
            let Some(handed) = awake.storage.file(id)? else {
                return Ok(None);
            };
            (handed.file, awake.storage.bytes(id)?)
        };
        let builder = call::ascii_json(&file)
            .and_then(|file| ResponseBuilder::new().with_header(call::FILE, &file))
            .map_err(broken)?;
        if let Some(bytes) = bytes {
            return Ok(Some(builder.fixed(bytes)));
        }
        let Some(bucket) = self.bucket() else {
            return Err(Fault("the bytes of a file are nowhere".into()));
        };
        let found = bucket.get(key(&name, id)).execute().await.map_err(broken)?;
        // It may still be on its way there.
        let Some(body) = found.as_ref().and_then(worker::Object::body) else {
            return Ok(None);
        };
        Ok(Some(builder.body(body.response_body().map_err(broken)?)))
    }

    /// A file was let go. What is left in a bucket when this fails is seen by nobody.
    pub(super) fn forget(&self, name: &Name, id: FileId) {
        let Some(bucket) = self.bucket() else { return };
        let key = key(name, id);
        self.state.wait_until(async move {
            if let Err(error) = bucket.delete(key).await {
                error::log("file_not_deleted", &error.to_string());
            }
        });
    }

    fn bucket(&self) -> Option<Bucket> {
        self.env.bucket(FILES).ok()
    }
}

/// Where a file is in the bucket; for ever.
fn key(name: &Name, id: FileId) -> String {
    format!("{}/{}/{id}", name.shop, name.conversation)
}
