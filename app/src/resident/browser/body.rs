//! Writes what is sent, as JSON.
//!
//! Only what answers are made of: a third of what `serde-wasm-bindgen` needs for the same. Texts
//! and numbers are left to the browser, which knows how to write them.

use js_sys::JSON;
use serde::Serialize;
use serde::ser::{Impossible, SerializeMap, SerializeSeq, SerializeStruct, Serializer};
use std::fmt::Error;
use wasm_bindgen::JsValue;

/// The JSON text of a value.
///
/// # Errors
/// If there is something in it that answers are not made of.
pub fn write(value: &impl Serialize) -> Result<String, Error> {
    let mut text = String::new();
    value.serialize(Writer(&mut text))?;
    Ok(text)
}

struct Writer<'t>(&'t mut String);

impl<'t> Writer<'t> {
    fn scalar(self, value: &JsValue) -> Result<(), Error> {
        let text = JSON::stringify(value).map_err(|_| Error)?;
        self.0.push_str(&String::from(text));
        Ok(())
    }

    fn list(self, open: char, close: char) -> List<'t> {
        self.0.push(open);
        List {
            text: self.0,
            close,
            begun: false,
        }
    }
}

/// An array or an object that is being written.
struct List<'t> {
    text: &'t mut String,
    close: char,
    begun: bool,
}

impl List<'_> {
    /// Where the next element is written.
    fn next(&mut self) -> Writer<'_> {
        if self.begun {
            self.text.push(',');
        }
        self.begun = true;
        Writer(self.text)
    }

    fn name(&mut self, name: &(impl Serialize + ?Sized)) -> Result<(), Error> {
        name.serialize(self.next())?;
        self.text.push(':');
        Ok(())
    }

    fn close(self) {
        self.text.push(self.close);
    }
}

impl SerializeSeq for List<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(self.next())
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

impl SerializeMap for List<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.name(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(Writer(self.text))
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

impl SerializeStruct for List<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.name(name)?;
        value.serialize(Writer(self.text))
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

/// Methods for what answers are not made of.
macro_rules! refuse {
    ($($method:ident($($argument:ty),*) -> $made:ty;)*) => {
        $(fn $method(self, $(_: $argument),*) -> Result<$made, Error> { Err(Error) })*
    };
}

impl<'t> Serializer for Writer<'t> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = List<'t>;
    type SerializeMap = List<'t>;
    type SerializeStruct = List<'t>;
    type SerializeTuple = Impossible<(), Error>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeStructVariant = Impossible<(), Error>;

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        self.scalar(&value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), Error> {
        self.scalar(&value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        self.scalar(&value.into())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
    ) -> Result<(), Error> {
        self.serialize_str(name)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List<'t>, Error> {
        Ok(self.list('[', ']'))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<List<'t>, Error> {
        Ok(self.list('{', '}'))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<List<'t>, Error> {
        Ok(self.list('{', '}'))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: &T,
    ) -> Result<(), Error> {
        Err(Error)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Error> {
        Err(Error)
    }

    refuse! {
        serialize_bool(bool) -> ();
        serialize_i8(i8) -> ();
        serialize_i16(i16) -> ();
        serialize_i32(i32) -> ();
        serialize_i64(i64) -> ();
        serialize_u8(u8) -> ();
        serialize_u16(u16) -> ();
        serialize_u64(u64) -> ();
        serialize_f32(f32) -> ();
        serialize_char(char) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_none() -> ();
        serialize_unit() -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_tuple(usize) -> Impossible<(), Error>;
        serialize_tuple_struct(&'static str, usize) -> Impossible<(), Error>;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Impossible<(), Error>;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Impossible<(), Error>;
    }
}
