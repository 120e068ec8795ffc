-- Documents that the server makes, read-only: `:edit inglenook://prompt` says why the last prompt
-- is as it is. Neovim 0.12 does not know the requests (workspace/textDocumentContent).

local M = {}
local METHOD = 'workspace/textDocumentContent'

M.capabilities = { textDocumentContent = { dynamicRegistration = false } }

local function fill(buf, text)
  vim.bo[buf].modifiable = true
  vim.api.nvim_buf_set_lines(buf, 0, -1, false, vim.split(text, '\n', { plain = true }))
  vim.bo[buf].modifiable = false
  vim.bo[buf].modified = false
end

local function read(buf)
  local client = vim.lsp.get_clients({ name = 'inglenook' })[1]
  if not client then
    return fill(buf, 'The server is not running; edit a file first.')
  end
  client:request(METHOD, { uri = vim.api.nvim_buf_get_name(buf) }, function(err, result)
    if vim.api.nvim_buf_is_valid(buf) then
      fill(buf, err and err.message or result.text)
    end
  end)
end

--- The server says that a document has changed.
M.handlers = {
  [METHOD .. '/refresh'] = function(_, params)
    for _, buf in ipairs(vim.api.nvim_list_bufs()) do
      if vim.api.nvim_buf_is_loaded(buf) and vim.api.nvim_buf_get_name(buf) == params.uri then
        read(buf)
      end
    end
    return vim.NIL
  end,
}

function M.setup()
  vim.api.nvim_create_autocmd('BufReadCmd', {
    group = vim.api.nvim_create_augroup('inglenook.content', {}),
    pattern = 'inglenook://*',
    callback = function(event)
      vim.bo[event.buf].buftype = 'nofile' -- and so no server is attached
      vim.bo[event.buf].swapfile = false
      read(event.buf)
    end,
  })
end

return M
