"""What people edit and the programs must remember: accounts, sessions, audit, drafts, jobs.

One SQLite file of the home in WAL mode, because several processes write it
and none of it is a fact about industry: facts go to the lake, append-only;
these rows change and are forgotten. Each facet is a module of functions that
take the ``State`` first and give frozen rows back.
"""
