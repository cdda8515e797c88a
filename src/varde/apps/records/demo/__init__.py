"""The demo district in the database: what `engines.demo` makes up, loaded as rows.

Everything is loaded in one transaction by COPY; a build that is broken off leaves
nothing. One line of the log tells what was loaded, and is how a later start knows.
"""
