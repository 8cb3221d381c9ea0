//! The interface, used as a person would: widgets are found by what the accessibility tree calls
//! them and clicked, and the frames are rendered by wgpu. Coordinates would break with every change
//! of the layout. That the window itself opens and takes the mouse is for `tests/window.rs`.

use std::{
    io::Write,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use eframe::egui::{Theme, Vec2};
use eframe::egui_wgpu::{RenderState, RendererOptions, WgpuConfiguration};
use egui_kittest::{Harness, kittest::Queryable, wgpu::WgpuTestRenderer};
use pollster::block_on;
use ugradsl::{
    data::{self, Dataset},
    models::ModelFile,
};

use crate::{
    app::App,
    choice,
    compute::{self, Choice, Compute},
    state::{State, Target},
    work::Role,
};

/// The smallest window.
const SIZE: Vec2 = Vec2::new(1000.0, 700.0);
/// Nothing here takes nearly as long; a test that hangs should fail.
const PATIENCE: Duration = Duration::from_secs(300);

/// What eframe would make for a window, without the window.
fn window() -> Option<RenderState> {
    let wgpu_setup = egui_kittest::wgpu::default_wgpu_setup();
    let instance = block_on(wgpu_setup.new_instance());
    let config = WgpuConfiguration { wgpu_setup, ..Default::default() };
    let config = compute::shareable(config);
    let state = RenderState::create(&config, &instance, None, RendererOptions::PREDICTABLE);
    match block_on(state) {
        Ok(state) => Some(state),
        Err(error) => {
            let required = std::env::var("UGRADSL_REQUIRE_GPU").is_ok_and(|value| value == "1");
            assert!(!required, "UGRADSL_REQUIRE_GPU is set, but: {error}");
            // Past the capture of the test harness: what is skipped must be seen.
            let _ = writeln!(std::io::stderr(), "skipped: no adapter ({error})");
            None
        }
    }
}

fn digits(train: usize) -> Arc<Dataset> {
    let digits = data::open("mnist-subset", &data::OpenOptions::new()).unwrap();
    Arc::new(digits.limit(Some(train), Some(500)).unwrap())
}

type Desk = Harness<'static, Option<App>>;

/// The application on `compute`, drawn by `window`.
fn desk(window: RenderState, compute: Compute, digits: Arc<Dataset>) -> Desk {
    let builder =
        Harness::builder().with_size(SIZE).with_theme(Theme::Dark).with_render_cursor(false);
    // Frames go through the queue on which the network may be computed.
    let builder = builder.with_render_every_step(true);
    builder.renderer(WgpuTestRenderer::from_render_state(window)).build_ui_state(
        move |ui, app: &mut Option<App>| {
            let new = || App::new(ui.ctx(), compute.clone(), digits.clone()).unwrap();
            app.get_or_insert_with(new).draw(ui, Some(0.001));
        },
        None,
    )
}

fn state(desk: &Desk) -> &State {
    &desk.state().as_ref().unwrap().state
}

fn click(desk: &mut Desk, label: &str) {
    desk.get_by_label(label).click();
    desk.step();
}

/// Frames drawn while waiting.
#[derive(Debug, Default)]
struct Frames {
    drawn: usize,
    slowest: Duration,
    /// Most frames between two notes of the computing thread.
    undisturbed: usize,
}

/// Draws frames until `done`.
fn until(desk: &mut Desk, what: &str, done: impl Fn(&State) -> bool) -> Frames {
    let (begin, mut frames) = (Instant::now(), Frames::default());
    let (mut notes, mut since) = (state(desk).notes, 0);
    while !done(state(desk)) {
        assert!(begin.elapsed() < PATIENCE, "{what}: {:?}", state(desk).message);
        let start = Instant::now();
        desk.step();
        frames.slowest = frames.slowest.max(start.elapsed());
        frames.drawn += 1;
        since = if state(desk).notes == notes { since + 1 } else { 0 };
        notes = state(desk).notes;
        frames.undisturbed = frames.undisturbed.max(since);
        std::thread::sleep(Duration::from_millis(1));
    }
    eprintln!("{what}: {frames:?}");
    frames
}

fn idle(state: &State) -> bool {
    !state.waiting
}

/// Renders, keeps the picture where somebody wants it, and returns the number of its colours.
fn look(desk: &mut Desk, name: &str) -> usize {
    let image = desk.render().unwrap();
    if let Some(folder) = std::env::var_os("UGRADSL_SCREENSHOTS") {
        image.save(Path::new(&folder).join(format!("{name}.png"))).unwrap();
    }
    let colours: std::collections::HashSet<_> = image.pixels().map(|pixel| pixel.0).collect();
    colours.len()
}

/// Trains, picks, forgets, saves and loads.
fn use_everything(desk: &mut Desk, name: &str) -> Frames {
    click(desk, "Train");
    let frames = until(desk, "training", idle);
    let original = &state(desk).cards[Role::Original as usize];
    assert!(original.made && original.retain_loss.len() > 2, "{:?}", state(desk).message);
    assert!(original.test_accuracy.unwrap() > 50.0, "chance is 10 %: {original:?}");

    click(desk, "sample 0, class 4");
    until(desk, "looking", |state| state.cards[0].answer.is_some());
    let answer = state(desk).cards[0].answer.clone().unwrap();
    assert!((answer.iter().sum::<f32>() - 1.0).abs() < 1e-3 && answer.len() == 10, "{answer:?}");
    assert_eq!(state(desk).target, Target::Picked);
    click(desk, "3");
    assert_eq!(state(desk).target, Target::Class(3));

    click(desk, "Forget and compare");
    until(desk, "forgetting", idle);
    let measures = |role: Role| state(desk).cards[role as usize].measures.unwrap();
    assert_eq!(measures(Role::Retrained).ua, 100.0, "it never saw the class");
    assert!(measures(Role::Original).ua < 50.0, "it was trained on the class");
    let gap = |role| state(desk).gap(role).unwrap();
    assert_eq!(gap(Role::Retrained), 0.0);
    let (before, after) = (gap(Role::Original), gap(Role::Unlearned));
    assert!(after < before, "a gap of {before} became {after}");
    assert!(state(desk).cards.iter().all(|card| card.answer.is_some()), "all say something");

    let (dark, light) = (look(desk, &format!("{name}-dark")), {
        desk.ctx.set_theme(Theme::Light);
        desk.run_steps(2);
        look(desk, &format!("{name}-light"))
    });
    assert!(dark > 100 && light > 100, "{dark} and {light} colours: nothing was drawn");

    save_and_load(desk);
    frames
}

fn save_and_load(desk: &mut Desk) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("forgotten.safetensors");
    desk.state_mut().as_mut().unwrap().state.file = path.display().to_string();
    desk.step();
    let unlearned = state(desk).cards[Role::Unlearned as usize].answer.clone();
    click(desk, "Save the unlearned network");
    until(desk, "saving", |state| {
        let (text, bad) = state.message.as_ref().map_or(("", false), |(text, bad)| (text, *bad));
        bad || text.contains("forgotten.safetensors")
    });
    let file = ModelFile::from_bytes(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(file.ledger.entries()[0].request, "class:3", "it remembers what it has forgotten");

    click(desk, "Load");
    until(desk, "loading", idle);
    let cards = &state(desk).cards;
    assert_eq!(cards.each_ref().map(|card| card.made), [true, false, false]);
    assert_eq!(cards[0].answer, unlearned, "another network came back");

    std::fs::write(&path, b"no network").unwrap();
    click(desk, "Load");
    until(desk, "loading rubbish", idle);
    let (message, bad) = state(desk).message.clone().unwrap();
    assert!(bad && message.contains("not a valid safetensors file"), "{message}");
    assert!(state(desk).cards[0].made, "what was there stays");
}

#[test]
fn everything_on_the_device_that_draws() {
    let Some(window) = window() else { return };
    let compute = Compute::choose(&window, Choice::Window).unwrap();
    assert_eq!((compute.device.info().kind.as_str(), &compute.note), ("gpu", &None));
    let frames = use_everything(&mut desk(window, compute, digits(1000)), "window");
    // One that waited for the device would have a note to take in with every frame.
    assert!(frames.undisturbed > 1, "the frames wait for the computing: {frames:?}");
}

#[test]
fn everything_on_the_cpu() {
    let Some(window) = window() else { return };
    let compute = Compute::choose(&window, Choice::Cpu).unwrap();
    let mut desk = desk(window, compute, digits(1000));
    desk.get_by_label("computes on the CPU: asked for");
    use_everything(&mut desk, "cpu");
}

#[test]
fn picked_samples_are_what_is_forgotten() {
    let Some(window) = window() else { return };
    let compute = Compute::choose(&window, Choice::Cpu).unwrap();
    let digits = digits(1000);
    let mut desk = desk(window, compute, digits.clone());
    click(&mut desk, "Train");
    until(&mut desk, "training", idle);
    for (row, class) in digits.train.labels()[..3].iter().enumerate() {
        click(&mut desk, &format!("sample {row}, class {class}"));
    }
    // A second click takes one back.
    click(&mut desk, &format!("sample 1, class {}", digits.train.labels()[1]));
    desk.step();
    desk.get_by_label("2 picked samples");
    click(&mut desk, "Forget and compare");
    until(&mut desk, "forgetting", idle);
    assert_eq!(state(&desk).gap(Role::Retrained), Some(0.0), "{:?}", state(&desk).message);

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("forgotten.safetensors");
    desk.state_mut().as_mut().unwrap().state.file = path.display().to_string();
    desk.step();
    click(&mut desk, "Save the unlearned network");
    until(&mut desk, "saving", |state| state.message.is_some());
    let file = ModelFile::from_bytes(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(file.ledger.rows(), [0, 2]);
}

#[test]
fn a_cancelled_run_leaves_no_network() {
    let Some(window) = window() else { return };
    let compute = Compute::choose(&window, Choice::Cpu).unwrap();
    // So much that it is still going on when the button is clicked.
    let mut desk = desk(window, compute, digits(10_000));
    click(&mut desk, "Train");
    until(&mut desk, "training", |state| !state.cards[0].retain_loss.is_empty());
    click(&mut desk, "Cancel");
    until(&mut desk, "cancelling", idle);
    let state = state(&desk);
    assert!(state.cards.iter().all(|card| !card.made) && state.progress < 1.0, "{state:?}");
}

#[test]
fn a_software_rasteriser_draws_and_the_cpu_computes() {
    let Some(window) = window() else { return };
    let info = window.adapter.get_info();
    let compute = Compute::choose(&window, Choice::Auto).unwrap();
    if info.device_type == ugradsl::device::wgpu::DeviceType::Cpu {
        assert_eq!(compute.device.info().kind, "cpu");
        let note = compute.note.unwrap();
        assert!(note.contains(&info.name), "{note} does not name {}", info.name);
    } else {
        assert_eq!((compute.device.info().kind.as_str(), compute.note), ("gpu", None));
    }
}

#[test]
fn nothing_leaves_the_smallest_window() {
    let Some(window) = window() else { return };
    let compute = Compute::choose(&window, Choice::Auto).unwrap();
    let desk = desk(window, compute, digits(1000));
    let labels = ["Train", "Forget and compare", "Load", "9", "Save the retrained network"];
    for label in labels {
        let area = desk.get_by_label(label).rect();
        let fits =
            area.min.x >= 0.0 && area.min.y >= 0.0 && area.max.x <= SIZE.x && area.max.y <= SIZE.y;
        assert!(fits, "{label} lies at {area}");
    }
}

#[test]
fn arguments_choose_the_device() {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(choice(words("")), Ok(Some(Choice::Auto)));
    assert_eq!(choice(words("--device window")), Ok(Some(Choice::Window)));
    assert_eq!(choice(words("--device cpu")), Ok(Some(Choice::Cpu)));
    assert_eq!(choice(words("--help")), Ok(None));
    for (wrong, says) in [
        ("--device", "which"),
        ("--device gpu0", "choose auto, window or cpu"),
        ("demo", "unknown"),
    ] {
        let mistake = choice(words(wrong)).unwrap_err();
        assert!(mistake.contains(says), "{wrong}: {mistake}");
    }
}
