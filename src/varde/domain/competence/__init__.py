"""Who may work alone, by what documents, until when, and what lacks.

The rules are data (`rules`); what a person has documented is `person`; the answer is made
by one pure function, `verdict.decide`.
"""
