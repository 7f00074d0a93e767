//! Names become things: AST in, resolved tree out. The only stage that reads both the AST and the catalog.

pub mod tree;
