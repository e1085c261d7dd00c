#![expect(unused_imports, reason = "filled in the next step")]
use super::*;
