//! Sessions inside an application: several at once, on other threads, on the application's own
//! device, and without leaving anything behind.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::{process::Command, thread};

use pollster::block_on;
use ugradsl::{
    device::{Device, DeviceChoice, DeviceError, WgpuSetup, wgpu},
    experiment::Experiment,
    models::Network,
    run::{MemoryStore, Run},
    session::Session,
};

use super::sessions::{Tiny, bits, session, stripes};

#[test]
fn sessions_can_be_sent_to_another_thread() {
    fn send<T: Send>() {}
    send::<Session<Network>>();
    send::<Session<Tiny>>();
    send::<Run<Network>>();
    send::<Experiment>();
    // So can their futures, as multi-threaded run-times require.
    fn sent<T: Send>(_: &T) {}
    let (data, mut store) = (stripes(12, 4), MemoryStore::default());
    let mut session = session(&data, &Device::cpu(), 0);
    sent(&session.next());
    sent(&session.run());
    sent(&session.resume(&store, "name"));
    sent(&session.checkpoint(&mut store, "name"));
    let network = session.network();
    sent(&session.measure(&network));
    fn experiments_wait_alike(experiment: &mut Experiment, store: &mut MemoryStore) {
        sent(&experiment.next(store));
    }
    let _ = experiments_wait_alike;
}

fn gpu() -> Option<Device> {
    let gpu = block_on(Device::open(DeviceChoice::Gpu));
    if gpu.is_err() {
        eprintln!("skipped: no adapter");
    }
    gpu.ok()
}

#[test]
fn two_sessions_on_one_device_do_not_touch_each_other() {
    let data = stripes(48, 6);
    for device in [Some(Device::cpu()), gpu()].into_iter().flatten() {
        let alone = [0, 1].map(|seed| {
            let mut session = session(&data, &device, seed);
            bits(&block_on(session.run()).unwrap().model)
        });
        assert_ne!(alone[0], alone[1]);
        let mut both = [0, 1].map(|seed| session(&data, &device, seed));
        let mut going = true;
        while going {
            let [one, other] = &mut both;
            // Not in step: the first is always one event ahead.
            let first = block_on(one.next()).unwrap().is_some();
            let second = block_on(other.next()).unwrap().is_some();
            going = first || second;
        }
        let beside = both.map(|session| bits(&session.outcome().unwrap().model));
        assert!(beside == alone, "{}", device.info());
    }
}

#[test]
fn one_on_the_cpu_beside_one_on_the_gpu_on_two_threads() {
    let Some(gpu) = gpu() else { return };
    let data = stripes(48, 6);
    let run = |mut session: Session<Tiny>| bits(&block_on(session.run()).unwrap().model);
    let new = || [Device::cpu(), gpu.clone()].map(|device| session(&data, &device, 2));
    let alone = new().map(run);
    let beside = new().map(|session| thread::spawn(move || run(session)));
    assert!(beside.map(|thread| thread.join().unwrap()) == alone);
}

/// A device of our own, as an application would open it, with what `descriptor` asks for.
fn application(
    descriptor: impl FnOnce(&wgpu::Adapter) -> wgpu::DeviceDescriptor<'static>,
) -> Option<WgpuSetup> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
    let adapter = instance.request_adapter(&wgpu::RequestAdapterOptions::default());
    let Ok(adapter) = block_on(adapter) else {
        eprintln!("skipped: no adapter");
        return None;
    };
    let (device, queue) = block_on(adapter.request_device(&descriptor(&adapter))).unwrap();
    let backend = adapter.get_info().backend;
    Some(WgpuSetup { instance, adapter, device, queue, backend })
}

#[test]
fn a_device_that_is_handed_over_is_the_one_that_computes() {
    let Some(setup) = application(Device::wgpu_descriptor) else { return };
    // All objects of the application's instance, which no other test uses.
    let living = |setup: &WgpuSetup| {
        let hub = setup.instance.generate_report().unwrap().hub;
        (hub.devices.num_allocated, hub.compute_pipelines.num_allocated)
    };
    assert_eq!(living(&setup), (1, 0));
    let device = Device::from_wgpu(setup.clone()).unwrap();
    let data = stripes(48, 6);
    let shared = bits(&block_on(session(&data, &device, 1).run()).unwrap().model);
    let (devices, pipelines) = living(&setup);
    assert_eq!(devices, 1, "a second device was opened");
    assert!(pipelines > 10, "only {pipelines} kernels ran on the application's device");

    // The application can still use it.
    let usage = wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ;
    let buffer = setup.device.create_buffer(&wgpu::BufferDescriptor {
        label: None,
        size: 4,
        usage,
        mapped_at_creation: false,
    });
    setup.queue.write_buffer(&buffer, 0, &[1, 2, 3, 4]);
    setup.queue.submit([]);
    buffer.slice(..).map_async(wgpu::MapMode::Read, Result::unwrap);
    setup.device.poll(wgpu::PollType::wait_indefinitely()).unwrap();
    assert_eq!(&*buffer.slice(..).get_mapped_range().unwrap(), [1, 2, 3, 4]);

    if let Some(own) = gpu() {
        let own = bits(&block_on(session(&data, &own, 1).run()).unwrap().model);
        assert!(shared == own, "the same adapter gives other numbers");
    }
}

#[test]
fn a_device_that_can_do_less_than_its_adapter_is_refused() {
    let Some(setup) = application(|_| wgpu::DeviceDescriptor::default()) else { return };
    let refused = Device::from_wgpu(setup).unwrap_err();
    assert!(matches!(refused, DeviceError::MissingFeature(_)), "{refused}");
}

/// Creates, runs and drops sessions; `memory` after the first ten and after the `last`.
fn rounds(device: &Device, side: usize, last: u64, memory: impl Fn() -> u64) -> [u64; 2] {
    let data = stripes(96, side);
    let mut readings = [0; 2];
    for round in 1..=last {
        let mut session = session(&data, device, round % 3);
        let outcome = block_on(session.run()).unwrap();
        assert_eq!(outcome.steps, 24);
        drop((session, outcome));
        if round == 10 {
            readings[0] = memory();
        } else if round == last {
            readings[1] = memory();
        }
    }
    readings
}

/// A device of its own has memory of its own, so that other tests are not counted.
#[test]
fn dropped_sessions_leave_no_memory_behind_on_the_gpu() {
    let Some(setup) = application(Device::wgpu_descriptor) else { return };
    let device = Device::from_wgpu(setup).unwrap();
    let memory = || {
        device.burn().sync().unwrap();
        device.burn().memory_pool_usage().unwrap().bytes_in_use
    };
    // A session holds 96 + 48 images of 256 bytes on the device: none of the 30 between the
    // readings is left. Only cubecl's cache of launch arguments grows (some 50 bytes each here), up
    // to 512 entries.
    let [early, late] = rounds(&device, 16, 40, memory);
    let more = late.saturating_sub(early);
    assert!(more < (96 + 48) << 8, "{early} bytes in use after 10 rounds, {late} after 40");
}

/// In a process of its own, whose memory is that of the rounds alone.
#[cfg(target_os = "linux")]
#[test]
fn dropped_sessions_leave_no_memory_behind_on_the_cpu() {
    const ALONE: &str = "UGRADSL_TEST_ROUNDS_ALONE";
    const NAME: &str = "embedding::dropped_sessions_leave_no_memory_behind_on_the_cpu";
    if std::env::var_os(ALONE).is_none() {
        let this = std::env::current_exe().unwrap();
        let child = Command::new(this).args(["--exact", NAME]).env(ALONE, "1").output().unwrap();
        let said = String::from_utf8_lossy(&child.stdout);
        assert!(child.status.success() && said.contains("1 passed"), "{said}");
        return;
    }
    // The second number in `statm` is the resident set, in pages of at least 4 KiB.
    let memory = || {
        let text = std::fs::read_to_string("/proc/self/statm").unwrap();
        text.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 4096
    };
    // A session holds 96 + 48 images of 4 KiB on the device and a network half as large: 90 of them
    // are more than 60 MiB.
    let [early, late] = rounds(&Device::cpu(), 64, 100, memory);
    let mebibytes = late.saturating_sub(early) >> 20;
    assert!(mebibytes < 16, "{mebibytes} MiB more after 100 rounds than after 10");
}
