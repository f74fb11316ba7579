//! kafscope.
