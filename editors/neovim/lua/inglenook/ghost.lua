-- The ghost on the screen: offers of which one is shown, and what becomes of it.

local offers = require('inglenook.offer')

local M = {}
local namespace = vim.api.nvim_create_namespace('inglenook')
-- { list, index, chosen }: the offers, which one is shown, and whether the user picked it;
-- `foreign`, if somebody else draws it, has functions to `clear` that and to `release` all of it.
local shown
local dismissed -- { buf, tick }: the text for which the user wants no ghost

local function offer()
  return shown and shown.list[shown.index]
end

local function clear()
  if shown and shown.foreign then
    shown.foreign.clear()
  end
  for _, buf in ipairs(vim.api.nvim_list_bufs()) do
    vim.api.nvim_buf_clear_namespace(buf, namespace, 0, -1)
  end
end

--- From now on it is drawn here, if at all.
local function release()
  if shown and shown.foreign then
    shown.foreign.release()
    shown.foreign = nil
  end
end

--- What is left of it after what was typed since; nil if it is not to be seen.
---@return string?
function M.rest()
  return offers.rest(offer())
end

--- Draw what is left of the ghost; an edit that contradicts it ends it.
function M.draw()
  local text = M.rest()
  if not text then
    return M.hide()
  elseif shown.foreign then
    return
  end
  clear()
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  local lines = vim.tbl_map(function(line)
    return { { line, 'InglenookGhost' } }
  end, vim.split(text, '\n', { plain = true }))
  if shown.chosen and #shown.list > 1 then
    local place = (' (%d/%d)'):format(shown.index, #shown.list)
    table.insert(lines[#lines], { place, 'InglenookGhostPlace' })
  end
  vim.api.nvim_buf_set_extmark(offer().buf, namespace, row - 1, col, {
    virt_text = table.remove(lines, 1),
    virt_text_pos = 'inline',
    virt_lines = lines,
    hl_mode = 'combine',
  })
end

function M.hide()
  if shown then
    clear()
    shown = nil
  end
end

--- Show offers, the first of them at first.
---@param list table[]
---@param how? { chosen?: boolean, foreign?: { clear: fun(), release: fun() } }
function M.show(list, how)
  if shown and shown.chosen and not (how and how.chosen) and M.rest() then
    return -- What the user picked stays until it does not fit any more.
  end
  if how and how.chosen then
    release()
  end
  M.hide()
  if list[1] and not M.is_dismissed(list[1].buf) then
    shown = vim.tbl_extend('error', { list = list, index = 1 }, how or {})
    M.draw()
  end
end

--- Show the next of the offers; false if there are no others yet.
---@return boolean
function M.step()
  if not M.rest() or not shown.chosen or #shown.list < 2 then
    return false
  end
  shown.index = shown.index % #shown.list + 1
  M.draw()
  return true
end

--- Take the ghost, or what `on_accept` makes of it; what is left of it stays.
---@param on_accept? fun(item: inglenook.Item): inglenook.Item?
---@return boolean
function M.take(on_accept)
  local accepted = offers.insert(offer(), on_accept)
  if accepted then
    release() -- who else draws it cannot take parts
    M.draw()
  end
  return accepted
end

--- Hide the ghost until the text changes; false if there is none.
---@return boolean
function M.dismiss()
  local buf = vim.api.nvim_get_current_buf()
  local seen = M.rest() ~= nil
  if seen then
    dismissed = { buf = buf, tick = vim.b[buf].changedtick }
    release()
  end
  M.hide()
  return seen
end

--- Whether the user picked what is shown.
---@return boolean
function M.is_chosen()
  return shown ~= nil and shown.chosen == true
end

--- Whether Neovim draws what is shown.
---@return boolean
function M.is_foreign()
  return shown ~= nil and shown.foreign ~= nil
end

function M.is_dismissed(buf)
  return dismissed and dismissed.buf == buf and dismissed.tick == vim.b[buf].changedtick
end

return M
