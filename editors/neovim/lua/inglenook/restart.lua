-- A server that crashed is started again, but not again and again.

local say = require('inglenook.say')

local M = {}
local MOST, WITHIN = 3, 180 -- times, seconds
local starts = {} ---@type number[] when it was started again

--- The server ended. One that was told to end does so with 0, or by SIGTERM.
---@param code integer
---@param signal integer
function M.on_exit(code, signal)
  local told = signal == 15 or (code == 0 and signal == 0)
  if told or vim.v.exiting ~= vim.NIL then
    return
  end
  local now = vim.uv.now() / 1000
  starts = vim.tbl_filter(function(at)
    return now - at < WITHIN
  end, starts)
  if #starts >= MOST then
    return say.say(
      ('the server ended too often; see :Inglenook doctor and %s, then :edit starts it again.')
        :format(vim.lsp.log.get_filename()),
      4
    )
  end
  table.insert(starts, now)
  say.say('the server ended unexpectedly; it is started again.', 3)
  vim.lsp.enable('inglenook') -- which attaches it to what is open
end

return M
