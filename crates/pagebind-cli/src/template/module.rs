//! Typed client for {{title}}, generated from `openapi/{{name}}.json` when this package is built.

#![allow(dead_code, unreachable_pub, reason = "a program may not use all of it")]

include!(concat!(env!("OUT_DIR"), "/{{name}}.rs"));
