//! The relay and its JavaScript twin, each in a workerd of its own on the same disk, and how they are compared.

use std::path::Path;

use futures_util::{StreamExt, stream};
use tests::{Relay, Shop};

use crate::{line::Line, machine::Machine};

/// Conversations that are opened at a time: enough to keep a server busy, few enough that each is answered in time.
const AT_A_TIME: usize = 16;

/// One of the two.
pub(crate) struct Rival {
    process: Relay,
    kind: Kind,
}

/// Who it is.
enum Kind {
    Relay(Box<Shop>),
    Twin,
    /// The twin, which also keeps a list of its conversations.
    Listed,
}

impl Rival {
    /// Both, on empty disks.
    pub(crate) async fn both(machine: &Machine) -> (Self, Self) {
        (
            Self::relay(&machine.disk).await,
            Self::twin(&machine.disk).await,
        )
    }

    pub(crate) async fn relay(disk: &Path) -> Self {
        let process = Relay::start_with("edge/workerd.capnp", disk).await;
        let kind = Kind::Relay(Box::new(process.shop().await));
        Self { process, kind }
    }

    async fn twin(disk: &Path) -> Self {
        let process = Relay::start_with("tests/bench/peers/twin.capnp", disk).await;
        let kind = Kind::Twin;
        Self { process, kind }
    }

    /// The twin with an inbox.
    pub(crate) async fn listed(disk: &Path) -> Self {
        let kind = Kind::Listed;
        Self {
            kind,
            ..Self::twin(disk).await
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.process.pid()
    }

    pub(crate) async fn line(&self) -> Line {
        match &self.kind {
            Kind::Relay(shop) => Line::on_relay(shop).await,
            Kind::Twin => Line::on_twin(&self.process.url(), "").await,
            Kind::Listed => Line::on_twin(&self.process.url(), "&inbox").await,
        }
    }

    pub(crate) async fn lines(&self, many: usize) -> Vec<Line> {
        let opening = stream::iter(0..many).map(|_| self.line());
        opening.buffered(AT_A_TIME).collect().await
    }
}
