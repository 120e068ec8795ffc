-- `:Inglenook edit <instruction>`: a checked edit of lines of a buffer, shown before it is applied.

local diff = require('inglenook.diff')
local proposal = require('inglenook.proposal')
local say = require('inglenook.say')
local selection = require('inglenook.selection')

local M = {}
local running -- { client, id, buf, window, tick, lines, uri }: the edit that is being written
local ready ---@type table? the proposal that the user has not looked at yet

--- Whether the user does nothing but wait: only then a window may open under their hands.
local function is_waiting(asked)
  local mode = vim.api.nvim_get_mode()
  return mode.mode == 'n'
    and not mode.blocking
    and vim.fn.getcmdwintype() == ''
    and vim.api.nvim_get_current_win() == asked.window
    and vim.api.nvim_get_current_buf() == asked.buf
    and vim.b[asked.buf].changedtick == asked.tick
end

local function arrived(asked, answer)
  local made, why = proposal.of(answer, asked)
  if made and is_waiting(asked) then
    why = diff.show(made)
  elseif made then
    _, why = proposal.current(made)
    ready = not why and made or nil
    why = why or 'the edit is ready; :Inglenook edit shows it.'
  end
  if why then
    say.say(why, not ready and vim.log.levels.WARN or nil)
  end
end

--- Show the edit that waits for that; false if none does.
---@return boolean
function M.show()
  local made = ready
  if not made then
    return false
  end
  ready = nil
  local why = diff.show(made)
  if why then
    say.say(why, vim.log.levels.WARN)
  end
  return true
end

--- What fails a check comes as a sentence, and nothing is shown.
---@param instruction string
---@param range? { first: integer, last: integer } lines from 1; nil: what is round the cursor
function M.edit(instruction, range)
  local buf = vim.api.nvim_get_current_buf()
  local client = say.serving(buf)
  if not client then
    return
  end
  M.stop()
  local asked = {
    client = client,
    buf = buf,
    uri = vim.uri_from_bufnr(buf),
    window = vim.api.nvim_get_current_win(),
    tick = vim.b[buf].changedtick,
    lines = vim.api.nvim_buf_get_lines(buf, 0, -1, false),
  }
  running, ready = asked, nil
  say.say('writing and checking the edit … (:Inglenook stop ends it.)')
  local _
  _, asked.id = client:request('inglenook/edit', {
    textDocument = { uri = asked.uri },
    range = range and selection.lsp(buf, range, client) or selection.cursor(client),
    instruction = instruction,
  }, function(err, answer)
    if running ~= asked then
      return
    end
    running = nil
    if err then
      say.say(err.message, vim.log.levels.WARN)
    else
      arrived(asked, answer)
    end
  end, buf)
end

--- End the edit that is being written; false if there is none.
---@return boolean
function M.stop()
  local asked = running
  if not asked then
    return false
  end
  running = nil
  asked.client:cancel_request(asked.id)
  say.say('the edit was stopped.')
  return true
end

--- A server has ended, and with it the edit that it was writing.
---@param client_id integer
function M.on_exit(client_id)
  if running and running.client.id == client_id then
    running = nil
    say.say('the server ended, and the edit with it; ask again.', vim.log.levels.WARN)
  end
end

--- Ask for the instruction.
---@param range? { first: integer, last: integer }
function M.ask(range)
  vim.ui.input({ prompt = 'Inglenook, edit: ' }, function(instruction)
    if instruction and instruction:match('%S') then
      M.edit(instruction, range)
    end
  end)
end

return M
