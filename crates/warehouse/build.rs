//! Tells the linker where programs find `libduckdb` when they run.
//!
//! `make setup` names the folder in `DUCKDB_LIB_DIR`; `$ORIGIN` serves an installed program that
//! has the library beside it. Neither is needed when DuckDB is compiled in.

#[allow(
    clippy::disallowed_methods,
    reason = "the lints of the pure crate whose tests need it too: a build script is told by the environment"
)]
fn main() {
    println!("cargo::rerun-if-env-changed=DUCKDB_LIB_DIR");
    if std::env::var_os("CARGO_CFG_WINDOWS").is_some() {
        return;
    }
    let macos = std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "macos");
    let origin = if macos { "@loader_path" } else { "$ORIGIN" };
    println!("cargo::rustc-link-arg=-Wl,-rpath,{origin}");
    if let Some(folder) = std::env::var_os("DUCKDB_LIB_DIR") {
        println!("cargo::rustc-link-arg=-Wl,-rpath,{}", folder.display());
    }
}
