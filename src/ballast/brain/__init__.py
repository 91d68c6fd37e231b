"""The industry brain (产业大脑): where does the industry stand, what should be pushed next?

This room reads the lake and computes; it stores nothing of its own and knows
no page. Formulas live in ``measures``, written once and without the lake; the
modules beside them say which tables, periods and regions go into a formula.
"""
