"""The durable log between the collector and the lake: nothing acknowledged is lost.

One process appends (``spool.Spool``), any number read (``reader.SpoolReader``).
In its directory stand:

``000000000000.log`` and so on
    The segments: a header of 80 bytes (``segments``), then frames (``frame``),
    each a header of 40 bytes and an Arrow record batch without its schema
    (``columns``). The newest is never removed; the others are once they are
    shipped, but for the last two.
``tags``
    The names of the tags; the place is the number (``names``).
``durable``
    How far the log is synced: readers read so far, and no further (``marks``).
``shipped``
    How far the lake has it; written by the shipper (``marks``).
``live``
    The last value of every tag, for pages (``live``); no part of the log.
``lock``
    Held by the appender for as long as it lives.

What holds after any kill, power cut or full disk: all that a ``commit``
acknowledged is there; of a commit that did not end, all or nothing; no number
is given out twice; and what the disk itself lost is told with its numbers.
"""
