"""The month's bulletin (简报): what an industry bureau sends round, every figure with its footnote.

The report is data first (``shape``): sections of sentences, tables and charts, each figure marked
with the number of the note that says how it was made and how to make it again. Three writers turn
the same data into Markdown, one HTML file and a Word document, so that they cannot disagree.
"""
