"""Classes that know of each other."""

import six

classes = {}


class Registered(type):
    def __init__(cls, name, bases, namespace):
        super(Registered, cls).__init__(name, bases, namespace)
        classes[name] = cls


class Counted(type):
    def __new__(meta, name, bases, namespace):
        cls = type.__new__(meta, name, bases, namespace)
        cls.serial = len(classes)


class Described(type):
    def __new__(meta, name, bases, namespace):
        return dict(namespace, name=name)


class Named(type):
    pass


class Exporter(object):
    __metaclass__ = Registered


class CsvExporter(six.with_metaclass(Registered, Exporter)):
    pass


class Labelled(metaclass=Named):
    pass


class Audited(metaclass=Registered):
    pass


class AuditedLabel(Labelled, Audited):
    pass


class Wrapped(Exporter):
    pass


class Gift(Exporter, Wrapped):
    pass
