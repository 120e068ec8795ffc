-- An edit of one buffer that was checked and not yet accepted:
--   { buf, was, edits, encoding, title, model, notes }   `was`: the lines that it was made for.

local M = {}
local diff = vim.text and vim.text.diff or vim.diff

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

---@param answer table that of `inglenook/edit`
---@param asked { buf: integer, lines: string[], uri: string, client: vim.lsp.Client }
---@return table? proposal, string? why there is none
function M.of(answer, asked)
  local edits, others = edits_of(answer.edit, asked.uri)
  if others > 0 then
    return nil, 'the edit is about other files too; it is not shown here.'
  end
  return {
    buf = asked.buf,
    was = asked.lines,
    edits = edits,
    encoding = asked.client.offset_encoding,
    title = answer.title,
    model = answer.model,
    notes = vim.list_extend(vim.list_extend({}, answer.notes), answer.notices),
  }
end

--- By how many lines an edit has moved; nil if its own lines were changed.
---@param hunks integer[][] as `result_type = 'indices'` has them
local function moved(edit, hunks)
  local from, to = edit.range.start, edit.range['end']
  local last = to.character == 0 and math.max(to.line - 1, from.line) or to.line
  local by = 0
  for _, hunk in ipairs(hunks) do
    local start, count, _, now = unpack(hunk)
    local first = count == 0 and start or start - 1 -- from 0, what is inserted stands before it
    if first + count <= from.line then
      by = by + now - count
    elseif first <= last then
      return nil
    end
  end
  return by
end

--- The edits as they fit the text that is there now.
---@return lsp.TextEdit[]? edits, string? why there are none
function M.current(made)
  if not vim.api.nvim_buf_is_loaded(made.buf) then
    return nil, 'the file of the edit is not open any more.'
  elseif not vim.bo[made.buf].modifiable then
    return nil, "the file of the edit cannot be changed ('nomodifiable')."
  end
  local lines = vim.api.nvim_buf_get_lines(made.buf, 0, -1, false)
  local was, now = table.concat(made.was, '\n') .. '\n', table.concat(lines, '\n') .. '\n'
  local hunks = diff(was, now, { result_type = 'indices' })
  local edits = vim.deepcopy(made.edits)
  for _, edit in ipairs(edits) do
    local by = moved(edit, hunks)
    if not by then
      return nil, 'the lines of the edit have changed since; ask again.'
    end
    edit.range.start.line = edit.range.start.line + by
    edit.range['end'].line = edit.range['end'].line + by
  end
  return edits
end

--- Whether the text is another than the one that the edit was checked with.
function M.is_moved(made)
  return not vim.deep_equal(made.was, vim.api.nvim_buf_get_lines(made.buf, 0, -1, false))
end

return M
