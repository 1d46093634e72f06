"""A real editor: Neovim without a screen, with its own client of the protocol."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

NEOVIM = shutil.which("nvim")
BASE = "class Base:\n    __slots__ = ('a',)\n"
USER = """\
from base import Base


class Sub(Base):
    __slots__ = ()

    def __init__(self):
        self.b = 2


prices = {}
for each in prices.iteritems():
    print(each)
"""
# Says what went wrong on standard error, and ends with 1 then.
SCRIPT = """
local client = vim.lsp.start_client({
  name = "pyconcepts-lint",
  cmd = { vim.env.PYTHON, "-m", "pyconcepts_lint", "server" },
  root_dir = vim.fn.getcwd(),
})

local function open(name)
  vim.cmd("edit " .. name)
  local buffer = vim.api.nvim_get_current_buf()
  vim.lsp.buf_attach_client(buffer, client)
  return buffer
end

local function has(buffer, code)
  for _, each in ipairs(vim.diagnostic.get(buffer)) do
    if each.code == code or (each.user_data and each.user_data.lsp.code == code) then
      return true
    end
  end
  return false
end

local function expect(what, holds)
  if not vim.wait(60000, holds, 50) then
    io.stderr:write("not so: " .. what .. "\\n")
    vim.cmd("cquit 1")
  end
end

local base, user = open("base.py"), open("user.py")
expect("a finding in the file", function() return has(user, "PCL606") and has(user, "PCL701") end)
vim.api.nvim_buf_set_lines(base, 1, 2, false, { "    __slots__ = ('a', 'b')" })
expect("an edit in one file shows in the other", function() return not has(user, "PCL606") end)
local params = vim.lsp.util.make_range_params()
params.context = { only = { "source.fixAll.pyconcepts-lint" }, diagnostics = {} }
local answers = vim.lsp.buf_request_sync(user, "textDocument/codeAction", params, 60000)
for _, answer in pairs(answers or {}) do
  for _, action in ipairs(answer.result or {}) do
    if not action.edit then
      local resolved = vim.lsp.buf_request_sync(user, "codeAction/resolve", action, 60000)
      for _, each in pairs(resolved or {}) do
        action = each.result or action
      end
    end
    vim.lsp.util.apply_workspace_edit(action.edit, "utf-16")
  end
end
expect("all safe fixes are made", function() return not has(user, "PCL701") end)
vim.cmd("wall")
vim.lsp.stop_client(client)
vim.wait(1000, function() return vim.lsp.client_is_stopped(client) end, 50)
vim.cmd("quitall!")
"""


@pytest.mark.skipif(NEOVIM is None, reason="needs Neovim")
def test_neovim_shows_findings_as_they_change_and_makes_fixes(tmp_path: Path) -> None:
    assert NEOVIM is not None
    root = tmp_path / "project"
    root.mkdir()
    (root / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n")
    (root / "base.py").write_text(BASE)
    (root / "user.py").write_text(USER)
    script = tmp_path / "script.lua"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [NEOVIM, "--headless", "--clean", "-n", "-c", f"luafile {script}"],
        cwd=root,
        env={**os.environ, "PYTHON": sys.executable, "XDG_CACHE_HOME": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "prices.items()" in (root / "user.py").read_text()
    assert "('a', 'b')" in (root / "base.py").read_text()
