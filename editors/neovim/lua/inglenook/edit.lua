-- `:Inglenook edit <instruction>`: a checked edit of lines of a buffer, shown before it is applied.

local diff = require('inglenook.diff')
local say = require('inglenook.say')
local selection = require('inglenook.selection')

local M = {}
local running -- { client, id }: the edit that is being written

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
  local tick, asked = vim.b[buf].changedtick, { client = client }
  running = asked
  say.say('writing and checking the edit … (:Inglenook stop ends it.)')
  local _
  _, asked.id = client:request('inglenook/edit', {
    textDocument = { uri = vim.uri_from_bufnr(buf) },
    range = range and selection.lsp(buf, range, client) or selection.cursor(client),
    instruction = instruction,
  }, function(err, answer)
    if running ~= asked then
      return
    end
    running = nil
    if err then
      say.say(err.message, vim.log.levels.WARN)
    elseif vim.api.nvim_buf_is_loaded(buf) then
      diff.show(buf, client, answer, tick)
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
