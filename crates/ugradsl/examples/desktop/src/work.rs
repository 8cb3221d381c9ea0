//! The thread that computes. It owns the networks; the window sends commands and gets notes.
//!
//! Nothing here draws and nothing that draws waits: a command goes into a channel, and what comes
//! of it is read from another one whenever a frame is drawn. Between any two events of a session
//! the thread looks for commands, so cancelling and looking at a sample work while it computes.

use std::{
    error::Error,
    path::{Path, PathBuf},
    sync::{
        Arc,
        mpsc::{Receiver, Sender, TryRecvError, channel},
    },
    thread::JoinHandle,
};

use pollster::block_on;
use ugradsl::{
    data::{Dataset, ForgetRequest, ResidentSet},
    device::Device,
    evaluate::{Measures, accuracy, predict},
    models::{Architecture, ModelFile, ModelSpec, Network},
    run::{Event, write_atomically},
    session::{Session, TrainModel, UnlearnModel},
    unlearn::{Method, TrainingConfig},
};

/// The networks that stand side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Trained on everything.
    Original,
    /// The original after it has forgotten.
    Unlearned,
    /// Trained without the forgotten samples: what the unlearned one is measured by.
    Retrained,
}

impl Role {
    /// All roles, in the order in which they come into being.
    pub(crate) const ALL: [Self; 3] = [Self::Original, Self::Unlearned, Self::Retrained];

    /// What people call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Unlearned => "unlearned",
            Self::Retrained => "retrained",
        }
    }
}

/// What the window asks for.
#[derive(Debug)]
pub(crate) enum Command {
    /// Train the original from scratch.
    Train,
    /// Forget, and retrain for comparison.
    Forget(ForgetRequest),
    /// Stop what is going on; what was finished before stays.
    Cancel,
    /// Say what the networks make of a training row, now and whenever they change.
    Look(u32),
    /// Write a network to a file.
    Save(Role, PathBuf),
    /// Take a file as the original.
    Load(PathBuf),
}

/// What the window is told.
#[derive(Debug)]
pub(crate) enum Note {
    /// A network is being made; what there was of it and after it is gone.
    Began(Role),
    /// Something happened on the way.
    Event(Role, Event),
    /// A network is there. The share (per cent) of the test set that it gets right.
    Made(Role, f64),
    /// A network was measured by what was to be forgotten.
    Measured(Role, Measures),
    /// Class probabilities of a row, from each network that is there.
    Answers(u32, [Option<Vec<f32>>; 3]),
    /// Something was done that has no other trace.
    Said(String),
    /// Something could not be done.
    Failed(String),
    /// Nothing is going on any more.
    Idle,
}

/// The window's end of the thread. Dropping it ends the thread at its next event, and waits for
/// that: the device must outlive what computes on it.
pub(crate) struct Worker {
    commands: Option<Sender<Command>>,
    notes: Receiver<Note>,
    thread: Option<JoinHandle<()>>,
    /// Whether the end of the thread has been told.
    over: bool,
}

impl Worker {
    /// Starts the thread; `wake` is called after every note.
    ///
    /// # Errors
    ///
    /// If the system gives no thread.
    pub(crate) fn start(
        device: Device,
        dataset: Arc<Dataset>,
        wake: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        let (commands, inbox) = channel();
        let (outbox, notes) = channel();
        let builder = std::thread::Builder::new().name("compute".to_owned());
        let thread = builder.spawn(move || {
            let train = ResidentSet::new(&dataset.train, &dataset.normalisation, &device);
            let mut workbench = Workbench {
                device,
                dataset,
                train,
                networks: [const { None }; 3],
                looked_at: None,
                inbox,
                outbox,
                wake: Box::new(wake),
            };
            workbench.serve();
        })?;
        Ok(Self { commands: Some(commands), notes, thread: Some(thread), over: false })
    }

    /// Asks for something.
    pub(crate) fn send(&self, command: Command) {
        // A thread that is gone is reported by `poll`.
        let _ = self.commands.as_ref().map(|commands| commands.send(command));
    }

    /// The next note, if there is one; never waits.
    pub(crate) fn poll(&mut self) -> Option<Note> {
        match self.notes.try_recv() {
            Ok(note) => Some(note),
            Err(TryRecvError::Disconnected) if self.thread.take().is_some() => {
                Some(Note::Failed("the computing thread has ended: start anew".to_owned()))
            }
            Err(TryRecvError::Disconnected) if !self.over => {
                self.over = true;
                Some(Note::Idle)
            }
            Err(_) => None,
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.commands = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been reported by itself.
            let _ = thread.join();
        }
    }
}

/// A network on the device, and as the file that it would be saved as.
#[derive(Clone)]
struct Made {
    network: Network,
    file: ModelFile,
}

/// Why work ended before it was done.
enum Stop {
    /// The person wants it, or the window is closed.
    Cancelled,
    /// It failed.
    Failed(String),
}

impl<E: Error> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.to_string())
    }
}

/// What the thread owns.
struct Workbench {
    device: Device,
    dataset: Arc<Dataset>,
    train: ResidentSet,
    networks: [Option<Made>; 3],
    looked_at: Option<u32>,
    inbox: Receiver<Command>,
    outbox: Sender<Note>,
    wake: Box<dyn Fn() + Send>,
}

impl Workbench {
    /// Does what is asked for until the window is gone.
    fn serve(&mut self) {
        while let Ok(command) = self.inbox.recv() {
            let done = match command {
                Command::Train => self.train(),
                Command::Forget(request) => self.forget(&request),
                Command::Load(path) => self.load(&path),
                other => {
                    self.small(other);
                    continue;
                }
            };
            if let Err(Stop::Failed(reason)) = done {
                self.tell(Note::Failed(reason));
            }
            self.answer(None);
            self.tell(Note::Idle);
        }
    }

    /// Commands that are done at once, even between two events.
    fn small(&mut self, command: Command) {
        let done = match command {
            Command::Look(row) => {
                self.looked_at = Some(row);
                self.answer(None);
                Ok(())
            }
            Command::Save(role, path) => self.save(role, &path),
            // Nothing is going on that could be cancelled, and the window offers no second run.
            Command::Cancel | Command::Train | Command::Forget(_) | Command::Load(_) => Ok(()),
        };
        if let Err(Stop::Failed(reason)) = done {
            self.tell(Note::Failed(reason));
        }
    }

    fn train(&mut self) -> Result<(), Stop> {
        self.begin(Role::Original);
        let spec = ModelSpec::fitting(Architecture::Mlp, &self.dataset)?;
        self.train = ResidentSet::new(&self.dataset.train, &spec.normalisation, &self.device);
        let task = TrainModel::new(spec).with_training(training()).with_seed(SEED);
        let mut run = task.start(self.dataset.clone(), self.device.clone())?;
        self.advance(Role::Original, run.session())?;
        let network = run.session().network();
        let trained = block_on(run.finish())?;
        let accuracy = trained.test_accuracy.unwrap_or_default();
        self.keep(Role::Original, network, trained.model, accuracy);
        Ok(())
    }

    fn forget(&mut self, request: &ForgetRequest) -> Result<(), Stop> {
        let Some(original) = self.networks[Role::Original as usize].clone() else {
            return Err(Stop::Failed("train or load a network first".to_owned()));
        };
        self.make(Role::Unlearned, &original.file, request, Method::UGradSlPlus)?;
        self.make(Role::Retrained, &original.file, request, Method::Retrain)
    }

    /// Makes a network that does not know what `request` names. The library keeps the ledger.
    fn make(
        &mut self,
        role: Role,
        original: &ModelFile,
        request: &ForgetRequest,
        method: Method,
    ) -> Result<(), Stop> {
        self.begin(role);
        let task = UnlearnModel::new(original.clone(), request.clone())
            .with_method(method)
            .with_training(training())
            .with_seed(SEED);
        let mut run = task.start(self.dataset.clone(), self.device.clone())?;
        self.advance(role, run.session())?;
        let network = run.session().network();
        let unlearned = block_on(run.finish())?;
        self.tell(Note::Measured(Role::Original, unlearned.before));
        let accuracy = unlearned.after.ta;
        self.keep(role, network, unlearned.model, accuracy);
        self.tell(Note::Measured(role, unlearned.after));
        Ok(())
    }

    /// Goes on to the end, passing on what happens.
    fn advance(&mut self, role: Role, session: &mut Session<Network>) -> Result<(), Stop> {
        while let Some(event) = block_on(session.next())? {
            let look = matches!(event, Event::GuardCheck { .. } | Event::Epoch { .. });
            self.tell(Note::Event(role, event));
            loop {
                match self.inbox.try_recv() {
                    Ok(Command::Cancel) | Err(TryRecvError::Disconnected) => {
                        return Err(Stop::Cancelled);
                    }
                    Ok(command) => self.small(command),
                    Err(TryRecvError::Empty) => break,
                }
            }
            if look {
                self.answer(Some((role, session.network())));
            }
        }
        Ok(())
    }

    /// Keeps a network that is there now.
    fn keep(&mut self, role: Role, network: Network, file: ModelFile, test_accuracy: f64) {
        self.networks[role as usize] = Some(Made { network, file });
        self.tell(Note::Made(role, test_accuracy));
    }

    /// Makes room for `role`: what came after it was made from what it was.
    fn begin(&mut self, role: Role) {
        self.networks[role as usize..].fill(None);
        self.tell(Note::Began(role));
    }

    /// Says what the networks make of the row that is looked at; `live` is one in the making.
    fn answer(&mut self, live: Option<(Role, Network)>) {
        let Some(row) = self.looked_at else { return };
        if row as usize >= self.train.len() {
            return self.tell(Note::Failed(format!("there is no sample {row}")));
        }
        let mut answers = [const { None }; 3];
        for (role, answer) in Role::ALL.into_iter().zip(&mut answers) {
            let kept = self.networks[role as usize].as_ref().map(|made| &made.network);
            let live = live.as_ref().filter(|live| live.0 == role).map(|live| &live.1);
            let Some(network) = live.or(kept) else { continue };
            match block_on(predict(network, &self.train, &[row])) {
                Ok(says) => *answer = Some(says.row(0).to_vec()),
                Err(error) => return self.tell(Note::Failed(error.to_string())),
            }
        }
        self.tell(Note::Answers(row, answers));
    }

    fn save(&self, role: Role, path: &Path) -> Result<(), Stop> {
        let Some(made) = &self.networks[role as usize] else {
            return Err(Stop::Failed(format!("there is no {} network yet", role.name())));
        };
        write_atomically(path, &made.file.to_bytes()?)?;
        self.tell(Note::Said(format!("the {} network is in {}", role.name(), path.display())));
        Ok(())
    }

    fn load(&mut self, path: &Path) -> Result<(), Stop> {
        let refused = |why: String| Stop::Failed(format!("{}: {why}", path.display()));
        let bytes = std::fs::read(path).map_err(|error| refused(error.to_string()))?;
        let file = ModelFile::for_data(&bytes, &self.dataset);
        let file = file.map_err(|error| refused(error.to_string()))?;
        let (shape, classes) = (self.dataset.train.shape(), self.dataset.classes);
        if (file.spec.shape, file.spec.classes) != (shape, classes) {
            return Err(refused(format!(
                "the network takes images {:?} of {} classes, but the data has images {shape:?} of {classes}",
                file.spec.shape, file.spec.classes
            )));
        }
        // Pictures are picked by their numbers, which mean nothing in other data.
        let by_number = ForgetRequest::Ids(Vec::new());
        file.check_data(&self.dataset, &by_number).map_err(|error| refused(error.to_string()))?;
        file.ledger.beside(&self.dataset).map_err(|error| refused(error.to_string()))?;
        let network = file.load(&self.device).map_err(|error| refused(error.to_string()))?;
        // Pixels are shown to it as it was trained.
        let train = &self.dataset.train;
        self.train = ResidentSet::new(train, &file.spec.normalisation, &self.device);
        self.begin(Role::Original);
        let test = ResidentSet::new(&self.dataset.test, &file.spec.normalisation, &self.device);
        let says = block_on(predict(&network, &test, &test.all_rows()))?;
        self.tell(Note::Made(Role::Original, accuracy(&says).unwrap_or_default()));
        self.networks[Role::Original as usize] = Some(Made { network, file });
        self.tell(Note::Said(format!("the original is {}", path.display())));
        Ok(())
    }

    fn tell(&self, note: Note) {
        // A window that is gone needs no news; `serve` ends by itself.
        let _ = self.outbox.send(note);
        (self.wake)();
    }
}

/// Of initial weights, shuffles and draws.
const SEED: u64 = 0;
/// Enough for the network of this example; the retrained one gets as many.
const EPOCHS: usize = 4;

fn training() -> TrainingConfig {
    TrainingConfig::default().with_epochs(EPOCHS)
}
