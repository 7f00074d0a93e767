//! Tells the linker how the addon may be unloaded.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Node unloads an addon with the last worker that has it: what the allocator holds would be left behind each time.
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}
