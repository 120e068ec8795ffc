-- An offer is text that the server proposes at a place in a buffer:
--   { buf, row, col, after, text, command }   row and col count from 0, col counts bytes; after is
--   what stood behind the cursor when it was asked for.

local M = {}

--- The buffer of a document. Not by `vim.uri_to_bufnr`, which makes one for a buffer without a name.
---@param uri string
---@return integer?
local function buffer_of(uri, client)
  local here = vim.api.nvim_get_current_buf()
  for _, buf in ipairs(vim.list_extend({ here }, vim.tbl_keys(client.attached_buffers))) do
    if vim.api.nvim_buf_is_loaded(buf) and vim.uri_from_bufnr(buf) == uri then
      return buf
    end
  end
end

---@param item lsp.InlineCompletionItem
---@param client vim.lsp.Client
---@param params lsp.InlineCompletionParams what the item answers
---@param after string
---@return table? offer nil if its place is gone
function M.of(item, client, params, after)
  local buf = buffer_of(params.textDocument.uri, client)
  if not buf then
    return nil
  end
  local start = item.range and item.range.start or params.position
  local line = vim.api.nvim_buf_get_lines(buf, start.line, start.line + 1, false)[1] or ''
  local ok, col = pcall(vim.str_byteindex, line, client.offset_encoding, start.character, true)
  return ok and {
    buf = buf,
    row = start.line,
    col = col,
    after = after,
    -- A buffer's lines have no line ends, whatever the file's are.
    text = item.insertText:gsub('\r\n?', '\n'),
    command = item.command,
    client = client,
  } or nil
end

--- What stands behind the cursor in its line.
---@return string
function M.behind()
  return vim.api.nvim_get_current_line():sub(vim.api.nvim_win_get_cursor(0)[2] + 1)
end

--- What is left of the offer after what was typed since; nil if something else was typed, or if
--- something came behind the cursor, as from a plugin that closes brackets.
---@return string?
function M.rest(offer)
  if not offer or vim.api.nvim_get_current_buf() ~= offer.buf then
    return nil
  end
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  row = row - 1
  if row < offer.row or (row == offer.row and col < offer.col) then
    return nil
  end
  local typed = vim.api.nvim_buf_get_text(offer.buf, offer.row, offer.col, row, col, {})
  local head = table.concat(typed, '\n')
  if M.behind() ~= offer.after then
    return nil
  end
  if #head < #offer.text and vim.startswith(offer.text, head) then
    return offer.text:sub(#head + 1)
  end
end

--- What `on_accept` is shown, and may change: as that of `vim.lsp.inline_completion.get`.
---@class inglenook.Item
---@field insert_text string what is left of the ghost after what was typed since
---@field client_id integer
---@field command? lsp.Command

--- Put what is left of the offer at the cursor; false if there is nothing left of it.
---@param offer table?
---@param on_accept? fun(item: inglenook.Item): inglenook.Item? what to put there; nil for nothing
---@return boolean
function M.insert(offer, on_accept)
  local rest = M.rest(offer)
  if not offer or not rest then
    return false
  end
  local item = { insert_text = rest, client_id = offer.client.id, command = offer.command }
  if on_accept then
    item = on_accept(item)
  end
  if not item then
    return true
  end
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  local lines = vim.split(item.insert_text, '\n', { plain = true })
  vim.api.nvim_buf_set_text(offer.buf, row - 1, col, row - 1, col, lines)
  local start = #lines == 1 and col or 0
  vim.api.nvim_win_set_cursor(0, { row + #lines - 1, start + #lines[#lines] })
  if item.command and item.insert_text == rest then -- which says that all of it was taken
    offer.client:exec_cmd(item.command, { bufnr = offer.buf })
  end
  return true
end

return M
