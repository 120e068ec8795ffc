-- Inglenook for Neovim: starts the language server and shows what it sends.

local content = require('inglenook.content')
local machine = require('inglenook.machine')
local models = require('inglenook.models')
local others = require('inglenook.others')

local M = {}

---@class inglenook.Status
---@field state 'starting'|'idle'|'busy'|'loading'|'offline'|'refused'
---@field text? string
---@field model? string
---@field locality? string how surely the model runs on this machine
M.status = { state = 'starting' }

---@class inglenook.Options
---@field cmd? string[] the server (default: { 'inglenook', 'serve' })
---@field accept? string|false the key that accepts a ghost (default: '<Tab>'; false: none)
---@field native? boolean let Neovim draw the ghost text, from 0.12 on (default: false)
---@field enabled? boolean false: no completions
---@field automatic? boolean false: completions only when they are asked for
---@field disabled_languages? string[] file types without completions
---@field models? table<string, any> names of your models to use, by role
---@field machine? table what config.yaml would say, and before it

--- One server serves every workspace folder; tell it about a buffer's.
local function add_folder(client, buf)
  local root = vim.fs.root(buf, client.config.root_markers or {})
  local uri = root and vim.uri_from_fname(root)
  local folders = client.workspace_folders or {}
  for _, folder in ipairs(folders) do
    if folder.uri == uri then
      return
    end
  end
  if uri then
    local folder = { uri = uri, name = root }
    client.workspace_folders = vim.list_extend(folders, { folder })
    client:notify('workspace/didChangeWorkspaceFolders', {
      event = { added = { folder }, removed = {} },
    })
  end
end

--- Do what `key` did before it was mapped here.
local function press(key, before)
  local keys = before.rhs or key
  if before.callback then
    keys = before.callback()
  elseif before.expr == 1 then
    keys = vim.api.nvim_eval(before.rhs)
  end
  if before.callback == nil or before.expr == 1 then
    keys = vim.api.nvim_replace_termcodes(keys, true, true, true)
    -- Before the keys that were typed since.
    vim.api.nvim_feedkeys(keys, before.noremap == 0 and 'im' or 'in', false)
  end
end

--- Not an expression: Neovim evaluates those while it looks ahead, before the keys that were
--- typed first are in the buffer, and what is offered would be compared with too little.
local function map(key)
  local before = vim.fn.maparg(key, 'i', false, true)
  vim.keymap.set('i', key, function()
    if not M.accept() then
      press(key, before)
    end
  end, { desc = 'Accept the ghost text' })
end

--- What the server is told at its start; nothing if there is nothing to say.
local function init_options(options)
  local section = {
    enabled = options.enabled,
    automatic = options.automatic,
    disabledLanguages = options.disabled_languages,
    models = options.models,
    machine = options.machine,
  }
  return next(section) and { inglenook = section } or nil
end

local function add_command()
  vim.api.nvim_create_user_command('InglenookModel', function(command)
    if command.args == '' then
      models.choose()
    else
      M.select(command.args)
    end
  end, { nargs = '?', complete = models.complete, desc = 'Choose the model for completions' })
end

---@param options? inglenook.Options
function M.setup(options)
  options = options or {}
  local cmd = options.cmd or { 'inglenook', 'serve' }
  if vim.fn.executable(cmd[1]) == 0 then
    vim.notify(cmd[1] .. ' is not a program: install inglenook, or name it in setup{cmd=…}.', 3)
    return
  end
  local native = options.native and vim.lsp.inline_completion ~= nil
  M.ghost = require(native and 'inglenook.native' or 'inglenook.drawn')
  vim.api.nvim_set_hl(0, 'InglenookGhost', { link = 'NonText', default = true })

  local start, handlers = cmd, {}
  if options.machine then
    start, handlers = machine.command(cmd, options.machine), machine.handlers(options.machine)
  end
  vim.lsp.config('inglenook', {
    cmd = native and M.ghost.command(start) or start,
    init_options = init_options(options),
    capabilities = {
      textDocument = { inlineCompletion = { dynamicRegistration = false } },
      workspace = content.capabilities,
    },
    reuse_client = function(client, config)
      return client.name == config.name and not client:is_stopped()
    end,
    on_init = M.ghost.on_init,
    on_attach = function(client, buf)
      add_folder(client, buf)
      M.ghost.on_attach(client, buf)
    end,
    on_exit = function()
      M.status = { state = 'offline', text = 'The server has ended.' }
    end,
    handlers = vim.tbl_extend('error', content.handlers, handlers, {
      ['inglenook/status'] = function(_, status)
        M.status = status
        vim.cmd.redrawstatus()
      end,
    }),
  })
  content.setup()
  others.setup()
  add_command()
  vim.lsp.enable('inglenook')
  if options.accept ~= false then
    map(options.accept or '<Tab>')
  end
end

--- Whether a ghost text that can be accepted is on the screen.
---@return boolean
function M.visible()
  return M.ghost ~= nil and M.ghost.visible()
end

--- Insert the ghost text; false if there is none.
---@return boolean
function M.accept()
  return M.ghost ~= nil and M.ghost.accept()
end

--- Choose the model for the folder of this buffer; 'automatic' takes the choice back.
---@param name string
---@param options? { language?: string } only files of one language
function M.select(name, options)
  models.select(name, options)
end

--- For a status line: set statusline+=%{v:lua.require'inglenook'.statusline()}
---@return string
function M.statusline()
  local status = M.status
  local words = { 'inglenook:', status.state }
  if status.model and status.model ~= '' then
    -- Where it runs is said if that is not here.
    local elsewhere = status.locality == 'allow-listed remote' and ', ' .. status.locality or ''
    table.insert(words, '(' .. status.model .. elsewhere .. ')')
  end
  return table.concat(words, ' ')
end

return M
