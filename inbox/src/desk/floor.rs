//! The three columns, with their data and their deeds.

use leptos::prelude::*;
use protocol::{
    api::Me,
    conversation::{Status, Summary},
    cursor::Seq,
    entry::{Author, OperatorCard},
    id::ConversationId,
    presence::Page,
};

use crate::{
    desk::{Desk, install, place, thread::Scene},
    face, lines,
    text::Text,
    view::{
        about::{About, Sheet},
        composer::Composer,
        conversation::{Head, NoConversation, UndoBar},
        hints::Hints,
        list::{List, label},
        transcript::Transcript,
    },
};

/// The desk of who is signed in.
pub(super) fn floor(desk: Desk, me: Me) -> impl IntoView {
    let open = Memo::new(move |_| desk.selected.with(Option::is_some));
    let you = StoredValue::new(Author::Operator(me.operator.clone()));
    let summary = desk.summary();
    let whose = Memo::new(move |_| {
        let of = |s: &Summary| (s.id, s.person.as_ref().map(|person| person.id.clone()));
        summary.with(|s| s.as_ref().map(of))
    });
    Effect::new(move |_| {
        desk.others.set(Some(vec![]));
        if let Some((id, _)) = whose.get() {
            desk.read_others(id);
        }
    });
    let live = Memo::new(move |_| desk.hold.get().is_none());
    Effect::new(move |before: Option<bool>| {
        let live = live.get();
        // What changed while nobody listened is not known here.
        if live
            && before == Some(false)
            && let Some(id) = desk.selected.get_untracked()
        {
            desk.read_others(id);
        }
        live
    });
    view! {
        <div class="floor" class:with-conversation=move || open.get() hidden=move || desk.install.open.get()>
            <main>
                <h1 class="unseen">{place::title(0, desk.text.inbox, Some(&me.shop.front.name))}</h1>
                <div class="column list">
                    <List
                        me
                        listing=desk.listing
                        tab=desk.tab
                        progress=desk.progress
                        live=Signal::derive(move || desk.hold.get().is_none())
                        selected=desk.selected
                        unsent=desk.unsent
                        now=desk.now
                        trouble=desk.notice
                        sound=desk.sound
                        on_tab=Callback::new(move |tab| desk.choose_tab(tab))
                        on_open=Callback::new(move |id| desk.open(Some(id)))
                        on_more=Callback::new(move |()| desk.read_more())
                        on_sound=Callback::new(move |()| desk.switch_sound())
                        on_hints=Callback::new(move |()| desk.hints.set(true))
                        unsaved=desk.install.changed()
                        on_install=Callback::new(move |()| desk.open_install())
                        on_sign_out=Callback::new(move |()| desk.sign_out())
                    />
                </div>
                <section class="column conversation" aria-label=desk.text.conversation>
                    <Show when=move || open.get() fallback=|| view! { <NoConversation /> }>
                        {conversation(desk, you.get_value())}
                    </Show>
                </section>
            </main>
            <Show when=move || open.get()>
                <aside class="column about" aria-label=desk.text.about>
                    {about(desk, you.get_value())}
                </aside>
            </Show>
            <Sheet open=desk.sheet>{about(desk, you.get_value())}</Sheet>
            <Hints open=desk.hints />
        </div>
        <Show when=move || desk.install.open.get()>{install::install(desk)}</Show>
    }
}

fn conversation(desk: Desk, you: Author) -> impl IntoView {
    let lines = desk.scene_part(|scene| scene.lines.clone());
    let typing = Memo::new(move |_| {
        desk.scene.with(|scene| {
            scene
                .as_ref()
                .and_then(|scene| scene.typing.first().map(|who| types(who, desk.text)))
        })
    });
    let undo = Signal::derive(move || desk.undo.get().is_some());
    view! {
        <Head
            visitor=Signal::derive(move || desk.summary().with(|s| s.as_ref().map(|s| s.visitor)))
            name=desk.name()
            present=desk.present()
            page=desk.page()
            status=desk.status()
            assignee=desk.assignee()
            you
            on_back=Callback::new(move |()| desk.open(None))
            on_about=Callback::new(move |()| desk.sheet.set(true))
            on_assign=Callback::new(move |()| desk.assign_to_me())
            on_status=Callback::new(move |status| desk.set_status(status))
        />
        <Transcript
            lines
            has_older=desk.scene_part(|scene| scene.has_older)
            begins=desk.scene_part(|scene| scene.begins)
            loading=desk.loading()
            typing
            unseen=desk.scene_part(|scene| scene.unseen)
            visitor=desk.name()
            now=desk.now
            at_end=desk.at_end
            to_end=desk.to_end
            on_older=Callback::new(move |()| desk.older())
            on_remedy=Callback::new(move |remedy| desk.remedy(remedy))
            on_parts=Callback::new(move |(place, parts): (web_sys::Element, String)| desk.draw_parts(&place, &parts))
        />
        <UndoBar open=undo on_undo=Callback::new(move |()| desk.take_back()) />
        <Composer
            draft=desk.draft
            mode=desk.mode
            offer=desk.offer
            offering=desk.offering
            hold=desk.scene_part(|scene| scene.hold)
            meanwhile=desk.meanwhile
            focus=desk.focus_composer
            on_input=Callback::new(move |()| desk.typed())
            on_send=Callback::new(move |press| desk.send(press))
            on_leave=Callback::new(move |()| desk.leave_composer())
            on_reload=Callback::new(move |()| place::reload())
        />
    }
}

fn about(desk: Desk, you: Author) -> impl IntoView {
    let assignee = desk.assignee();
    let at_desk = you.clone();
    let said = Signal::derive(move || match assignee.get() {
        Some(card) if Author::Operator(card.clone()) == you => {
            format!("{} ({})", card.name, desk.text.you.to_lowercase())
        }
        Some(card) => card.name,
        None => desk.text.unassigned.to_owned(),
    });
    view! {
        <About
            summary=desk.summary()
            others=desk.others()
            on_others=Callback::new(move |()| {
                if let Some(id) = desk.selected.get_untracked() {
                    desk.read_others(id);
                }
            })
            you=at_desk
            on_open=Callback::new(move |id| desk.open(Some(id)))
            present=desk.present()
            page=desk.page()
            status=desk.status()
            assignee=said
            told=desk.scene_part(|scene| lines::told(&scene.lines))
            now=desk.now
            on_copy=Callback::new(move |text: String| desk.copy(&text))
        />
    }
}

fn types(who: &Author, text: &'static Text) -> String {
    match who {
        Author::Visitor => text.visitor_types.into(),
        Author::Operator(card) => (text.types)(&card.name),
        Author::Bot(card) => (text.types)(&card.name),
        Author::System | Author::Unknown => (text.types)(text.somebody),
    }
}

impl Desk {
    fn summary(self) -> Signal<Option<Summary>> {
        Signal::derive(move || {
            let id: ConversationId = self.selected.get()?;
            self.listing.with(|listing| listing.get(id).cloned())
        })
    }

    /// As they are now; nothing where they could not be read.
    fn others(self) -> Signal<Option<Vec<Summary>>> {
        let summary = self.summary();
        Signal::derive(move || {
            let asked = self.others.get()?;
            let others = summary.with(|of| {
                let of = of.as_ref()?;
                Some(self.listing.with(|listing| listing.others(of, &asked)))
            });
            Some(others.unwrap_or_default())
        })
    }

    fn scene_part<T: Clone + PartialEq + Default + Send + Sync + 'static>(
        self,
        part: fn(&Scene) -> T,
    ) -> Memo<T> {
        Memo::new(move |_| {
            self.scene
                .with(|scene| scene.as_ref().map(part).unwrap_or_default())
        })
    }

    /// Something is there that has not come yet.
    fn loading(self) -> Memo<bool> {
        let summary = self.summary();
        Memo::new(move |_| {
            let empty = self
                .scene
                .with(|scene| scene.as_ref().is_none_or(|scene| !scene.known));
            empty && summary.with(|s| s.as_ref().is_none_or(|s| s.head > Seq::START))
        })
    }

    fn name(self) -> Signal<String> {
        let summary = self.summary();
        Signal::derive(move || {
            summary.with(|s| {
                s.as_ref()
                    .map_or_else(|| self.text.visitor_bare.into(), |s| label(s, self.text))
            })
        })
    }

    /// The conversation itself knows best; until it is connected, what the list knows counts.
    fn present(self) -> Signal<bool> {
        let summary = self.summary();
        Signal::derive(move || {
            let told = self.scene.with(|scene| {
                scene
                    .as_ref()
                    .and_then(|s| s.presence.as_ref().map(|p| p.visitor))
            });
            told.unwrap_or_else(|| summary.with(|s| s.as_ref().is_some_and(|s| s.visitor_present)))
        })
    }

    fn page(self) -> Signal<Option<Page>> {
        let summary = self.summary();
        Signal::derive(move || {
            let told = self
                .scene
                .with(|scene| scene.as_ref()?.presence.as_ref()?.page.clone());
            let page =
                told.or_else(|| summary.with(|s| s.as_ref().and_then(|s| s.page.clone())))?;
            let shop = self.me().map(|me| me.shop.front.name).unwrap_or_default();
            Some(Page {
                title: face::page(&page.title, &shop).to_owned(),
                ..page
            })
        })
    }

    pub(super) fn status(self) -> Signal<Status> {
        let summary = self.summary();
        Signal::derive(move || {
            let told = self
                .scene
                .with(|scene| scene.as_ref().and_then(|scene| scene.status));
            told.unwrap_or_else(|| {
                summary.with(|s| s.as_ref().map(|s| s.status).unwrap_or_default())
            })
        })
    }

    pub(super) fn assignee(self) -> Signal<Option<OperatorCard>> {
        let summary = self.summary();
        Signal::derive(move || {
            let told = self
                .scene
                .with(|scene| scene.as_ref().and_then(|scene| scene.assignee.clone()));
            told.unwrap_or_else(|| summary.with(|s| s.as_ref().and_then(|s| s.assignee.clone())))
        })
    }

    /// From the composer the focus goes back to the transcript, where the keys work.
    fn leave_composer(self) {
        use wasm_bindgen::JsCast;
        let log = document().query_selector(".scroller").ok().flatten();
        if let Some(log) = log.and_then(|log| log.dyn_into::<web_sys::HtmlElement>().ok()) {
            // Without focus the keys work as well.
            let _ = log.focus();
        }
    }
}
