"""How long a doctor is bound by a patient, from measured times.

The distribution is quasi-empirical: between the shortest and the longest of the body it
follows the measurements, straight from one to the next, and the longest part is an
exponential tail with the weight that keeps the mean of the measurements. A consultation
that has already lasted longer than any that was measured therefore still has time left,
as it has in reality; a plain list of measurements would say that it ended long ago.

A measured time goes from the moment when a doctor took a patient until the doctor could
take the next, the note included. Anything shorter gives waits that are too short.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray


type Floats = NDArray[np.float64]

# The share of the longest measurements that become the tail. Bratley, Fox and Schrage
# advise the last few of some tens.
TAIL_SHARE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ServiceTime:
    """The time that one kind of patient binds a doctor, in minutes.

    `body_min` goes from 0 to where the tail begins, evenly spaced in probability up to
    1 - `tail_share`; `tail_min` is the mean of the exponential tail.
    """

    body_min: Floats
    tail_share: float
    tail_min: float

    def minutes(self, chance: Floats) -> Floats:
        """The time that a share of all patients is within: the quantile function.

        Parameters
        ----------
        chance : float64[...]
            0 or more, below 1.

        Returns
        -------
        float64[...]
            Minutes, in the same shape.

        Examples
        --------
        >>> even = service_time([10.0, 20.0, 30.0], tail_share=1)
        >>> float(even.minutes(np.array([0.0, 0.5])).round(2)[1])
        13.86
        """
        # The points are evenly spaced, so the place among them needs no search.
        steps = len(self.body_min) - 1
        at = np.minimum(chance / (1 - self.tail_share), 1) * steps if steps else chance
        step = np.minimum(at.astype(np.intp), max(steps - 1, 0))
        lengths = np.diff(self.body_min) if steps else np.zeros(1)
        found = np.asarray(self.body_min[step] + (at - step) * lengths[step])
        beyond = chance > 1 - self.tail_share
        share = (1 - chance[beyond]) / self.tail_share
        found[beyond] = self.body_min[-1] - self.tail_min * np.log(share)
        return found

    def share_within(self, minutes: float) -> float:
        """The share of patients that bind a doctor for at most so long, below 1."""
        tail_from = float(self.body_min[-1])
        if minutes >= tail_from:
            over = float(np.exp(-(minutes - tail_from) / self.tail_min))
            return 1 - self.tail_share * over
        points = np.linspace(0, 1 - self.tail_share, len(self.body_min))
        return float(np.interp(minutes, self.body_min, points))

    def left_min(self, chance: Floats, *, spent_min: float) -> Floats:
        """Minutes left of a consultation that has lasted `spent_min` and is not over.

        In the tail it does not matter how long it has lasted: as much is left.
        """
        if spent_min >= self.body_min[-1]:
            return np.asarray(-self.tail_min * np.log(1 - chance))
        within = self.share_within(spent_min)
        whole = self.minutes(within + (1 - within) * chance)
        return np.maximum(whole - spent_min, 0)


def service_time(
    measured_min: Sequence[float] | Floats, *, tail_share: float = TAIL_SHARE
) -> ServiceTime:
    """The distribution of measured times.

    Parameters
    ----------
    measured_min : sequence of float
        Minutes, > 0, one for each patient; at least one, in any order.
    tail_share : float
        The share that becomes the tail, above 0 and at most 1, rounded up to whole
        measurements. 1 makes it exponential with the mean of the measurements.

    Returns
    -------
    ServiceTime
        With the mean of the measurements.

    Raises
    ------
    ValueError
        If there are none, or one is not a finite number above 0: a consultation of no
        time is a fault of registration and would promise too much.

    References
    ----------
    Bratley P, Fox BL, Schrage LE (1987) A Guide to Simulation, section 4.6 (empirical
    distributions with an exponential tail).

    Examples
    --------
    >>> fitted = service_time([5, 10, 15, 20, 50], tail_share=0.2)
    >>> fitted.body_min.tolist(), fitted.tail_min
    ([0.0, 5.0, 10.0, 15.0, 20.0], 40.0)
    """
    if not 0 < tail_share <= 1:
        raise ValueError(f"tail_share must be above 0 and at most 1, got {tail_share}")
    ordered = np.sort(np.asarray(measured_min, dtype=np.float64))
    odd = ordered[~(np.isfinite(ordered) & (ordered > 0))]
    if not len(ordered) or len(odd):
        raise ValueError(
            f"{len(ordered)} measured times, of which {len(odd)} are not finite minutes "
            f"above 0 {odd[:3].tolist()}. Leave out what was not measured."
        )
    tail = ceil(tail_share * len(ordered))
    body = np.concatenate([[0.0], ordered[: len(ordered) - tail]])
    over = float((ordered[len(ordered) - tail :] - body[-1]).sum())
    # Half of the last step of the body keeps the mean: see the reference.
    half_step = float(body[-1]) / 2
    return ServiceTime(
        body_min=body,
        tail_share=tail / len(ordered),
        tail_min=(half_step + over) / tail,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceTimes:
    """The distribution of each level that has enough measurements, and of all together.

    `pooled` is None where all together are too few.
    """

    by_level: Mapping[str, ServiceTime]
    pooled: ServiceTime | None

    def of(self, level: str | None) -> ServiceTime | None:
        """That of a level, else of all together, else None: then nobody knows.

        None as level is a patient whom nobody has judged.
        """
        return self.by_level.get(level or "", self.pooled)


def service_times(
    measured_min: Mapping[str, Sequence[float]], *, enough: int
) -> ServiceTimes:
    """The distributions of all levels.

    Parameters
    ----------
    measured_min : level code -> minutes, > 0
    enough : int
        Fewer measurements than this of a level are pooled with the others; fewer of all
        together give no distribution. At least 1.

    Returns
    -------
    ServiceTimes

    Raises
    ------
    ValueError
        If `enough` is below 1, or a measurement is not a finite number above 0.

    Examples
    --------
    >>> times = service_times({"gul": [10, 20, 30], "bla": [5]}, enough=3)
    >>> sorted(times.by_level), times.of("bla") is times.pooled
    (['gul'], True)
    >>> print(service_times({"gul": [10, 20]}, enough=3).of("gul"))
    None
    """
    if enough < 1:
        raise ValueError(f"enough must be 1 or more measurements, got {enough}")
    fitted = {
        level: service_time(minutes)
        for level, minutes in measured_min.items()
        if len(minutes) >= enough
    }
    together = [minute for minutes in measured_min.values() for minute in minutes]
    pooled = service_time(together) if len(together) >= enough else None
    return ServiceTimes(by_level=fitted, pooled=pooled)
