-- The requests for a ghost: at most one is on its way, and only its answer counts.

local ghost = require('inglenook.ghost')
local offers = require('inglenook.offer')
local pause = require('inglenook.pause')

local M = {}
local METHOD = 'textDocument/inlineCompletion'
local INVOKED, AUTOMATIC = 1, 2 -- LSP 3.18, InlineCompletionTriggerKind
local pending -- { client, id, buf, tick, cursor, kind }: the newest request, answered or not

function M.cancel()
  if pending and pending.id and pending.client.requests[pending.id] then
    pending.client:cancel_request(pending.id)
  end
  pending = nil
end

local function request(client, buf, kind, answered)
  local tick, cursor = vim.b[buf].changedtick, vim.api.nvim_win_get_cursor(0)
  local is_same = pending and pending.buf == buf and pending.tick == tick and pending.kind == kind
  if is_same and vim.deep_equal(pending.cursor, cursor) then
    return -- One key can raise several events.
  end
  M.cancel()
  local asked = { client = client, buf = buf, tick = tick, cursor = cursor, kind = kind }
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  params.context = { triggerKind = kind }
  local after = offers.behind()
  pending = asked
  local _
  _, asked.id = client:request(METHOD, params, function(err, result)
    if err or pending ~= asked or vim.api.nvim_get_mode().mode:sub(1, 1) ~= 'i' then
      return -- Failed, superseded, or the user went on.
    end
    local list = {}
    for _, item in ipairs((result or {}).items or result or {}) do
      table.insert(list, offers.of(item, client, params, after))
    end
    answered(list)
  end, buf)
end

--- The user typed: ask for what fits now.
---@param client vim.lsp.Client
---@param buf integer
function M.automatic(client, buf)
  if ghost.is_dismissed(buf) then
    return
  elseif pause.is_paused(buf) then
    return M.cancel()
  end
  request(client, buf, AUTOMATIC, ghost.show)
end

--- The user wants to see something else: the next of what was offered, or of a new answer.
---@param client vim.lsp.Client
---@param buf integer
function M.next(client, buf)
  if ghost.step() then
    return
  end
  local seen = ghost.rest()
  pending = nil -- which a new request would wait for in vain
  request(client, buf, INVOKED, function(list)
    for _ = 1, #list do -- What is on the screen already comes last.
      if offers.rest(list[1]) ~= seen then
        break
      end
      table.insert(list, table.remove(list, 1))
    end
    ghost.show(list, { chosen = true })
  end)
end

return M
