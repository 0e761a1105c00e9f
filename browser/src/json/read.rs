//! What `JSON.parse` answers, as serde reads it.

use js_sys::{Array, JsString, Object};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor, value::StringDeserializer,
};
use wasm_bindgen::{JsCast, JsValue};

use super::Unfit;

/// The largest whole number that every JSON reader agrees on.
const LARGEST: f64 = 9_007_199_254_740_991.0;

/// One value.
pub(super) struct Reader(JsValue);

impl Reader {
    /// Reads what `JSON.parse` has answered.
    pub(super) fn new(value: JsValue) -> Self {
        Self(value)
    }
}

impl<'de> Deserializer<'de> for Reader {
    type Error = Unfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        let value = self.0;
        if let Some(text) = value.as_string() {
            visitor.visit_string(text)
        } else if let Some(number) = value.as_f64() {
            if number.trunc() == number && (0.0..=LARGEST).contains(&number) {
                visitor.visit_u64(number as u64)
            } else {
                // Nothing that is agreed on is negative or has a fraction: whatever it is, it is skipped.
                visitor.visit_unit()
            }
        } else if let Some(yes) = value.as_bool() {
            visitor.visit_bool(yes)
        } else if value.is_null() {
            visitor.visit_unit()
        } else if Array::is_array(&value) {
            let items: Array = value.unchecked_into();
            visitor.visit_seq(Items { items, at: 0 })
        } else {
            let entries = Object::entries(value.unchecked_ref());
            visitor.visit_map(Entries {
                entries,
                at: 0,
                value: JsValue::NULL,
            })
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        if self.0.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        let name = self.0.as_string().ok_or(Unfit)?;
        visitor.visit_enum(Name(name))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier
    }
}

struct Items {
    items: Array,
    at: u32,
}

impl<'de> SeqAccess<'de> for Items {
    type Error = Unfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unfit> {
        if self.at >= self.items.length() {
            return Ok(None);
        }
        let item = self.items.get(self.at);
        self.at += 1;
        seed.deserialize(Reader(item)).map(Some)
    }
}

struct Entries {
    entries: Array,
    at: u32,
    value: JsValue,
}

impl<'de> MapAccess<'de> for Entries {
    type Error = Unfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Unfit> {
        if self.at >= self.entries.length() {
            return Ok(None);
        }
        let entry: Array = self.entries.get(self.at).unchecked_into();
        self.at += 1;
        self.value = entry.get(1);
        let name: JsString = entry.get(0).unchecked_into();
        let name: StringDeserializer<Unfit> = String::from(name).into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unfit> {
        seed.deserialize(Reader(core::mem::take(&mut self.value)))
    }
}

/// A variant that is only a name: all that a client is told.
struct Name(String);

impl<'de> EnumAccess<'de> for Name {
    type Error = Unfit;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Unfit> {
        let name: StringDeserializer<Unfit> = self.0.into_deserializer();
        Ok((seed.deserialize(name)?, Self(String::new())))
    }
}

impl<'de> VariantAccess<'de> for Name {
    type Error = Unfit;

    fn unit_variant(self) -> Result<(), Unfit> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, Unfit> {
        Err(Unfit)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Unfit> {
        Err(Unfit)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Unfit> {
        Err(Unfit)
    }
}
