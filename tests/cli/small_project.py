"""The files of a small project with two findings."""

COUNTER = """\
class Counter:
    count = 0

    def tick(self):
        self.count += 1
"""
# What fails a run, whatever a counter is by its circumstances.
SETTINGS = "[tool.pyconcepts-lint]\nseverity = {PCL103 = 'warning'}\n"
OLD = "def show(d):\n    for key, value in d.iteritems():\n        print(key, value)\n"
