-- The program behind the server, for its other commands.

local M = {}
M.INSTALL = 'uv tool install ".[embedded]", or pipx install ".[embedded]"'

local function configured()
  return vim.g.inglenook_program or { 'inglenook', 'serve' }
end

--- What is wrong, and what mends it; nil if the program is there.
---@return string?
function M.missing()
  local name = configured()[1]
  if vim.fn.executable(name) == 0 then
    return ('%s is not a program. Install it from a clone (%s), or name it as `cmd` of setup{}; see '
      .. ':checkhealth inglenook.'):format(name, M.INSTALL)
  end
end

--- A command line of the program: of the configured `cmd` what stands before `serve`, which may be
--- more than a word (`uv run inglenook serve`), and then `arguments`.
---@param arguments string[]
---@return string[]
function M.command(arguments)
  local cmd = configured()
  local words = cmd
  for number, word in ipairs(cmd) do
    if word == 'serve' then
      words = vim.list_slice(cmd, 1, number - 1)
    end
  end
  return vim.list_extend(vim.list_slice(words), arguments)
end

return M
