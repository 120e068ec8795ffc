-- The buffer and the window of the chat. What a model said is shown and nothing else: the server
-- takes out what would be active, no modeline is read, and no server is attached.

local M = {}
local NAME = 'inglenook-chat'
local buf ---@type integer?
local folds = {} ---@type { [1]: integer, [2]: integer }[] lines from 1: what was thought

--- Called with a buffer that is new, and when the user has deleted it.
M.on_made = function(_) end
M.on_gone = function() end

--- The one of before, if the plugin was loaded again.
local function left_behind()
  return vim.iter(vim.api.nvim_list_bufs()):find(function(each)
    return vim.api.nvim_buf_is_loaded(each) and vim.b[each].inglenook_chat
  end)
end

local function make()
  local name = vim.fn.fnamemodify(NAME, ':p')
  for _, each in ipairs(vim.api.nvim_list_bufs()) do
    if not vim.api.nvim_buf_is_loaded(each) and vim.api.nvim_buf_get_name(each) == name then
      vim.api.nvim_buf_delete(each, { force = true }) -- :bdelete leaves the name
    end
  end
  local new = vim.api.nvim_create_buf(false, true)
  vim.bo[new].bufhidden = 'hide'
  vim.bo[new].swapfile = false
  vim.bo[new].modeline = false
  vim.bo[new].modifiable = false
  pcall(vim.api.nvim_buf_set_name, new, name) -- not if a file is called so
  vim.bo[new].filetype = 'markdown'
  vim.b[new].inglenook_chat = true
  return new
end

---@return integer
function M.buffer()
  if buf and vim.api.nvim_buf_is_loaded(buf) then
    return buf
  end
  buf, folds = left_behind() or make(), {}
  vim.api.nvim_create_autocmd('BufUnload', {
    group = vim.api.nvim_create_augroup('inglenook.chat', {}),
    buffer = buf,
    callback = function()
      M.on_gone()
    end,
  })
  M.on_made(buf)
  return buf
end

---@return integer? window that shows it in this tab page
function M.window()
  for _, window in ipairs(vim.api.nvim_tabpage_list_wins(0)) do
    if buf and vim.api.nvim_win_get_buf(window) == buf then
      return window
    end
  end
end

local function fold(window, range)
  vim.api.nvim_win_call(window, function()
    vim.cmd(('silent! %d,%dfold'):format(range[1], range[2]))
  end)
end

--- Show it beside what is there, and stay where the cursor is.
function M.open()
  if M.window() then
    return
  end
  local window = vim.api.nvim_open_win(M.buffer(), false, { split = 'right', win = 0 })
  local options = { foldmethod = 'manual', foldenable = true, wrap = true, linebreak = true }
  options.conceallevel = 0 -- nothing that was said is hidden
  options.number, options.relativenumber, options.signcolumn = false, false, 'no'
  options.foldtext = "'+ Reasoning, ' .. (v:foldend - v:foldstart + 1) .. ' lines '"
  for name, value in pairs(options) do
    vim.api.nvim_set_option_value(name, value, { win = window, scope = 'local' })
  end
  for _, range in ipairs(folds) do
    fold(window, range)
  end
end

--- Close the window that the cursor is in; the only one there is shows `instead`.
---@param instead? integer
function M.close(instead)
  if not pcall(vim.api.nvim_win_close, 0, false) then
    local is_there = instead and vim.api.nvim_buf_is_loaded(instead)
    vim.api.nvim_win_set_buf(0, is_there and instead or vim.api.nvim_create_buf(true, false))
  end
end

--- Put text at the end, and follow it unless the user has gone up to read.
---@param text string
function M.append(text)
  local into = M.buffer()
  local last = vim.api.nvim_buf_line_count(into)
  local line = vim.api.nvim_buf_get_lines(into, last - 1, last, false)[1]
  local lines = vim.split(text:gsub('\r\n?', '\n'), '\n', { plain = true })
  vim.bo[into].modifiable = true
  vim.api.nvim_buf_set_text(into, last - 1, #line, last - 1, #line, lines)
  vim.bo[into].modifiable = false
  local window = M.window()
  if window and vim.api.nvim_win_get_cursor(window)[1] >= last then
    vim.api.nvim_win_set_cursor(window, { vim.api.nvim_buf_line_count(into), 0 })
  end
end

--- Begin a paragraph: an empty line before it unless there is one.
---@param text string
function M.paragraph(text)
  local lines = vim.api.nvim_buf_get_lines(M.buffer(), -3, -1, false)
  local empty = #lines < 2 or lines[#lines] == ''
  M.append((empty and '' or '\n\n') .. text)
end

---@return integer line from 1: the last
function M.last()
  return vim.api.nvim_buf_line_count(M.buffer())
end

--- Fold the lines of what was thought.
---@param first integer
---@param last integer
function M.fold(first, last)
  table.insert(folds, { first, last })
  local window = M.window()
  if window then
    fold(window, { first, last })
  end
end

function M.clear()
  local into = M.buffer()
  folds = {}
  vim.bo[into].modifiable = true
  vim.api.nvim_buf_set_lines(into, 0, -1, false, {})
  vim.bo[into].modifiable = false
end

return M
