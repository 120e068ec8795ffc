-- `:Inglenook …`, one command for everything.

local M = {}

local function lines(command)
  return command.range > 0 and { first = command.line1, last = command.line2 } or nil
end

--- The range of a command, with columns if it is what was selected by characters: `:` in Visual
--- mode gives the lines of the selection only, and the marks have the rest.
local function range(command)
  local first, last = { command.line1, 0 }, { command.line2, math.huge }
  local from, to = vim.api.nvim_buf_get_mark(0, '<'), vim.api.nvim_buf_get_mark(0, '>')
  if vim.fn.visualmode() == 'v' and from[1] == first[1] and to[1] == last[1] then
    first, last = from, to
  end
  local is_exclusive = vim.o.selection == 'exclusive'
  local width = #vim.fn.getline(last[1]) - (is_exclusive and 0 or 1)
  return { start = first, ['end'] = { last[1], math.max(math.min(last[2], width), 0) } }
end

local function say(text, level)
  require('inglenook.say').say(text, level)
end

local function starting(words)
  return function(lead)
    return vim.tbl_filter(function(word)
      return vim.startswith(word, lead)
    end, words)
  end
end

---@class inglenook.Command
---@field run fun(rest: string, command: table)
---@field complete? fun(lead: string, before: string): string[]
---@field words? boolean whether more words than the first are completed

---@type table<string, inglenook.Command>
local COMMANDS = {
  chat = {
    run = function(rest, command)
      local chat = require('inglenook.chat')
      if command.bang then
        chat.anew()
      end
      if rest ~= '' then
        chat.ask(rest, lines(command))
      elseif not command.bang then
        chat.show()
        chat.prompt(lines(command))
      end
    end,
    complete = starting({ '/explain', '/fix', '/test', '/doc', '/optimize', '/commit' }),
  },
  stop = {
    run = function()
      local edit, chat = require('inglenook.edit').stop(), require('inglenook.chat').stop()
      if not (edit or chat) then
        say('nothing is being written.')
      end
    end,
  },
  edit = {
    run = function(rest, command)
      local edit = require('inglenook.edit')
      if rest ~= '' then
        edit.edit(rest, lines(command))
      elseif command.range > 0 or not edit.show() then
        edit.ask(lines(command))
      end
    end,
  },
  refactor = {
    run = function(_, command)
      vim.lsp.buf.code_action({
        context = { only = { 'refactor' }, diagnostics = {} },
        range = command.range > 0 and range(command) or nil,
      })
    end,
  },
  model = {
    run = function(rest)
      local models = require('inglenook.models')
      if rest == '' then
        models.choose()
      else
        models.named(rest)
      end
    end,
    words = true,
    complete = function(lead, before)
      return require('inglenook.models').complete(lead, before)
    end,
  },
  status = {
    run = function()
      say(require('inglenook.status').told())
    end,
  },
  explain = {
    run = function()
      vim.cmd('split inglenook://prompt')
    end,
  },
  pause = {
    run = function(rest)
      local told, done = require('inglenook.pause').toggle(rest)
      say(told, not done and 4 or nil)
    end,
    complete = starting(require('inglenook.pause').PLACES),
  },
  resume = {
    run = function()
      say(require('inglenook.pause').resume())
    end,
  },
  doctor = {
    run = function()
      require('inglenook.terminal').doctor()
    end,
  },
  get = {
    run = function(rest)
      require('inglenook.terminal').get(rest)
    end,
    complete = starting({ 'qwen2.5-coder:0.5b' }),
  },
}

local function run(command)
  local name, rest = command.args:match('^(%S*)%s*(.-)%s*$')
  local found = COMMANDS[name == '' and 'status' or name]
  if not found then
    return say(('there is no :Inglenook %s.'):format(name), 4)
  elseif vim.fn.getcmdwintype() ~= '' then
    return say('leave the command-line window first.', 3)
  elseif not require('inglenook').start() then
    return
  end
  found.run(rest, command)
end

local function complete(lead, line)
  local name, rest = line:match('Inglenook!?%s+(%S+)%s+(.*)$')
  if name then
    local found = COMMANDS[name]
    local is_first = rest == lead
    if not (found and found.complete and (is_first or found.words)) then
      return {}
    end
    return found.complete(lead, rest:sub(1, #rest - #lead))
  end
  local names = vim.tbl_keys(COMMANDS)
  table.sort(names)
  return starting(names)(lead)
end

function M.setup()
  vim.api.nvim_create_user_command('Inglenook', run, {
    nargs = '*',
    range = true,
    bang = true,
    complete = complete,
    desc = 'Completions, chat and edits by local models',
  })
end

return M
