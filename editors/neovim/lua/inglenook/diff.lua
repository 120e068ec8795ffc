-- An edit that was checked, shown as a diff in a tab page of its own: accept it, or discard it.

local proposal = require('inglenook.proposal')
local say = require('inglenook.say')

local M = {}
local ACCEPT, DISCARD = 'ZZ', 'ZQ' -- Vim's own for "write and leave" and "leave"

local function scratch(lines, filetype)
  local buf = vim.api.nvim_create_buf(false, true) -- buftype is nofile, so no server is attached
  vim.bo[buf].bufhidden = 'wipe'
  vim.bo[buf].modeline = false
  vim.api.nvim_buf_set_lines(buf, 0, -1, false, lines)
  vim.bo[buf].filetype = filetype
  return buf
end

local function bar(made)
  local words = { ('%s (%s).'):format(made.title, made.model) }
  if proposal.is_moved(made) then
    table.insert(words, 'Other lines have changed since it was checked.')
  end
  local text = say.one_line(table.concat(vim.list_extend(words, made.notes), ' '))
  return (' %s: accept, %s: discard │ %%<%s'):format(ACCEPT, DISCARD, text)
end

--- Not by `:sbuffer`, which goes to a window that has the buffer already if 'switchbuf' says so.
---@return integer[] windows of the text and of what is proposed
local function open(made, proposed)
  vim.cmd('tab split')
  local left = vim.api.nvim_get_current_win()
  vim.api.nvim_win_set_buf(left, made.buf)
  vim.cmd('diffthis')
  local right = vim.api.nvim_open_win(proposed, true, { split = 'right', win = 0 })
  vim.cmd('diffthis')
  vim.wo.winbar = bar(made)
  pcall(vim.cmd, 'normal! gg]c')
  return { right, left }
end

local function close(window, buf)
  if not vim.api.nvim_win_is_valid(window) then
    return
  end
  if not pcall(vim.api.nvim_win_close, window, true) then -- the last one there is
    buf = vim.api.nvim_buf_is_loaded(buf) and buf or vim.api.nvim_create_buf(true, false)
    vim.api.nvim_win_set_buf(window, buf)
    vim.api.nvim_win_call(window, function() -- with a buffer come options that it had there
      vim.cmd('diffoff')
      vim.wo[window][0].winbar = ''
    end)
  end
end

--- Show what an edit makes of its buffer, and let the user decide.
---@param made table as `proposal.of` gives it
---@return string? why it cannot be shown
function M.show(made)
  local edits, why = proposal.current(made)
  if not edits then
    return why
  end
  local before = vim.api.nvim_get_current_win()
  local lines = vim.api.nvim_buf_get_lines(made.buf, 0, -1, false)
  local proposed = scratch(lines, vim.bo[made.buf].filetype)
  vim.lsp.util.apply_text_edits(edits, proposed, made.encoding)
  vim.bo[proposed].modifiable = false
  local windows = open(made, proposed)

  local left = false
  local function leave()
    if left then
      return
    end
    left = true
    for _, window in ipairs(windows) do
      close(window, made.buf)
    end
    if vim.api.nvim_win_is_valid(before) then
      vim.api.nvim_set_current_win(before)
    end
  end
  local function map(key, done, about)
    vim.keymap.set('n', key, done, { buffer = proposed, nowait = true, desc = about })
  end
  map(ACCEPT, function()
    local now, obstacle = proposal.current(made)
    if not now then
      return say.say(obstacle .. ' Nothing was applied.', 3)
    end
    leave()
    vim.lsp.util.apply_text_edits(now, made.buf, made.encoding)
    say.say(made.title .. ': applied.')
  end, 'Accept the edit')
  map(DISCARD, function()
    leave()
    say.say('discarded.')
  end, 'Discard the edit')
  vim.api.nvim_create_autocmd('BufWipeout', { -- by :q, :tabclose, …
    buffer = proposed,
    once = true,
    callback = vim.schedule_wrap(leave),
  })
end

return M
