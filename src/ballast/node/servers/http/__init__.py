"""The HTTP door: look-ups, the REST API, record pages, bulk loads.

``create_app(context)`` gives one RSGI application, ``hosting.HttpServer``
hosts it in the loop of a worker.
"""
