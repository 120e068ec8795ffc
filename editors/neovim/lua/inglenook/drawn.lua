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
      if not client:is_stopped() then
        ghost.draw()
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

return M
