"""Gradient cultivation (梯度培育): which title an enterprise can reach, what it lacks, by when.

The law is data, dated and referenced (``law/*.yaml``), never a figure in a
program: a rule changes when an official changes a line. ``shape`` says how a
law is written down, ``reading`` reads and checks it, ``versions`` says which
version applies to an application and why, ``engine`` decides one enterprise
with its reasons, ``columns`` all of them at once, ``ladder`` what comes next.
"""
