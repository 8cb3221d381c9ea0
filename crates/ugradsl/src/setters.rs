//! Setters in burn's manner, so that a struct can grow: `Plan::new(..).with_epochs(3)`.

/// Writes `with_…` methods, each of which replaces one public field.
macro_rules! setters {
    ($type:ty { $($with:ident($field:ident: $value:ty)),+ $(,)? }) => {
        impl $type {
            $(
                #[doc = concat!("The same with another `", stringify!($field), "`.")]
                #[must_use]
                pub fn $with(self, $field: $value) -> Self {
                    Self { $field, ..self }
                }
            )+
        }
    };
}

pub(crate) use setters;
