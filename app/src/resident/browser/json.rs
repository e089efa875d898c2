//! Reads data that JavaScript has parsed.
//!
//! A struct's fields are looked up by name and handed over in order, so that the derived code
//! which matches names, and every error text, stays out of the download: a third of what
//! `serde-wasm-bindgen` needs for the same. The server has written what is read here; a mistake in
//! it is not for the person at the phone to mend.

use js_sys::{Array, Object, Reflect};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, SeqAccess, VariantAccess,
    Visitor,
};
use serde::forward_to_deserialize_any;
use std::fmt;
use wasm_bindgen::{JsCast, JsValue};

/// Reads a value.
///
/// # Panics
/// If the data are not what they should be.
pub fn read<T: DeserializeOwned>(value: JsValue) -> T {
    match T::deserialize(Value(value)) {
        Ok(value) => value,
        Err(never) => match never {},
    }
}

/// There is none: with a way back from every field, each would have to let go of all that were
/// read before it, and that was a third of the reading.
#[derive(Debug)]
pub enum Never {}

impl fmt::Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl std::error::Error for Never {}

impl Error for Never {
    fn custom<T: fmt::Display>(_: T) -> Self {
        stop()
    }
}

/// The data are not what they should be: ends the app before it has begun. The server's form
/// stays.
#[cold]
fn stop() -> ! {
    wasm_bindgen::throw_str("unreadable")
}

struct Value(JsValue);

impl Value {
    fn number(&self) -> f64 {
        self.0.as_f64().unwrap_or_else(|| stop())
    }

    fn text(&self) -> String {
        self.0.as_string().unwrap_or_else(|| stop())
    }
}

impl<'de> Deserializer<'de> for Value {
    type Error = Never;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Never> {
        stop()
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_bool(self.0.as_bool().unwrap_or_else(|| stop()))
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_u8(self.number() as u8)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_u32(self.number() as u32)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_f64(self.number())
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_string(self.text())
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_str(&self.text())
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        if self.0.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Never> {
        let values: Array = self.0.dyn_into().unwrap_or_else(|_| stop());
        visitor.visit_seq(Sequence { next: 0, values })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Never> {
        let values = Array::new();
        for field in fields {
            values.push(&Reflect::get(&self.0, &(*field).into()).unwrap_or_else(|_| stop()));
        }
        visitor.visit_seq(Sequence { next: 0, values })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Never> {
        if self.0.is_string() {
            return visitor.visit_enum(Variant {
                name: self.0,
                content: JsValue::NULL,
            });
        }
        let object: Object = self.0.dyn_into().unwrap_or_else(|_| stop());
        visitor.visit_enum(Variant {
            name: Object::keys(&object).get(0),
            content: Object::values(&object).get(0),
        })
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u16 u64 u128 f32 char str bytes byte_buf unit unit_struct
        newtype_struct tuple tuple_struct map ignored_any
    }
}

/// The elements of a list, or the fields of a struct in the order of their declaration.
struct Sequence {
    next: u32,
    values: Array,
}

impl<'de> SeqAccess<'de> for Sequence {
    type Error = Never;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Never> {
        let value = self.values.get(self.next);
        self.next += 1;
        // The end of a list; or a field that is absent, whose default serde then takes.
        if value.is_undefined() {
            return Ok(None);
        }
        seed.deserialize(Value(value)).map(Some)
    }
}

struct Variant {
    name: JsValue,
    content: JsValue,
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = Never;
    type Variant = Value;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Value), Never> {
        Ok((seed.deserialize(Value(self.name))?, Value(self.content)))
    }
}

impl<'de> VariantAccess<'de> for Value {
    type Error = Never;

    fn unit_variant(self) -> Result<(), Never> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Never> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Never> {
        stop()
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Never> {
        self.deserialize_struct("", fields, visitor)
    }
}
