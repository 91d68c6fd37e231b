"""The sample region: synthetic, seeded, shaped like a manufacturing city.

A room of its own, because it may use every other room to make its data and
none of them may know of it. Nothing in it is real but the codes of places
and industries; whoever shows it says :data:`~ballast.words.marks.SYNTHETIC`.
"""
