//! What is wrong with a file by itself: its parameters against the table of all there are.
//!
//! How the parameters of a field fit together is known only when refinements and parents are merged:
//! [`check_field`] is for then.

mod field;
mod file;
mod suppressions;
mod value;

pub use field::check_field;
pub use file::check_file;
pub use suppressions::Suppressions;
