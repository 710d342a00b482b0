//! Part of Narrows.
