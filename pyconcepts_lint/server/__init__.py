"""`pyconcepts-lint server`: a language server, which tells editors of text that isn't saved yet.

`projects` keeps what is known, `worker` does the work piece by piece in a thread of its own, and
`session` speaks with the editor. What is said to it is made in `diagnostics`, `actions` and
`hover`.
"""
