//! The third step: when the shop answers. A week, and the days that are not as in other weeks.

use leptos::prelude::*;
use protocol::hours::Hours;

use crate::{
    install::{self, Edit},
    view::{
        icon::{Icon, icon},
        words,
    },
};

/// The end of a day, which a field for times does not know.
const MIDNIGHT: (&str, &str) = ("24:00", "00:00");

/// Everything about hours.
#[component]
pub fn HoursForm(
    /// What is filled in.
    edit: RwSignal<Edit>,
    /// Where this device is.
    zone: String,
    /// The time zones that are known here; none where the browser does not tell.
    zones: Vec<String>,
    /// Today, `YYYY-MM-DD`.
    today: String,
) -> impl IntoView {
    let text = words().install;
    let kept = Memo::new(move |_| edit.with(|edit| edit.hours.is_some()));
    let fault = Memo::new(move |_| {
        edit.with(|edit| match &edit.hours {
            Some(hours) if !hours.is_any() => Some(text.hours_none),
            _ if edit.has_hours() => None,
            _ => Some(text.hours_bad),
        })
    });
    let toggle = move |_| {
        let zone = (!kept.get_untracked()).then(|| zone.clone());
        edit.update(|edit| edit.keep_hours(zone));
    };
    view! {
        <label class="check">
            <input type="checkbox" prop:checked=move || kept.get() on:change=toggle />
            <span>{text.hours_keep}</span>
        </label>
        <Show when=move || kept.get() fallback=move || view! { <p class="hint">{text.hours_always}</p> }>
            <ul class="week" aria-label=text.hours_title>
                {text.weekdays.into_iter().zip(1_u8..).map(|(name, day)| view! { <Day edit name day /> }).collect_view()}
            </ul>
            <p class="fault" role="alert">
                {move || fault.get().map(|fault| view! { {icon(Icon::Warning)} <span>{fault}</span> })}
            </p>
            <Exceptions edit today=today.clone() />
            <TimeZone edit zones=zones.clone() />
        </Show>
    }
}

#[component]
fn TimeZone(edit: RwSignal<Edit>, zones: Vec<String>) -> impl IntoView {
    let text = words().install;
    let chosen = hours(edit, |hours| hours.time_zone.clone());
    let known = zones.clone();
    let missing = move || Some(chosen.get()).filter(|zone| !known.contains(zone));
    view! {
        <div class="field">
            <label for="time-zone">{text.time_zone}</label>
            <select
                id="time-zone"
                prop:value=move || chosen.get()
                on:change=move |event| {
                    let zone = event_target_value(&event);
                    change(edit, |hours| hours.time_zone = zone);
                }
            >
                {move || missing().map(option(chosen))}
                {zones.into_iter().map(option(chosen)).collect_view()}
            </select>
        </div>
    }
}

fn option(chosen: Memo<String>) -> impl Fn(String) -> AnyView {
    move |zone| {
        let (shown, this) = (zone.replace('_', " "), zone.clone());
        view! { <option value=zone selected=move || chosen.get() == this>{shown}</option> }
            .into_any()
    }
}

/// A day of the week with its stretches.
#[component]
fn Day(edit: RwSignal<Edit>, name: &'static str, day: u8) -> impl IntoView {
    let text = words().install;
    let places = hours(edit, move |hours| {
        let of_day =
            |(place, open): (usize, &protocol::hours::Opening)| (open.day == day).then_some(place);
        hours
            .open
            .iter()
            .enumerate()
            .filter_map(of_day)
            .collect::<Vec<_>>()
    });
    view! {
        <li>
            <span class="day">{name}</span>
            <div class="stretches">
                <Show when=move || places.with(Vec::is_empty)>
                    <span class="hint">{text.closed}</span>
                </Show>
                <For each=move || places.get() key=|place| *place let:place>
                    <Times
                        about=name
                        from=hours(edit, move |hours| hours.open.get(place).map(|open| open.from.clone()).unwrap_or_default())
                        to=hours(edit, move |hours| hours.open.get(place).map(|open| open.to.clone()).unwrap_or_default())
                        on_from=Callback::new(move |time| change(edit, |hours| {
                            if let Some(open) = hours.open.get_mut(place) {
                                open.from = time;
                            }
                        }))
                        on_to=Callback::new(move |time| change(edit, |hours| {
                            if let Some(open) = hours.open.get_mut(place) {
                                open.to = time;
                            }
                        }))
                        on_remove=Callback::new(move |()| change(edit, |hours| drop(hours.open.remove(place))))
                    />
                </For>
            </div>
            <button
                type="button"
                class="button icon-only"
                aria-label=(text.add_hours)(name)
                title=(text.add_hours)(name)
                on:click=move |_| edit.update(|edit| edit.open_on(day))
            >
                {icon(Icon::Add)}
            </button>
        </li>
    }
}

/// From when to when.
#[component]
fn Times(
    about: &'static str,
    #[prop(into)] from: Signal<String>,
    #[prop(into)] to: Signal<String>,
    on_from: Callback<String>,
    on_to: Callback<String>,
    on_remove: Callback<()>,
) -> impl IntoView {
    let text = words().install;
    let (midnight, shown) = MIDNIGHT;
    view! {
        <div class="times">
            <input
                type="time"
                aria-label=(text.opens)(about)
                aria-invalid=move || from.with(String::is_empty).to_string()
                prop:value=move || from.get()
                on:change=move |event| on_from.run(event_target_value(&event))
            />
            <span aria-hidden="true">"–"</span>
            <input
                type="time"
                aria-label=(text.closes)(about)
                aria-invalid=move || (to.get() <= from.get()).to_string()
                prop:value=move || if to.get() == midnight { shown.to_owned() } else { to.get() }
                on:change=move |event| {
                    let time = event_target_value(&event);
                    on_to.run(if time == shown { midnight.to_owned() } else { time });
                }
            />
            <button
                type="button"
                class="button icon-only"
                aria-label=(text.remove_hours)(about)
                title=(text.remove_hours)(about)
                on:click=move |_| on_remove.run(())
            >
                {icon(Icon::Close)}
            </button>
        </div>
    }
}

/// The days that are not as in other weeks.
#[component]
fn Exceptions(edit: RwSignal<Edit>, today: String) -> impl IntoView {
    let text = words().install;
    let places = hours(edit, |hours| {
        (0..hours.exceptions.len()).collect::<Vec<_>>()
    });
    view! {
        <fieldset class="field exceptions">
            <legend>{text.exceptions}</legend>
            <ul>
                <For each=move || places.get() key=|place| *place let:place>
                    <Days edit place />
                </For>
            </ul>
            <button type="button" class="button" on:click=move |_| edit.update(|edit| edit.except(today.clone()))>
                {text.add_days}
            </button>
            <p class="hint">{text.exceptions_hint}</p>
        </fieldset>
    }
}

/// One of them, or some in a row.
#[component]
fn Days(edit: RwSignal<Edit>, place: usize) -> impl IntoView {
    let text = words().install;
    let put = move |set: &dyn Fn(&mut protocol::hours::Exception)| {
        change(edit, |hours| {
            if let Some(those) = hours.exceptions.get_mut(place) {
                set(those);
            }
        });
    };
    let of = move |look: fn(&protocol::hours::Exception) -> String| {
        hours(edit, move |hours| {
            hours.exceptions.get(place).map(look).unwrap_or_default()
        })
    };
    let (first, last) = (of(|those| those.from.clone()), of(|those| those.to.clone()));
    let from = of(|those| {
        those
            .open
            .first()
            .map(|one| one.from.clone())
            .unwrap_or_default()
    });
    let to = of(|those| {
        those
            .open
            .first()
            .map(|one| one.to.clone())
            .unwrap_or_default()
    });
    let closed = hours(edit, move |hours| {
        let those = hours.exceptions.get(place);
        those.is_none_or(|those| those.open.is_empty())
    });
    view! {
        <li>
            <input
                type="date"
                aria-label=text.first_day
                prop:value=move || first.get()
                on:change=move |event| {
                    let day = event_target_value(&event);
                    put(&|those| {
                        // Most are one day.
                        if those.to == those.from || those.to < day {
                            those.to = day.clone();
                        }
                        those.from = day.clone();
                    });
                }
            />
            <span class="dash" aria-hidden="true">"–"</span>
            <input
                type="date"
                aria-label=text.last_day
                aria-invalid=move || (last.get() < first.get()).to_string()
                prop:value=move || last.get()
                on:change=move |event| {
                    let day = event_target_value(&event);
                    put(&|those| those.to = day.clone());
                }
            />
            <Show
                when=move || closed.get()
                fallback=move || view! {
                    <Times
                        about=text.these_days
                        from
                        to
                        on_from=Callback::new(move |time: String| put(&|those| {
                            if let Some(one) = those.open.first_mut() {
                                one.from = time.clone();
                            }
                        }))
                        on_to=Callback::new(move |time: String| put(&|those| {
                            if let Some(one) = those.open.first_mut() {
                                one.to = time.clone();
                            }
                        }))
                        on_remove=Callback::new(move |()| put(&|those| those.open.clear()))
                    />
                }
            >
                <span class="hint">{text.all_day_closed}</span>
                <button type="button" class="button" on:click=move |_| put(&|those| those.open.push(install::stretch()))>
                    {text.other_hours}
                </button>
            </Show>
            <button
                type="button"
                class="button icon-only"
                aria-label=text.remove_days
                title=text.remove_days
                on:click=move |_| change(edit, |hours| drop(hours.exceptions.remove(place)))
            >
                {icon(Icon::Close)}
            </button>
        </li>
    }
}

/// Something of the hours, while some are kept.
fn hours<T: Default + PartialEq + Clone + Send + Sync + 'static>(
    edit: RwSignal<Edit>,
    look: impl Fn(&Hours) -> T + Send + Sync + 'static,
) -> Memo<T> {
    Memo::new(move |_| edit.with(|edit| edit.hours.as_ref().map(&look).unwrap_or_default()))
}

fn change(edit: RwSignal<Edit>, change: impl FnOnce(&mut Hours)) {
    edit.update(|edit| {
        if let Some(hours) = &mut edit.hours {
            change(hours);
        }
    });
}
