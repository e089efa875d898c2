//! Enumerations whose variants have one name everywhere: in JSON, on the command line
//! and in messages.

/// Declares an enumeration with `ALL`, `name`, `Display`, `FromStr` and serde under the
/// same names.
macro_rules! named {
    (
        $(#[$meta:meta])*
        $what:literal
        pub enum $type:ident { $( $(#[$variant_meta:meta])* $variant:ident = $name:literal, )+ }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $type {
            $( $(#[$variant_meta])* #[serde(rename = $name)] $variant, )+
        }

        impl $type {
            /// All of them, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$( Self::$variant, )+];

            /// The name in JSON and on the command line.
            pub fn name(self) -> &'static str {
                match self { $( Self::$variant => $name, )+ }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }

        impl std::str::FromStr for $type {
            type Err = $crate::Error;
            fn from_str(given: &str) -> Result<Self, Self::Err> {
                Self::ALL
                    .iter()
                    .copied()
                    .find(|candidate| candidate.name() == given)
                    .ok_or_else(|| $crate::Error::UnknownName {
                        what: $what,
                        given: given.to_owned(),
                        known: Self::ALL.iter().map(|c| c.name()).collect::<Vec<_>>().join(", "),
                    })
            }
        }
    };
}

pub(crate) use named;
