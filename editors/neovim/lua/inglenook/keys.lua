-- Keys of insert mode that do something with the ghost, and without one what they did before.

local M = {}

--- Do what `key` did before it was mapped here.
local function press(key, before)
  local keys = before.rhs and before.rhs:gsub('<SID>', ('<SNR>%d_'):format(before.sid or 0)) or key
  if before.callback then
    keys = before.callback()
  elseif before.expr == 1 then
    keys = vim.api.nvim_eval(keys)
  end
  if type(keys) ~= 'string' or (before.callback and before.expr ~= 1) then
    return
  end
  if before.expr ~= 1 or before.replace_keycodes == 1 then
    keys = vim.api.nvim_replace_termcodes(keys, true, true, true)
  end
  -- Before the keys that were typed since.
  vim.api.nvim_feedkeys(keys, before.noremap == 0 and 'im' or 'in', false)
end

--- Not an expression: Neovim evaluates those while it looks ahead, before the keys that were
--- typed first are in the buffer, and what is offered would be compared with too little.
---@param key string
---@param act fun(): boolean whether there was a ghost
---@param about string
function M.map(key, act, about)
  local before = vim.fn.maparg(key, 'i', false, true)
  if vim.startswith(before.desc or '', 'Inglenook: ') then
    before = {} -- setup{} was called before
  end
  vim.keymap.set('i', key, function()
    if not act() then
      press(key, before)
    end
  end, { desc = 'Inglenook: ' .. about })
end

return M
