-- Sentences for the user, and the running server.

local M = {}

---@param text string
---@param level? integer of vim.log.levels
function M.say(text, level)
  vim.notify('inglenook: ' .. text, level or vim.log.levels.INFO)
end

---@return vim.lsp.Client?
function M.running()
  local client = vim.lsp.get_clients({ name = 'inglenook' })[1]
  return client and client.initialized and client or nil
end

--- The server that has this buffer; nil, with a sentence said, if none has.
---@param buf integer
---@return vim.lsp.Client?
function M.serving(buf)
  local client = vim.lsp.get_clients({ name = 'inglenook', bufnr = buf })[1]
  if client and client.initialized then
    return client
  end
  M.say('the server does not have this buffer: is it a file with a file type?', 3)
end

--- One line of it that can go into a status line or a window bar.
---@param text string
function M.one_line(text)
  return (text:gsub('%s+', ' '):gsub('%%', '%%%%'))
end

return M
