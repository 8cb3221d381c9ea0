//! The real program in a real window: started on a virtual X server, clicked by mouse events of the
//! X protocol, looked at on the screen. `cargo xtask test` runs it (its step `desktop`).
//!
//! Every button by name is for the tests beside the code; here it is about what those cannot know:
//! that the window opens, that its device can be shared, and that the mouse arrives.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test, and it says when it is skipped"
)]

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use image::{Rgb, RgbImage};
use x11rb::{
    connection::Connection,
    protocol::{
        xproto::{
            BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConnectionExt as _, ImageFormat,
            MOTION_NOTIFY_EVENT,
        },
        xtest::ConnectionExt as _,
    },
    rust_connection::RustConnection,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_ugradsl-desktop");
const SIZE: [u16; 2] = [1000, 700];
/// Fill of the button that comes next, as in `views/style.rs`: it is found by its colour, wherever
/// it is.
const ACCENT: Rgb<u8> = Rgb([0x2f, 0x6f, 0xdb]);
/// Colour of the retrained network on dark ground.
const RETRAINED: Rgb<u8> = Rgb([0x4c, 0xd1, 0x9b]);
const PATIENCE: Duration = Duration::from_secs(900);

/// A process that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A screen with a mouse.
struct Screen {
    connection: RustConnection,
    root: u32,
    name: String,
    _server: Running,
}

impl Screen {
    fn open() -> Self {
        let size = format!("{}x{}x24", SIZE[0], SIZE[1]);
        let server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", &size, "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb cannot be started: `cargo xtask setup` gets it");
        let mut server = Running(server);
        let mut number = String::new();
        BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut number).unwrap();
        let name = format!(":{}", number.trim());
        let (connection, screen) = x11rb::connect(Some(&name)).unwrap();
        let root = connection.setup().roots[screen].root;
        Self { connection, root, name, _server: server }
    }

    fn look(&self) -> RgbImage {
        let [width, height] = SIZE;
        let all = u32::MAX;
        let image =
            self.connection.get_image(ImageFormat::Z_PIXMAP, self.root, 0, 0, width, height, all);
        let data = image.unwrap().reply().unwrap().data;
        // 24 bits deep in 32: blue, green, red, nothing.
        let pixel = |at: u32| [2, 1, 0].map(|byte| data[at as usize * 4 + byte]);
        RgbImage::from_fn(width.into(), height.into(), |x, y| Rgb(pixel(y * u32::from(width) + x)))
    }

    fn click(&self, [x, y]: [i16; 2]) {
        let events = [(MOTION_NOTIFY_EVENT, 0), (BUTTON_PRESS_EVENT, 1), (BUTTON_RELEASE_EVENT, 1)];
        for (kind, detail) in events {
            self.connection.xtest_fake_input(kind, detail, 0, self.root, x, y, 0).unwrap();
            self.connection.flush().unwrap();
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Looks until there is something to see.
    fn wait<T>(&self, what: &str, mut seen: impl FnMut(&RgbImage) -> Option<T>) -> T {
        let begin = Instant::now();
        loop {
            let image = self.look();
            if let Some(found) = seen(&image) {
                return found;
            }
            if begin.elapsed() > PATIENCE {
                keep(&image, "failed");
                panic!("{what}: not seen in {PATIENCE:?}");
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

fn pixels(image: &RgbImage, colour: Rgb<u8>) -> Vec<(u32, u32)> {
    let near = |a: u8, b: u8| a.abs_diff(b) <= 2;
    let same = |pixel: &Rgb<u8>| pixel.0.iter().zip(colour.0).all(|(a, b)| near(*a, b));
    image.enumerate_pixels().filter(|(.., pixel)| same(pixel)).map(|(x, y, _)| (x, y)).collect()
}

/// The middle of the button that comes next.
fn next_button(image: &RgbImage) -> Option<[i16; 2]> {
    let found = pixels(image, ACCENT);
    // A button is a few thousand pixels; less is the edge of something.
    let (n, enough) = (found.len() as u32, found.len() > 2000);
    let sum = found.iter().fold((0, 0), |sum, at| (sum.0 + at.0, sum.1 + at.1));
    enough.then(|| [(sum.0 / n) as i16, (sum.1 / n) as i16])
}

fn keep(image: &RgbImage, name: &str) {
    if let Some(folder) = std::env::var_os("UGRADSL_SCREENSHOTS") {
        image.save(Path::new(&folder).join(format!("real-{name}.png"))).unwrap();
    }
}

#[test]
fn the_window_opens_and_takes_the_mouse() {
    if std::env::var_os("UGRADSL_SCREENSHOTS").is_none() {
        eprintln!("skipped: `cargo xtask test` runs it");
        return;
    }
    let screen = Screen::open();
    let mut program = Command::new(PROGRAM);
    program.args(["--device", "window"]).env("DISPLAY", &screen.name).env_remove("WAYLAND_DISPLAY");
    let mut program = Running(program.spawn().unwrap());

    let train = screen.wait("the window", next_button);
    screen.click(train);
    screen.wait("training", |image| next_button(image).is_none().then_some(()));
    let forget = screen.wait("the end of the training", next_button);
    assert!(
        forget[1] > train[1] + 100,
        "{train:?}, then {forget:?}: the next button is another one"
    );
    let before = pixels(&screen.look(), RETRAINED).len();

    screen.click(forget);
    screen.wait("forgetting", |image| next_button(image).is_none().then_some(()));
    screen.wait("the end of forgetting", next_button);
    let image = screen.look();
    keep(&image, "window");
    let after = pixels(&image, RETRAINED).len();
    assert!(
        after > before + 50,
        "{before}, then {after} pixels of the retrained network: no curve"
    );
    assert!(program.0.try_wait().unwrap().is_none(), "the program has ended");
}

#[test]
fn without_a_screen_there_is_an_error_and_no_panic() {
    let mut program = Command::new(PROGRAM);
    let output = program.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").output().unwrap();
    let says = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{says}");
    assert!(says.contains("error: no window") && !says.contains("panicked"), "{says}");
}

#[test]
fn unknown_arguments_are_refused() {
    let output = Command::new(PROGRAM).arg("--devise").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("unknown argument \"--devise\""));
}
