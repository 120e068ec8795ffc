-- Keys of insert mode that do something with the ghost, and without one what they did before: that
-- map is kept under another name, so Neovim itself does what it says (<SID>, <expr>, functions).

local M = {}
local OURS = 'Inglenook: '
local END = '<Plug>(inglenook-end)'
local namespace = vim.api.nvim_create_namespace('inglenook.keys')
local inside = false -- whether a kept map is at work that may come back to its own key

local function feed(keys, mode)
  local typed = vim.api.nvim_replace_termcodes(keys, true, true, true)
  vim.api.nvim_feedkeys(typed, mode, false) -- with 'i': before the keys that were typed since
end

local function kept_as(lhs)
  return ('<Plug>(inglenook-was-%s)'):format(lhs:gsub('[<>]', ''))
end

--- A map of insert mode for all buffers: one of the buffer has its own way, and goes before.
---@param is fun(map: table): any?
local function find(is)
  return vim.iter(vim.api.nvim_get_keymap('i')):find(is)
end

local function named(lhs)
  return find(function(map)
    return map.lhs == lhs
  end)
end

--- Have `lhs` do what `map` does.
local function copy(map, lhs)
  vim.keymap.set('i', lhs, '<Nop>')
  local place = named(lhs)
  local as = { lhs = place.lhs, lhsraw = place.lhsraw, lhsrawalt = place.lhsrawalt }
  map.lhsrawalt = nil
  vim.fn.mapset('i', false, vim.tbl_extend('force', map, as))
end

local function leave()
  inside = false
  vim.on_key(nil, namespace)
end

--- Do what the key did before. Vim does not look for a map again in one that begins with its own
--- key; ours is another, so such a one comes here a second time, and then it is the key alone.
local function press(key, lhs)
  local kept = named(kept_as(lhs))
  if not kept or inside then
    return feed(key, 'in')
  elseif kept.noremap == 1 then
    return feed(kept.lhs, 'im')
  end
  inside = true
  vim.on_key(function(_, typed) -- an error throws away the keys that are to come, END too
    if typed ~= '' then
      leave()
    end
  end, namespace)
  feed(kept.lhs .. END, 'im')
end

--- Not an expression: Neovim evaluates those while it looks ahead, before the keys that were
--- typed first are in the buffer, and what is offered would be compared with too little.
---@param key string
---@param act fun(): boolean whether there was a ghost
---@param about string
function M.map(key, act, about)
  local before = vim.api.nvim_get_keymap('i')
  local lhs = key
  vim.keymap.set('i', key, function()
    if not act() then
      press(key, lhs)
    end
  end, { desc = OURS .. about })
  local ours = find(function(map)
    return map.desc == OURS .. about
  end)
  lhs = ours.lhs -- as Neovim spells it
  for _, map in ipairs(before) do
    if map.lhsraw == ours.lhsraw then
      copy(map, kept_as(lhs))
    end
  end
end

--- Give all keys back; a setup{} before this one had taken them.
function M.restore()
  for _, map in ipairs(vim.api.nvim_get_keymap('i')) do
    if vim.startswith(map.desc or '', OURS) then
      vim.keymap.del('i', map.lhs)
      local kept = named(kept_as(map.lhs))
      if kept then
        copy(kept, map.lhs)
        vim.keymap.del('i', kept.lhs)
      end
    end
  end
  vim.keymap.set({ 'i', 'n', 'x', 's', 'o', 'c', 't' }, END, leave)
end

return M
