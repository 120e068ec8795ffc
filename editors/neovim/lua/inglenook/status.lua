-- What the server is doing, for a status line and for people.

local pause = require('inglenook.pause')

local M = {}

---@class inglenook.Status
---@field state 'starting'|'idle'|'busy'|'loading'|'offline'|'refused'
---@field text? string
---@field model? string
---@field locality? string how surely the model runs on this machine

---@type inglenook.Status
M.now = { state = 'starting' }
local advised = false

---@param status inglenook.Status
function M.set(status)
  M.now = status
  vim.cmd.redrawstatus()
end

--- Say once that a model can be had from here, if none was found: the server says how without us.
---@param status inglenook.Status
function M.advise(status)
  local text = status.text or ''
  if status.state == 'offline' and text:find('inglenook models get', 1, true) and not advised then
    advised = true
    require('inglenook.say').say(text .. ' (:Inglenook get does the latter.)', 3)
  end
end

---@return string
function M.line()
  local status = M.now
  local paused = pause.is_paused(vim.api.nvim_get_current_buf())
  local words = { 'inglenook:', paused and 'paused' or status.state }
  if status.model and status.model ~= '' then
    -- Where it runs is said if that is not here.
    local elsewhere = status.locality == 'allow-listed remote' and ', ' .. status.locality or ''
    table.insert(words, '(' .. status.model .. elsewhere .. ')')
  end
  return table.concat(words, ' ')
end

--- All of it, in sentences.
---@return string
function M.told()
  local status = M.now
  local told = { status.state .. '.' }
  if status.model and status.model ~= '' then
    table.insert(told, ('The model is %s (%s).'):format(status.model, status.locality or '?'))
  end
  if status.text and status.text ~= '' then
    table.insert(told, status.text)
  end
  local buf = vim.api.nvim_get_current_buf()
  table.insert(told, 'And ' .. pause.said(buf))
  if #vim.lsp.get_clients({ name = 'inglenook', bufnr = buf }) == 0 then
    table.insert(told, 'This buffer is not served.')
  end
  return table.concat(told, ' ')
end

return M
