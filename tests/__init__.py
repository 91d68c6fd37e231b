"""The tests are a package of their own, found before any other that a library may have left.

Without this file the folder is a namespace package, and a distribution that
installs its own ``tests`` beside its modules (the MQTT client does) would take
its place in every process that a test starts.
"""
