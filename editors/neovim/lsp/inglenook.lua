-- The server, as `vim.lsp.enable('inglenook')` starts it; no filetypes means all of them.
return {
  cmd = { 'inglenook', 'serve' },
  root_markers = { '.git', 'pyproject.toml', 'package.json', 'Cargo.toml', 'go.mod' },
}
