//! A value as `JSON.stringify` takes it.

use js_sys::{Array, Object, Reflect};
use serde::{
    Serialize,
    ser::{
        Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, Serializer,
    },
};
use wasm_bindgen::JsValue;

use super::Unfit;

/// Makes one value.
pub(super) struct Writer;

type Written = Result<JsValue, Unfit>;

impl Serializer for Writer {
    type Ok = JsValue;
    type Error = Unfit;
    type SerializeSeq = Items;
    type SerializeTuple = Impossible<JsValue, Unfit>;
    type SerializeTupleStruct = Impossible<JsValue, Unfit>;
    type SerializeTupleVariant = Impossible<JsValue, Unfit>;
    type SerializeMap = Fields;
    type SerializeStruct = Fields;
    type SerializeStructVariant = Fields;

    fn serialize_bool(self, yes: bool) -> Written {
        Ok(yes.into())
    }

    fn serialize_i8(self, n: i8) -> Written {
        self.serialize_f64(n.into())
    }

    fn serialize_i16(self, n: i16) -> Written {
        self.serialize_f64(n.into())
    }

    fn serialize_i32(self, n: i32) -> Written {
        self.serialize_f64(n.into())
    }

    fn serialize_i64(self, n: i64) -> Written {
        self.serialize_f64(n as f64)
    }

    fn serialize_u8(self, n: u8) -> Written {
        self.serialize_f64(n.into())
    }

    fn serialize_u16(self, n: u16) -> Written {
        self.serialize_f64(n.into())
    }

    fn serialize_u32(self, n: u32) -> Written {
        self.serialize_f64(n.into())
    }

    fn serialize_u64(self, n: u64) -> Written {
        self.serialize_f64(n as f64)
    }

    fn serialize_f32(self, n: f32) -> Written {
        self.serialize_f64(n.into())
    }

    fn serialize_f64(self, n: f64) -> Written {
        Ok(n.into())
    }

    fn serialize_char(self, c: char) -> Written {
        self.serialize_str(c.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Written {
        Ok(text.into())
    }

    fn serialize_bytes(self, _: &[u8]) -> Written {
        Err(Unfit)
    }

    fn serialize_none(self) -> Written {
        Ok(JsValue::NULL)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        Ok(JsValue::NULL)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        Ok(JsValue::NULL)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Written {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Written {
        let mut fields = Fields::default();
        fields.put(variant, value)?;
        Ok(fields.object.into())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items, Unfit> {
        Ok(Items(Array::new()))
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Unfit> {
        Err(Unfit)
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Unfit> {
        Err(Unfit)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unfit> {
        Err(Unfit)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Fields, Unfit> {
        Ok(Fields::default())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields, Unfit> {
        Ok(Fields::default())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Fields, Unfit> {
        Ok(Fields {
            variant: Some(variant),
            ..Fields::default()
        })
    }
}

pub(super) struct Items(Array);

impl SerializeSeq for Items {
    type Ok = JsValue;
    type Error = Unfit;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        self.0.push(&value.serialize(Writer)?);
        Ok(())
    }

    fn end(self) -> Written {
        Ok(self.0.into())
    }
}

#[derive(Default)]
pub(super) struct Fields {
    object: Object,
    key: JsValue,
    variant: Option<&'static str>,
}

impl Fields {
    fn put<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), Unfit> {
        self.set(&key.into(), &value.serialize(Writer)?)
    }

    fn set(&self, key: &JsValue, value: &JsValue) -> Result<(), Unfit> {
        Reflect::set(&self.object, key, value)
            .map(|_| ())
            .map_err(|_| Unfit)
    }
}

impl SerializeMap for Fields {
    type Ok = JsValue;
    type Error = Unfit;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unfit> {
        self.key = key.serialize(Writer)?;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        self.set(&self.key, &value.serialize(Writer)?)
    }

    fn end(self) -> Written {
        Ok(self.object.into())
    }
}

impl SerializeStruct for Fields {
    type Ok = JsValue;
    type Error = Unfit;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Unfit> {
        self.put(key, value)
    }

    fn end(self) -> Written {
        Ok(self.object.into())
    }
}

impl SerializeStructVariant for Fields {
    type Ok = JsValue;
    type Error = Unfit;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Unfit> {
        self.put(key, value)
    }

    fn end(self) -> Written {
        let Some(variant) = self.variant else {
            return Ok(self.object.into());
        };
        let outer = Self::default();
        outer.set(&variant.into(), &self.object)?;
        Ok(outer.object.into())
    }
}
