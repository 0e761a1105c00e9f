//! What a shop asks beside the first words, while somebody changes it. Nothing is asked or drawn here.

use protocol::{
    form::{Consent, Field, FieldKind, Form, Unfit, Words},
    limits::FIELDS_MAX,
};

use super::Edit;

/// Whether something is asked, and whether it must be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It is not.
    No,
    /// It may be left out.
    May,
    /// The form is incomplete without it.
    Must,
}

impl Edit {
    /// Whether a name or an e-mail address is asked for.
    pub fn asked(&self, kind: FieldKind) -> Asked {
        match self.form.fields.iter().find(|field| field.kind == kind) {
            None => Asked::No,
            Some(field) if field.required => Asked::Must,
            Some(_) => Asked::May,
        }
    }

    /// Asks for a name or an e-mail address, or does not.
    pub fn ask(&mut self, kind: FieldKind, asked: Asked) {
        let fields = &mut self.form.fields;
        let known = fields.iter_mut().find(|field| field.kind == kind);
        match (known, asked) {
            (_, Asked::No) => fields.retain(|field| field.kind != kind),
            (Some(field), _) => field.required = asked == Asked::Must,
            (None, _) => {
                let name = match kind {
                    FieldKind::Email => "email",
                    FieldKind::Name | FieldKind::Text | FieldKind::Unknown => "name",
                };
                // Who they are comes first, the name before the address.
                let at = match kind {
                    FieldKind::Email => fields
                        .iter()
                        .take_while(|field| field.kind == FieldKind::Name)
                        .count(),
                    FieldKind::Name | FieldKind::Text | FieldKind::Unknown => 0,
                };
                fields.insert(at, field(name.into(), kind, asked == Asked::Must));
            }
        }
    }

    /// The names of the shop's own questions.
    pub fn questions(&self) -> Vec<String> {
        let own = self.form.fields.iter();
        let own = own.filter(|field| field.kind == FieldKind::Text);
        own.map(|field| field.name.clone()).collect()
    }

    /// A question of the shop's own, by its name.
    pub fn question(&self, name: &str) -> Option<&Field> {
        self.form.fields.iter().find(|field| field.name == name)
    }

    /// The same, to change it.
    pub fn question_mut(&mut self, name: &str) -> Option<&mut Field> {
        self.form.fields.iter_mut().find(|field| field.name == name)
    }

    /// Whether there is room for another.
    pub fn has_room(&self) -> bool {
        self.form.fields.len() < FIELDS_MAX
    }

    /// Adds a question, without words yet.
    pub fn add_question(&mut self) {
        let mut names = (1..=FIELDS_MAX + 1).map(|n| format!("question-{n}"));
        let free = names.find(|name| self.question(name).is_none());
        if let Some(name) = free.filter(|_| self.has_room()) {
            self.form.fields.push(field(name, FieldKind::Text, false));
        }
    }

    /// Takes a question away.
    pub fn remove_question(&mut self, name: &str) {
        self.form.fields.retain(|field| field.name != name);
    }

    /// What is to be agreed to, in this language, and where it is told in full.
    pub fn consent(&self, language: &str) -> (String, String) {
        let Some(consent) = &self.form.consent else {
            return <(String, String)>::default();
        };
        let link = consent.link.clone().unwrap_or_default();
        (said(&consent.text, language), link)
    }

    /// Changes that; without words and link there is none.
    pub fn agree(&mut self, language: &str, text: &str, link: &str) {
        let mut consent = self.form.consent.take().unwrap_or(Consent {
            text: Words::new(),
            link: None,
        });
        say(&mut consent.text, language, text);
        consent.link = Some(link.to_owned()).filter(|link| !link.is_empty());
        let is_empty = consent.text.is_empty() && consent.link.is_none();
        self.form.consent = (!is_empty).then_some(consent);
    }

    /// Whether a question says what is asked, in one language at least.
    pub fn is_asking(&self, name: &str) -> bool {
        self.question(name)
            .is_none_or(|question| question.fit().is_ok())
    }

    /// What is wrong with what is to be agreed to.
    pub fn consent_fault(&self) -> Option<Unfit> {
        self.form.consent.as_ref()?.fit().err()
    }

    /// Whether it is never asked, since it is agreed to with an answer.
    pub fn is_consent_alone(&self) -> bool {
        let form = &self.form;
        form.consent.is_some() && form.fields.is_empty() && !form.away
    }

    /// Whether the relay would take it.
    pub fn has_form(&self) -> bool {
        self.form.fit().is_ok()
    }
}

/// What is said in a language, or nothing.
pub fn said(words: &Words, language: &str) -> String {
    words.get(language).cloned().unwrap_or_default()
}

/// Says it; nothing is not said.
pub fn say(words: &mut Words, language: &str, text: &str) {
    if text.trim().is_empty() {
        words.remove(language);
    } else {
        words.insert(language.to_owned(), text.to_owned());
    }
}

/// The form as its shoppers would see it: what cannot be saved as it is filled in is not asked.
pub fn shown(form: &Form) -> Option<Form> {
    let mut form = form.clone();
    form.fields.retain(|field| field.fit().is_ok());
    form.consent = form.consent.filter(|consent| consent.fit().is_ok());
    // A consent alone is to nothing.
    Some(form).filter(|form| !form.fields.is_empty() || form.away)
}

fn field(name: String, kind: FieldKind, required: bool) -> Field {
    Field {
        name,
        kind,
        label: Words::new(),
        required,
    }
}
