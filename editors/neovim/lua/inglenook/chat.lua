-- A conversation about code: questions go to the server with what is selected, and the answer
-- streams into a split.

local say = require('inglenook.say')
local selection = require('inglenook.selection')
local view = require('inglenook.chat_view')

local M = {}
local running -- { client, id, token, reasoning, text }: the answer that is being written
local source ---@type integer? the buffer that a follow-up is about
local asked = {} ---@type table<string, vim.lsp.Client> by the URI of each document in the split
local tokens = 0

--- Between what was thought, which is folded, and what is said.
local function end_reasoning(turn)
  if turn.reasoning then
    local last = view.last()
    view.append('\n\n') -- first: a line that is written to leaves its fold
    view.fold(turn.reasoning, last)
    turn.reasoning = nil
  end
end

local function write(turn, piece)
  if piece.reasoning ~= '' then
    if not turn.reasoning then
      view.append('> ')
      turn.reasoning = view.last()
    end
    view.append((piece.reasoning:gsub('\n', '\n> ')))
  end
  if piece.text ~= '' then
    end_reasoning(turn)
    view.append(piece.text)
    turn.said = true
  end
end

--- Pieces come as progress of a token of ours; all else is Neovim's.
M.handlers = {
  ['$/progress'] = function(err, params, ctx, ...)
    if type(params.token) == 'string' and vim.startswith(params.token, 'inglenook-chat-') then
      if running and running.token == params.token then
        write(running, params.value)
      end
      return
    end
    return vim.lsp.handlers['$/progress'](err, params, ctx, ...)
  end,
}

local function finish(turn, err, answer)
  if running ~= turn then
    return
  end
  running = nil
  end_reasoning(turn)
  if err then
    local stopped = err.code == vim.lsp.protocol.ErrorCodes.RequestCancelled or turn.stopped
    return view.paragraph(stopped and '*Stopped.*\n' or ('*%s*\n'):format(err.message))
  end
  if not turn.said then
    write(turn, { text = answer.text, reasoning = answer.reasoning })
    end_reasoning(turn)
  end
  local told = {}
  for _, each in ipairs(answer.used) do
    table.insert(told, ('%s (%s)'):format(each.path, each.what))
  end
  local lines = { ('Sent to %s: %s.'):format(answer.model, table.concat(told, ', ')) }
  if #told == 0 then
    lines = { ('Sent to %s: the question alone.'):format(answer.model) }
  end
  if answer.limited then
    table.insert(lines, 'The answer was cut: it reached its length.')
  end
  view.paragraph('*' .. table.concat(vim.list_extend(lines, answer.notices), ' ') .. '*\n')
end

local function heading(buf, lines, question)
  local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buf), ':t')
  name = name ~= '' and name or '[No Name]'
  local place = lines and (', lines %d to %d'):format(lines.first, lines.last) or ''
  view.paragraph(('## %s%s\n\n%s\n\n'):format(name, place, question))
end

--- What is asked about: what is here, or in the chat what it was about before.
---@return integer? buf, { first: integer, last: integer }? lines
local function subject(lines)
  local here = vim.api.nvim_get_current_buf()
  if not vim.b[here].inglenook_chat then
    return here, lines
  elseif source and vim.api.nvim_buf_is_loaded(source) then
    return source
  end
  say.say('the chat is about no file that is open; ask from one.', 3)
end

--- Ask about a buffer, which is the one that the conversation is about from then on.
---@param question string a first word like /explain stands for a longer question
---@param lines? { first: integer, last: integer } what is selected
---@param buf? integer
function M.ask(question, lines, buf)
  if not buf then
    buf, lines = subject(lines)
  end
  local client = buf and say.serving(buf)
  if not client then
    return
  end
  M.stop()
  source = buf
  tokens = tokens + 1
  local turn = { client = client, token = 'inglenook-chat-' .. tokens }
  M.show()
  heading(buf, lines, question)
  running = turn
  local uri = vim.uri_from_bufnr(buf)
  asked[uri] = client
  local _
  _, turn.id = client:request('inglenook/chat', {
    textDocument = { uri = uri },
    range = lines and selection.lsp(buf, lines, client) or nil,
    question = question,
    diagnostics = selection.diagnostics(buf, lines),
    partialResultToken = turn.token,
  }, function(err, answer)
    finish(turn, err, answer)
  end, buf)
end

--- Let the user type a question, about `lines` or as a follow-up in the chat.
---@param lines? { first: integer, last: integer }
function M.prompt(lines)
  local buf
  buf, lines = subject(lines)
  if not buf then
    return
  end
  vim.ui.input({ prompt = 'Inglenook, ask: ' }, function(question)
    if question and question:match('%S') and vim.api.nvim_buf_is_loaded(buf) then
      M.ask(question, lines, buf)
    end
  end)
end

--- End the answer that is being written; false if there is none.
---@return boolean
function M.stop()
  local turn = running
  if not turn then
    return false
  end
  turn.stopped = true
  turn.client:cancel_request(turn.id)
  finish(turn, { message = 'stopped' })
  return true
end

--- A server has ended, and with it the answer that it was writing.
---@param client_id integer
function M.on_exit(client_id)
  if running and running.client.id == client_id then
    finish(running, { message = 'The server ended, and the answer with it; ask again.' })
  end
end

view.on_gone = function()
  if running then
    running.client:cancel_request(running.id)
    running = nil
  end
end

--- Forget what was said about each document in the split, and about this one; empty the split.
function M.anew()
  M.stop()
  local buf = subject()
  local client = buf and say.serving(buf)
  if client then
    asked[vim.uri_from_bufnr(buf)] = client
  end
  for uri, each in pairs(asked) do
    if not each:is_stopped() then -- else its server has forgotten everything
      each:request('inglenook/forgetChat', { textDocument = { uri = uri } }, function() end)
    end
  end
  asked = {}
  view.clear()
end

--- Keys in the split: <CR> asks on, <C-c> stops, q closes.
view.on_made = function(buf)
  local function map(key, done, about)
    vim.keymap.set('n', key, done, { buffer = buf, nowait = true, desc = about })
  end
  map('<CR>', function()
    M.prompt()
  end, 'Ask on')
  map('<C-c>', M.stop, 'Stop the answer')
  map('q', function()
    view.close(source)
  end, 'Close the chat')
end

--- Open the split.
function M.show()
  view.open()
end

return M
