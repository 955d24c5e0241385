//! The door: everything else is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    peloton_looker::run(std::env::args_os())
}
