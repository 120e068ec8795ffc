-- Ghost text that this plugin asks for and draws: in Neovim 0.11, or where 200 ms are too long.

local asking = require('inglenook.asking')
local ghost = require('inglenook.ghost')

local M = {}
local group = vim.api.nvim_create_augroup('inglenook.drawn', {})

function M.on_attach(client, buf)
  vim.api.nvim_clear_autocmds({ group = group, buffer = buf })
  vim.api.nvim_create_autocmd({ 'InsertEnter', 'CursorMovedI', 'TextChangedI', 'TextChangedP' }, {
    group = group,
    buffer = buf,
    callback = function()
      ghost.draw()
      if not client:is_stopped() then
        asking.automatic(client, buf)
      end
    end,
  })
  vim.api.nvim_create_autocmd({ 'InsertLeave', 'BufLeave' }, {
    group = group,
    buffer = buf,
    callback = function()
      asking.cancel()
      ghost.hide()
    end,
  })
end

--- The server has this buffer no more: nothing of it stays on the screen.
---@param buf integer
function M.on_detach(_, buf)
  vim.api.nvim_clear_autocmds({ group = group, buffer = buf })
  asking.cancel()
  ghost.hide()
end

return M
