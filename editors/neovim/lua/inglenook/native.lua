-- Ghost text that Neovim 0.12 draws (`vim.lsp.inline_completion`), with three things mended:
--   it skips what was typed since the request without comparing it (neovim #36529), so a wrong
--     ghost stays until the next answer and accepting one leaves stray characters;
--   an answer of null leaves the old ghost on the screen;
--   a CRLF in the text becomes a carriage return in the buffer.

local offers = require('inglenook.offer')

local M = {}
local METHOD = 'textDocument/inlineCompletion'
local namespace = vim.api.nvim_create_namespace('nvim.lsp.inline_completion')
local group = vim.api.nvim_create_augroup('inglenook.native', {})
local latest -- the offer of the newest answer, if it made one

--- The server's process, its answers mended before Neovim's client sees them.
---@param cmd string[]|function a program, or what starts one as the result does
---@return fun(dispatchers: vim.lsp.rpc.Dispatchers, config: table): vim.lsp.rpc.PublicClient
function M.command(cmd)
  return function(dispatchers, config)
    local spawn = { cwd = config.cmd_cwd, env = config.cmd_env, detached = config.detached }
    local rpc = type(cmd) == 'function' and cmd(dispatchers, config)
      or vim.lsp.rpc.start(cmd, dispatchers, spawn)
    local request = rpc.request
    rpc.request = function(method, params, callback, ...)
      if method ~= METHOD then
        return request(method, params, callback, ...)
      end
      return request(method, params, function(err, result)
        -- An automatic request, and Neovim makes no other, is answered with one item at most.
        local item = result and (result.items or result)[1]
        latest = item and offers.of(item, M.client, params)
        if latest then
          item.insertText = latest.text
        end
        callback(err, not err and { items = { latest and item } } or nil)
      end, ...)
    end
    return rpc
  end
end

function M.on_init(client)
  M.client = client
  vim.lsp.inline_completion.enable(true, { client_id = client.id })
end

function M.on_attach(_, buf)
  vim.api.nvim_clear_autocmds({ group = group, buffer = buf })
  vim.api.nvim_create_autocmd({ 'CursorMovedI', 'TextChangedP' }, {
    group = group,
    buffer = buf,
    -- Neovim's own handler of these events has just drawn the old ghost at the new place.
    callback = vim.schedule_wrap(function()
      if not offers.rest(latest) and vim.api.nvim_buf_is_valid(buf) then
        vim.api.nvim_buf_clear_namespace(buf, namespace, 0, -1)
      end
    end),
  })
  vim.api.nvim_create_autocmd('InsertLeave', {
    group = group,
    buffer = buf,
    callback = function()
      latest = nil
    end,
  })
end

function M.visible()
  return offers.rest(latest) ~= nil
end

function M.accept()
  local accepted = offers.insert(latest)
  latest = nil
  -- Only now may Neovim let go of its ghost: it does so later, when further keys may be in.
  vim.lsp.inline_completion.get({ on_accept = function() end })
  return accepted
end

return M
