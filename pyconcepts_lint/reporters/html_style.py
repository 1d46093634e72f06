"""How the page of the format `html` looks."""

from __future__ import annotations

CSS = """\
:root {
  color-scheme: light dark;
  --text: #1f2328; --dim: #59636e; --back: #ffffff; --box: #f6f8fa; --line: #d1d9e0;
  --link: #0550ae; --code: #8a1c1c; --mark: #fff2b3; --safe: #1a6b2f; --unsafe: #8a5300;
  --error: #b3261e;
  --old: #ffebe9; --new: #dafbe1;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e6edf3; --dim: #9198a1; --back: #0d1117; --box: #161b22; --line: #30363d;
    --link: #79b8ff; --code: #ff9b94; --mark: #5a4a00; --safe: #5fd07a; --unsafe: #e3b341;
    --error: #ff8a80;
    --old: #4b1a1d; --new: #12381f;
  }
}
* { box-sizing: border-box }
body {
  margin: 0 auto; max-width: 90rem; padding: 0 1rem; color: var(--text); background: var(--back);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
}
h1 { font-size: 1.5rem; margin: 1rem 0 0 }
h2 { font-size: 1.1rem; margin: 0; padding: .5rem 0; display: inline-block }
.file > details > summary > h2 { display: inline; word-break: break-all }
.folded code { white-space: nowrap }
.file > details > summary { padding: .5rem 0; position: sticky; top: 0; z-index: 1; background: var(--back);
  border-bottom: 1px solid var(--line) }
h3 { font-size: 1rem; font-weight: normal; margin: 0 }
p { margin: .25rem 0; max-width: 50rem }
a { color: var(--link) }
h3 b, nav b, .about b { color: var(--code) }
code, pre, h2, .path { font-family: ui-monospace, Consolas, monospace }
code { font-size: .9em; background: var(--box); padding: 0 .2em; border-radius: .2rem }
small, footer, .around { color: var(--dim) }
pre {
  margin: .5rem 0; padding: .5rem 0; overflow-x: auto; background: var(--box);
  border: 1px solid var(--line); border-radius: .3rem; font-size: .85rem; line-height: 1.4;
}
s { text-decoration: none; color: var(--dim); user-select: none }
mark { color: inherit; background: var(--mark); border-bottom: 2px solid var(--unsafe) }
del, ins { display: inline-block; min-width: 100%; text-decoration: none }
del { background: var(--old) }
ins { background: var(--new) }
section { margin-bottom: 2rem }
article { padding: .75rem 0; content-visibility: auto; contain-intrinsic-size: auto 12rem }
article { scroll-margin-top: 3rem }
article:target h3, article.current h3 { background: var(--mark) }
[hidden] { display: none !important }
summary { cursor: pointer }
.safe { color: var(--safe) }
.unsafe { color: var(--unsafe) }
.error, .warning, .note { font-size: .85rem; border: 1px solid; border-radius: .3rem; padding: 0 .3em }
.error { color: var(--error) }
.warning { color: var(--unsafe) }
.note { color: var(--link) }
.related { margin: .25rem 0; padding-left: 1.2rem }
.related pre { margin: .15rem 0 }
.related .path { font-size: .85rem; color: var(--dim) }
.errors { color: var(--code); padding-left: 1.2rem }
.about { padding: .5rem .75rem; margin: .5rem 0; background: var(--box); border-radius: .3rem }
.alive main { display: flex; flex-direction: column }
.alive main > section:not(.file) { order: -1; margin: 0 }
.alive main > section:not(.file) > h2, .alive .about:not(.chosen) { display: none }
form { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center; margin: .75rem 0 }
form p { flex-basis: 100%; margin: 0; max-width: none }
input, select, button { font: inherit; color: inherit; background: var(--box);
  border: 1px solid var(--line); border-radius: .3rem; padding: .2rem .4rem; max-width: 16rem }
button { cursor: pointer }
:focus-visible { outline: 2px solid var(--link); outline-offset: 1px }
output { font-weight: bold }
nav a.chosen { font-weight: bold }
nav a { text-decoration: none }
nav a:hover { text-decoration: underline }
nav ul { list-style: none; margin: 0; padding: 0; max-height: 14rem; overflow-y: auto }
nav li { margin: .15rem 0 }
nav li.rule { padding-left: 1rem }
nav summary { font-weight: bold; padding: .25rem 0 }
footer { border-top: 1px solid var(--line); padding: .5rem 0; margin-top: 2rem }
@media (min-width: 60rem) {
  .page { display: grid; grid-template-columns: minmax(16rem, 20rem) minmax(0, 1fr); gap: 2rem }
  nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto;
    padding-bottom: 1rem; font-size: .9rem }
  nav ul { max-height: none }
}
@media print { nav, form { display: none } }
"""
