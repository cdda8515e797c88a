"""The optimiser of the legevakt's own rota: values in, values out.

    propose(problem, seconds=60, on_better=..., stop=event)  -> Proposal
    refill(problem, current, away={...}, from_at=now)        -> Refill
    why_not(problem)                                         -> Collision | None

What a rota must keep, and what is fair, is `varde.domain.rota`; here is only how one is
found. The handbook page is docs/handbok/vaktplanmotor.md.
"""
