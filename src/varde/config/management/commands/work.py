import asyncio

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app

from varde.config import serving
from varde.config.clock import Clock
from varde.config.help_beats import Beats


STALLED_LOOK_S = 60.0
GRACE_S = 4.0
# Two kinds of jobs take long, each one at a time: rotas with studies, and forecasts. The
# third place is for those of each minute, such as the board's page for downtime.
CONCURRENCY = 3


class Command(BaseCommand):
    help = (
        "Run the jobs, and what time itself brings about (call-backs that are due, 113 "
        "without answer, workstations that fell silent). `varde serve` starts this; on "
        "other machines it may run beside it."
    )

    def handle(self, **options):
        serving.end_with_parent()
        clock = Clock()
        clock.start()
        beats = Beats()
        beats.start()
        try:
            with app.replace_connector(app.connector.get_worker_connector()) as worker:
                asyncio.run(work(worker))
        finally:
            beats.stop()
            clock.stop()


async def work(worker):
    """Do jobs until a signal comes; those of a worker that died are done again."""
    async with worker.open_async():
        again = asyncio.create_task(take_up_stalled(worker))
        try:
            await worker.run_worker_async(
                name="varde",
                concurrency=CONCURRENCY,
                delete_jobs="successful",
                shutdown_graceful_timeout=GRACE_S,
            )
        finally:
            again.cancel()


async def take_up_stalled(worker):
    """Each minute: jobs whose worker gives no sign of life go back to the queue."""
    while True:
        for job in await worker.job_manager.get_stalled_jobs():
            await worker.job_manager.retry_job(job)
        await asyncio.sleep(STALLED_LOOK_S)
