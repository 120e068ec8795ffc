-- Lines of a buffer as the protocol has them.

local M = {}

--- Whole lines, without the line break of the last.
---@param buf integer
---@param lines { first: integer, last: integer } from 1
---@param client vim.lsp.Client
---@return lsp.Range
function M.lsp(buf, lines, client)
  local last = vim.api.nvim_buf_get_lines(buf, lines.last - 1, lines.last, false)[1] or ''
  return {
    start = { line = lines.first - 1, character = 0 },
    ['end'] = { line = lines.last - 1, character = vim.str_utfindex(last, client.offset_encoding) },
  }
end

--- Nothing selected: the cursor.
---@param client vim.lsp.Client
---@return lsp.Range
function M.cursor(client)
  local position = vim.lsp.util.make_position_params(0, client.offset_encoding).position
  return { start = position, ['end'] = position }
end

--- What the editor has to say about these lines.
---@param buf integer
---@param lines? { first: integer, last: integer }
---@return lsp.Diagnostic[]
function M.diagnostics(buf, lines)
  local found = vim.tbl_filter(function(each)
    return not lines or (each.lnum >= lines.first - 1 and each.lnum <= lines.last - 1)
  end, vim.diagnostic.get(buf))
  return vim.lsp.diagnostic.from(found)
end

return M
