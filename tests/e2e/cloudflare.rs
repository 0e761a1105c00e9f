//! What is uploaded to Cloudflare, by its own configuration and in the runtime that Cloudflare hands out for trying it: `wrangler dev`.

use protocol::entry::Entry;
use tests::{Peer, Relay, caller, eventually};

const PDF: &[u8] = b"%PDF-1.4\n% an invoice\n%%EOF";

#[tokio::test]
async fn what_is_deployed_serves_the_chat_and_keeps_files_in_a_bucket() {
    let relay = Relay::start_by_wrangler().await;
    let loader = caller::http().get(format!("{}/widget.js", relay.url()));
    // Who does not say what they take is sent what is smallest.
    let loader = loader.header("accept-encoding", "identity");
    let loader = loader.send().await.expect("the relay answers");
    assert_eq!(loader.status(), 200);
    let text = loader.text().await.expect("a script");
    assert!(text.starts_with("(()=>{"), "{text}");

    let shop = relay.shop().await;
    let (mut shopper, conversation, _) = Peer::visitor(&shop).await;
    let question = shopper.say_for_sure("May I have the invoice?").await;
    let owner = shop.caller();
    owner.conversation_with("May I have the invoice?").await;
    let mut operator = Peer::operator(&shop, conversation).await;
    let answer = operator.say_for_sure("One moment").await;
    assert_eq!(answer.seq, question.seq.next());
    let is_answer = |entry: &Entry| entry.id == answer.id;
    shopper.hear_entry("the answer", is_answer).await;

    // A file goes into the bucket, and only there, and comes back.
    let file = owner.show(conversation, "invoice", PDF).await;
    let shows = |entry: &Entry| entry.seq == answer.seq.next();
    shopper.hear_entry("the message that shows it", shows).await;
    eventually("the bucket has it", async || {
        relay
            .in_bucket()
            .iter()
            .any(|bytes| bytes == PDF)
            .then_some(())
    })
    .await;
    let address = owner.address(conversation, &file).await;
    let read = caller::http().get(format!("{}{address}", relay.url()));
    let read = read.send().await;
    let read = read.expect("the relay answers");
    assert_eq!(read.status(), 200);
    assert_eq!(&read.bytes().await.expect("bytes")[..], PDF);
}
