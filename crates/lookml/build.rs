//! Tells the linker where tests that use DuckDB find it when they run: in the folder that `DUCKDB_LIB_DIR` names.

#[allow(
    clippy::disallowed_methods,
    reason = "a build script is told by the environment"
)]
fn main() {
    println!("cargo::rerun-if-env-changed=DUCKDB_LIB_DIR");
    let wants_duckdb = std::env::var_os("CARGO_FEATURE_TESTING").is_some();
    let is_windows = std::env::var_os("CARGO_CFG_WINDOWS").is_some();
    if !wants_duckdb || is_windows {
        return;
    }
    if let Some(folder) = std::env::var_os("DUCKDB_LIB_DIR") {
        println!("cargo::rustc-link-arg=-Wl,-rpath,{}", folder.display());
    }
}
