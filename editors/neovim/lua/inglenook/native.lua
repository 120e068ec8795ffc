-- Ghost text that Neovim 0.12 draws (`vim.lsp.inline_completion`), with four things mended:
--   it skips what was typed since the request without comparing it (neovim #36529), so a wrong
--     ghost stays until the next answer and accepting one leaves stray characters;
--   an answer that comes when something else was typed is shown all the same;
--   an answer of null leaves the old ghost on the screen;
--   a CRLF in the text becomes a carriage return in the buffer.

local ghost = require('inglenook.ghost')
local offers = require('inglenook.offer')
local pause = require('inglenook.pause')

local M = {}
local METHOD = 'textDocument/inlineCompletion'
local AUTOMATIC = 2 -- LSP 3.18, InlineCompletionTriggerKind
local namespace = vim.api.nvim_create_namespace('nvim.lsp.inline_completion')
local group = vim.api.nvim_create_augroup('inglenook.native', {})

local function clear()
  vim.api.nvim_buf_clear_namespace(0, namespace, 0, -1)
end

M.foreign = { clear = clear }

--- Have Neovim let go of its ghost: it does so later, when further keys may be in.
function M.foreign.release()
  clear()
  vim.lsp.inline_completion.get({ on_accept = function() end })
end

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
      if method ~= METHOD or params.context.triggerKind ~= AUTOMATIC then
        return request(method, params, callback, ...)
      end
      local after = offers.behind()
      return request(method, params, function(err, result)
        -- An automatic request is answered with one item at most.
        local item = result and (result.items or result)[1]
        local offer = item and offers.of(item, M.client, params, after)
        if offer and pause.is_paused(offer.buf) then
          offer = nil
        end
        if offer and not offers.rest(offer) then
          return -- Too late: something else was typed meanwhile, and Neovim would show it.
        end
        -- What Neovim showed before goes by itself, and what the user picked stays.
        if not (offer and ghost.rest() and ghost.is_chosen()) then
          ghost.show({ offer }, { foreign = M.foreign })
        end
        if offer and (ghost.is_chosen() or ghost.is_dismissed(offer.buf)) then
          offer = nil
        end
        if offer then
          item.insertText = offer.text
        end
        callback(err, not err and { items = { offer and item } } or nil)
      end, ...)
    end
    return rpc
  end
end

function M.on_init(client)
  M.client = client
end

function M.on_attach(client, buf)
  -- For this buffer and client: for the client alone, Neovim 0.12 does so in its first buffer only.
  vim.schedule(function()
    if client.attached_buffers[buf] then
      vim.lsp.inline_completion.enable(true, { client_id = client.id, bufnr = buf })
    end
  end)
  vim.api.nvim_clear_autocmds({ group = group, buffer = buf })
  vim.api.nvim_create_autocmd({ 'CursorMovedI', 'TextChangedI', 'TextChangedP' }, {
    group = group,
    buffer = buf,
    -- Neovim's own handler of these events has just drawn the old ghost at the new place.
    callback = vim.schedule_wrap(function()
      if vim.api.nvim_get_current_buf() ~= buf then
        return
      end
      ghost.draw()
      if not ghost.is_foreign() then
        clear()
      end
    end),
  })
  vim.api.nvim_create_autocmd({ 'InsertLeave', 'BufLeave' }, {
    group = group,
    buffer = buf,
    callback = ghost.hide,
  })
end

--- Neovim takes a client out of a buffer that ends only if the buffer was enabled by itself, and
--- would ask it at the next key. So it is enabled, for as long as that takes.
local function take_out(client, buf)
  local completion = vim.lsp.inline_completion
  local was = completion.is_enabled({ bufnr = buf })
  completion.enable(true, { bufnr = buf })
  completion.enable(false, { bufnr = buf, client_id = client.id })
  if not was then
    completion.enable(false, { bufnr = buf })
  end
end

--- The server has this buffer no more: nothing of it stays on the screen.
---@param client vim.lsp.Client
---@param buf integer
function M.on_detach(client, buf)
  vim.api.nvim_clear_autocmds({ group = group, buffer = buf })
  take_out(client, buf)
  ghost.hide()
end

return M
