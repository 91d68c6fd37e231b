"""Our nouns, frozen: period, region, industry, enterprise code, unit, label, scheme, viewer.

Every other room speaks in these. The terms read no file of the home and know
no table, so that a code or a period means the same wherever it is met.
Import them from their own modules; nothing is exported here, because
importing all of them to use one would read every code list.
"""
