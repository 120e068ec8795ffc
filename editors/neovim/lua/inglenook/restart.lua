-- A server that ended unasked is started again, but not again and again.

local say = require('inglenook.say')

local M = {}
local MOST, WITHIN = 3, 180 -- times, seconds
local asked = {} ---@type table<integer, true> clients that were asked to end
local starts = {} ---@type number[] when it was started again

--- Nobody asked it to end who asks through its client, as Neovim and `vim.lsp.enable` do.
---@param client vim.lsp.Client
function M.watch(client)
  local stop = client.stop
  client.stop = function(...)
    asked[client.id] = true
    return stop(...)
  end
end

--- The server ended, by itself, by a signal from elsewhere, or because it was asked to.
---@param client_id integer
function M.on_exit(client_id)
  local is_wanted = not vim.lsp.is_enabled or vim.lsp.is_enabled('inglenook')
  if asked[client_id] or not is_wanted or vim.v.exiting ~= vim.NIL then
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
