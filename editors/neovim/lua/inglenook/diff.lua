-- An edit that was checked, shown as a diff in a tab page of its own: accept it, or discard it.

local say = require('inglenook.say')

local M = {}

local function scratch(lines, filetype)
  local buf = vim.api.nvim_create_buf(false, true) -- buftype is nofile, so no server is attached
  vim.bo[buf].bufhidden = 'wipe'
  vim.bo[buf].modeline = false
  vim.api.nvim_buf_set_lines(buf, 0, -1, false, lines)
  vim.bo[buf].filetype = filetype
  return buf
end

--- The edits of one document in a workspace edit, without what asks the user once more: the diff
--- does that.
---@param edit lsp.WorkspaceEdit
---@return lsp.TextEdit[] edits, integer others how many other documents it is about
local function edits_of(edit, uri)
  local found, others = {}, 0
  local changes = edit.documentChanges or {}
  for each, edits in pairs(edit.changes or {}) do
    table.insert(changes, { textDocument = { uri = each }, edits = edits })
  end
  for _, change in ipairs(changes) do
    if change.edits and change.textDocument.uri == uri then
      for _, each in ipairs(change.edits) do
        table.insert(found, { range = each.range, newText = each.newText })
      end
    else
      others = others + 1
    end
  end
  return found, others
end

--- Not by `:sbuffer`, which goes to a window that has the buffer already if 'switchbuf' says so.
local function open(buf, proposal, bar)
  vim.cmd('tab split')
  local tab = vim.api.nvim_get_current_tabpage()
  vim.api.nvim_win_set_buf(0, buf)
  vim.cmd('diffthis')
  vim.api.nvim_open_win(proposal, true, { split = 'right', win = 0 })
  vim.cmd('diffthis')
  vim.wo.winbar = say.one_line(bar)
  pcall(vim.cmd, 'normal! gg]c')
  return tab
end

--- Show what `answer` (that of `inglenook/edit`) makes of a buffer, and let the user decide.
---@param buf integer
---@param client vim.lsp.Client
---@param answer table
---@param tick integer the buffer's changedtick when it was asked for
function M.show(buf, client, answer, tick)
  local edits, others = edits_of(answer.edit, vim.uri_from_bufnr(buf))
  if others > 0 then
    return say.say('the edit is about other files too; it is not shown here.', 3)
  end
  if vim.b[buf].changedtick ~= tick then
    return say.say('the text has changed since; ask again.', 3)
  end
  local encoding = client.offset_encoding
  local lines = vim.api.nvim_buf_get_lines(buf, 0, -1, false)
  local proposal = scratch(lines, vim.bo[buf].filetype)
  vim.lsp.util.apply_text_edits(vim.deepcopy(edits), proposal, encoding)
  vim.bo[proposal].modifiable = false
  local bar = ('%s (%s). a: accept, q: discard.'):format(answer.title, answer.model)
  local notes = vim.list_extend(vim.list_extend({}, answer.notes), answer.notices)
  local tab = open(buf, proposal, table.concat(vim.list_extend({ bar }, notes), ' '))

  local function leave()
    if vim.api.nvim_tabpage_is_valid(tab) then
      vim.cmd.tabclose(vim.api.nvim_tabpage_get_number(tab))
    end
  end
  local function map(keys, done, about)
    for _, key in ipairs(keys) do
      vim.keymap.set('n', key, done, { buffer = proposal, nowait = true, desc = about })
    end
  end
  map({ 'a' }, function()
    leave()
    if vim.b[buf].changedtick ~= tick then
      return say.say('the text has changed since; nothing was applied.', 3)
    end
    vim.lsp.util.apply_text_edits(edits, buf, encoding)
    say.say(answer.title .. ': applied.')
  end, 'Accept the edit')
  map({ 'q', '<Esc>' }, function()
    leave()
    say.say('discarded.')
  end, 'Discard the edit')
end

return M
