"""Training and unlearning in one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .network import Network
from .outcome import Trained, Unlearned
from .requests import Forget
from .session import METHOD, Session, Training

if TYPE_CHECKING:
    from ._typing import DeviceName, Path, Settings
    from .data import Dataset

__all__ = ["train", "unlearn"]


def unlearn(
    network: Network,
    data: Dataset,
    *,
    forget: Forget,
    method: str = METHOD,
    seed: int = 0,
    device: DeviceName = "auto",
    settings: Settings | None = None,
    training: Settings | None = None,
    guards: Settings | None = None,
    attack: str | None = None,
    retrained: Network | None = None,
    checkpoint: Path | None = None,
    resume: bool = False,
    allow_chance: bool = False,
    allow_other_data: bool = False,
    progress: bool = False,
) -> Unlearned:
    """Make a network forget.

    Parameters
    ----------
    network, data, forget, method, seed, device, settings, training, guards, attack, retrained
        As of :class:`Session`.
    checkpoint, resume, allow_chance, allow_other_data
        As of :class:`Session`. Control-C writes the checkpoint before it is raised.
    progress : bool
        Whether to show a bar where tqdm is installed, and lines where it is not. Without it, only warnings are shown.

    Returns
    -------
    Unlearned
        The network, what became of the request, and the record of it.
    """
    from ._progress import drive

    session = Session(
        network,
        data,
        forget=forget,
        method=method,
        seed=seed,
        device=device,
        settings=settings,
        training=training,
        guards=guards,
        attack=attack,
        retrained=retrained,
        checkpoint=checkpoint,
        resume=resume,
        allow_chance=allow_chance,
        allow_other_data=allow_other_data,
    )
    drive(session, session.save, progress)
    return session.result()


def train(
    network: Network | str,
    data: Dataset,
    *,
    seed: int = 0,
    device: DeviceName = "auto",
    training: Settings | None = None,
    from_scratch: bool = False,
    checkpoint: Path | None = None,
    resume: bool = False,
    progress: bool = False,
) -> Trained:
    """Train a network.

    Parameters
    ----------
    network : str or Network
        The name of a built-in network (:func:`ugradsl.architectures`), which begins with weights drawn from the seed; or a
        network that is trained further.
    data : Dataset
        What to train on.
    seed : int
        Seed of weights and shuffles.
    device : {"auto", "cpu", "gpu"}
        Where to compute.
    training : mapping, optional
        Such as ``{"epochs": 30, "batch_size": 64, "learning_rate": 0.1}``.
    from_scratch : bool
        Whether a given network, too, begins with weights drawn from the seed.
    checkpoint, resume, progress
        As of :func:`unlearn`.

    Returns
    -------
    Trained
        The network and its accuracies.
    """
    from ._progress import drive

    run = Training(
        network,
        data,
        seed=seed,
        device=device,
        training=training,
        from_scratch=from_scratch,
        checkpoint=checkpoint,
        resume=resume,
    )
    drive(run, run.save, progress)
    return run.result()
