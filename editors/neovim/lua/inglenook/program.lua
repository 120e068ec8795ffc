-- The program behind the server, for its other commands.

local M = {}

--- A command line of the program: of the configured `cmd` what stands before `serve`, which may be
--- more than a word (`uv run inglenook serve`), and then `arguments`.
---@param arguments string[]
---@return string[]
function M.command(arguments)
  local cmd = vim.g.inglenook_program or { 'inglenook', 'serve' }
  local words = cmd
  for number, word in ipairs(cmd) do
    if word == 'serve' then
      words = vim.list_slice(cmd, 1, number - 1)
    end
  end
  return vim.list_extend(vim.list_slice(words), arguments)
end

return M
