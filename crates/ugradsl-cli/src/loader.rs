//! Configures the Vulkan loader before its first use.

/// Disables Mesa's device selection layer where there is no desktop session. The layer asks the
/// Wayland compositor and the X server which GPU shows the desktop, and without a runtime directory
/// writes `error: XDG_RUNTIME_DIR is invalid` to the terminal each time. A choice made with
/// `MESA_VK_DEVICE_SELECT` is kept.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "the environment is the only way to configure the loader")]
pub(crate) fn quiet() {
    let is_set = |name| std::env::var_os(name).is_some();
    if is_set("XDG_RUNTIME_DIR") || is_set("MESA_VK_DEVICE_SELECT") || is_set("NODEVICE_SELECT") {
        return;
    }
    // SAFETY: `main_with` does this first, in a process that does nothing else, so no other thread
    // reads the environment.
    unsafe { std::env::set_var("NODEVICE_SELECT", "1") }
}

/// Other systems have no such layer.
#[cfg(not(target_os = "linux"))]
pub(crate) fn quiet() {}
