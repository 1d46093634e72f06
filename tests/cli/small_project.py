"""The files of a small project with two findings."""

COUNTER = """\
class Counter:
    count = 0

    def tick(self):
        self.count += 1
"""
OLD = "def show(d):\n    for key, value in d.iteritems():\n        print(key, value)\n"
