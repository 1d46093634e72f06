"""What the shop has agreed on.

Every sentence here was worth a talk once. The rules keep the next one short.
"""
