"""The forecast of contacts by hour, beside the mean of the hour of the week.

Four origins of three months on a real hourly series, at full size and thinned to the size
of a small district; beside Prophet and statsforecast's MSTL when they are installed. Run
alone: python -m benchmarks.forecast [FILE]
"""

import os
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from varde import content
from varde.engines.forecast.calendar import load
from varde.engines.forecast.model import expect, fit
from varde.engines.forecast.rolling import (
    HIGH,
    LOW,
    Foretold,
    hour_of_week_mean,
    judge,
    together,
)
from varde.engines.forecast.series import DAY_HOURS, HOUR, HourlySeries, read_series


DATA = (
    Path(__file__).parents[2] / "shared" / "data" / "arrivals" / "uihc_ed_arrivals.csv"
)
ORIGINS, HORIZON = 4, 90 * DAY_HOURS
SMALL_DISTRICT = 0.54  # contacts an hour
SEED = 20261122
Z = 1.6448536269514722  # of a 90 % interval
CALENDAR = load(content.demand_calendar_text(), filename=content.DEMAND_CALENDAR_FILE)


def ours(history: HourlySeries) -> Foretold:
    """Varde's own: negative binomial, with Norway's days whatever the series is."""
    fitted = fit(history, calendar=CALENDAR)
    told = expect(fitted, begins=history.ends, hours=HORIZON)
    return Foretold(mean=told.mean, dispersion=fitted.hour_dispersion)


def plain(history: HourlySeries) -> Foretold:
    """The mean of the same hour of the week over 52 weeks."""
    return hour_of_week_mean(history, hours=HORIZON)


def prophet(history: HourlySeries) -> tuple[np.ndarray, np.ndarray]:
    """Prophet with the American holidays: mean and standard deviation of each hour."""
    import pandas as pd
    from prophet import Prophet

    model = Prophet(interval_width=HIGH - LOW)
    model.add_country_holidays(country_name="US")
    clock = [history.begins + n * HOUR for n in range(len(history.counts))]
    model.fit(pd.DataFrame({"ds": clock, "y": history.counts}))
    ahead = [history.ends + n * HOUR for n in range(HORIZON)]
    found = model.predict(pd.DataFrame({"ds": ahead}))
    half = (found["yhat_upper"] - found["yhat_lower"]).to_numpy() / 2
    return found["yhat"].to_numpy(), half / Z


def mstl(history: HourlySeries) -> tuple[np.ndarray, np.ndarray]:
    """statsforecast's MSTL of the day and the week."""
    from statsforecast.models import MSTL

    found = MSTL(season_length=[DAY_HOURS, 7 * DAY_HOURS]).forecast(
        y=history.counts, h=HORIZON, level=[90]
    )
    return found["mean"], (found["hi-90"] - found["lo-90"]) / 2 / Z


def gaussian(mean: np.ndarray, sd: np.ndarray, seen: np.ndarray) -> tuple[float, ...]:
    """CRPS, mean absolute error, coverage and lowest limit of a normal forecast."""
    from scipy.special import ndtr

    z = (seen - mean) / sd
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    score = sd * (z * (2 * ndtr(z) - 1) + 2 * density - 1 / np.sqrt(np.pi))
    inside = np.abs(z) <= Z
    return (
        float(score.mean()),
        float(np.abs(seen - mean).mean()),
        float(inside.mean()),
        float((mean - Z * sd).min()),
    )


def cpu() -> float:
    """Processor seconds so far, with those of programs that have ended: Prophet's is one."""
    return sum(os.times()[:4])


def histories(series: HourlySeries) -> list[tuple[HourlySeries, np.ndarray]]:
    """What is known at each origin, and what came after it."""
    first = len(series.counts) - ORIGINS * HORIZON
    return [
        (series.first(at), series.counts[at : at + HORIZON])
        for at in range(first, len(series.counts), HORIZON)
    ]


def counted(series: HourlySeries, method: Callable[[HourlySeries], Foretold]) -> str:
    """A line of the table for a forecast of counts."""
    began = cpu()
    told = [(method(history), seen) for history, seen in histories(series)]
    cpu_s = (cpu() - began) / ORIGINS
    found = together([judge(one, seen) for one, seen in told])
    return line(found.crps, found.mae, found.coverage, found.lowest, cpu_s)


def continuous(series, method) -> str:
    """A line of the table for a normal forecast."""
    began = cpu()
    told = [(*method(history), seen) for history, seen in histories(series)]
    cpu_s = (cpu() - began) / ORIGINS
    rows = [gaussian(*one) for one in told]
    crps, mae, inside, _ = np.mean(rows, axis=0)
    return line(crps, mae, inside, min(row[3] for row in rows), cpu_s)


def line(crps, mae, inside, lowest, cpu_s) -> str:
    """Numbers under their headings."""
    return f"{crps:8.4f}{mae:8.3f}{inside:8.3f}{lowest:9.2f}{cpu_s:10.2f}"


def main(words: list[str]) -> int:
    """Print both tables. 2 where the series is not there."""
    file = Path(words[0]) if words else DATA
    if not file.exists():
        sys.stderr.write(f"There is no {file}. Nothing was run. Name a series.\n")
        return 2
    with file.open("rb") as opened:
        series = read_series(opened, file=str(file))
    known = np.nan_to_num(series.counts).astype(int)
    thin = np.random.default_rng(SEED).binomial(
        known, min(1.0, SMALL_DISTRICT / known.mean())
    )
    small = HourlySeries(begins=series.begins, counts=thin.astype(float))
    for title, one in (("full size", series), ("small district", small)):
        print(f"\n{title}: {np.nanmean(one.counts):.2f} an hour")
        print(
            f"{'':28}{'CRPS':>8}{'MAE':>8}{'in 90 %':>8}{'lowest':>9}{'CPU s/fit':>10}"
        )
        print(f"{'Varde':28}{counted(one, ours)}")
        print(f"{'mean of the hour of week':28}{counted(one, plain)}")
        for name, module, method in (
            ("Prophet", "prophet", prophet),
            ("MSTL", "statsforecast", mstl),
        ):
            if find_spec(module) is None:
                print(f"{name:28} not installed")
            else:
                print(f"{name:28}{continuous(one, method)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
