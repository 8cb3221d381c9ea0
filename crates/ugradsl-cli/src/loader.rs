//! What the Vulkan loader is told before it is first used.

/// Leaves Mesa's device selection out where there is no session to select by: it asks the Wayland compositor and the X
/// server which GPU shows the desktop, and without a runtime directory writes `error: XDG_RUNTIME_DIR is invalid` to
/// the terminal each time. A choice by `MESA_VK_DEVICE_SELECT` stays one.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "the environment is the only way to tell the loader")]
pub(crate) fn quiet() {
    let is_set = |name| std::env::var_os(name).is_some();
    if is_set("XDG_RUNTIME_DIR") || is_set("MESA_VK_DEVICE_SELECT") || is_set("NODEVICE_SELECT") {
        return;
    }
    // SAFETY: this is the first thing that `main` does, so there is no other thread that could read the environment.
    unsafe { std::env::set_var("NODEVICE_SELECT", "1") }
}

/// Other systems have no such layer.
#[cfg(not(target_os = "linux"))]
pub(crate) fn quiet() {}
