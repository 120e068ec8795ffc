-- Inglenook for Neovim: starts the language server and shows what it sends.

local asking = require('inglenook.asking')
local chat = require('inglenook.chat')
local content = require('inglenook.content')
local edit = require('inglenook.edit')
local ghost = require('inglenook.ghost')
local keys = require('inglenook.keys')
local machine = require('inglenook.machine')
local models = require('inglenook.models')
local others = require('inglenook.others')
local parts = require('inglenook.parts')
local program = require('inglenook.program')
local restart = require('inglenook.restart')
local say = require('inglenook.say')
local status = require('inglenook.status')

local M = {}
local is_enabled = false -- by us: the user may have disabled it since

---@class inglenook.Options
---@field cmd? string[] the server (default: { 'inglenook', 'serve' })
---@field accept? string|false the key that accepts a ghost (default: '<Tab>'; false: none)
---@field accept_word? string|false its next word (default: '<C-Right>')
---@field accept_line? string|false its next line (default: '<C-Down>')
---@field next? string|false another one (default: '<M-]>')
---@field dismiss? string|false (default: '<C-]>')
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

local function map_keys(options)
  local acts = {
    { 'accept', '<Tab>', M.accept, 'accept the ghost text' },
    { 'accept_word', '<C-Right>', M.accept_word, 'accept a word of the ghost text' },
    { 'accept_line', '<C-Down>', M.accept_line, 'accept a line of the ghost text' },
    { 'next', '<M-]>', M.next, 'show another ghost text' },
    { 'dismiss', '<C-]>', M.dismiss, 'hide the ghost text' },
  }
  M.keys = {}
  keys.restore()
  for _, each in ipairs(acts) do
    local name, default, act, about = unpack(each)
    local key = options[name]
    key = key == nil and default or key
    M.keys[name] = key
    if key then
      keys.map(key, act, about)
    end
  end
end

local function configure(options, cmd)
  local drawing = require(M.native and 'inglenook.native' or 'inglenook.drawn')
  vim.api.nvim_create_autocmd('LspDetach', {
    group = vim.api.nvim_create_augroup('inglenook.detach', {}),
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if client and client.name == 'inglenook' then
        drawing.on_detach(client, event.buf)
      end
    end,
  })
  local start, handlers = cmd, {}
  if options.machine then
    start, handlers = machine.command(cmd, options.machine), machine.handlers(options.machine)
  end
  vim.lsp.config('inglenook', {
    cmd = M.native and drawing.command(start) or start,
    init_options = init_options(options),
    capabilities = {
      -- With it the server leaves the popup alone, in Neovim 0.11 too.
      textDocument = { inlineCompletion = { dynamicRegistration = false } },
      workspace = content.capabilities,
    },
    reuse_client = function(client, config)
      return client.name == config.name and not client:is_stopped()
    end,
    on_init = function(client)
      restart.watch(client)
      if drawing.on_init then
        drawing.on_init(client)
      end
    end,
    on_attach = function(client, buf)
      add_folder(client, buf)
      drawing.on_attach(client, buf)
    end,
    on_exit = function(_, _, client_id)
      vim.schedule(function()
        status.set({ state = 'offline', text = 'The server has ended.', model = '' })
        chat.on_exit(client_id)
        edit.on_exit(client_id)
        restart.on_exit(client_id)
      end)
    end,
    handlers = vim.tbl_extend('error', content.handlers, chat.handlers, handlers, {
      ['inglenook/status'] = function(_, now)
        status.set(now)
        status.advise(now)
      end,
    }),
  })
end

---@param options? inglenook.Options
function M.setup(options)
  options = options or {}
  local cmd = options.cmd or { 'inglenook', 'serve' }
  vim.g.inglenook_program = cmd
  M.native = options.native and vim.lsp.inline_completion ~= nil or false
  vim.api.nvim_set_hl(0, 'InglenookGhost', { link = 'NonText', default = true })
  vim.api.nvim_set_hl(0, 'InglenookGhostPlace', { link = 'Comment', default = true })
  configure(options, cmd)
  content.setup()
  others.setup()
  require('inglenook.command').setup()
  map_keys(options)
  is_enabled = false
  if program.missing() then -- in few words: many see this at each start
    return say.say(cmd[1] .. ' is not a program; :Inglenook says what to do.', 3)
  end
  M.start()
end

--- Have the server started; if the program is missing, say what to do, and that is done later.
---@return boolean
function M.start()
  local missing = program.missing()
  if missing then
    say.say(missing, 3)
  elseif not is_enabled then
    is_enabled = true
    vim.lsp.enable('inglenook')
  end
  return not missing
end

--- Whether a ghost text that can be accepted is on the screen.
---@return boolean
function M.visible()
  return ghost.rest() ~= nil
end

--- Insert the ghost text, or what `on_accept` makes of it; false if there is none.
--- As `vim.lsp.inline_completion.get`, but at once, and `on_accept` sees what is left of the text
--- after what was typed since; what it leaves of that stays on the screen.
---@param options? { on_accept?: fun(item: inglenook.Item): inglenook.Item? }
---@return boolean
function M.get(options)
  return ghost.take(options and options.on_accept)
end

---@return boolean
function M.accept()
  return M.get()
end

---@return boolean
function M.accept_word()
  return M.get({ on_accept = parts.taking(parts.word) })
end

---@return boolean
function M.accept_line()
  return M.get({ on_accept = parts.taking(parts.line) })
end

--- Show another ghost text; false if this buffer has no server.
---@return boolean
function M.next()
  local buf = vim.api.nvim_get_current_buf()
  local client = vim.lsp.get_clients({ name = 'inglenook', bufnr = buf })[1]
  if not client then
    return false
  end
  asking.next(client, buf)
  return true
end

--- Hide the ghost text until the text changes; false if there is none.
---@return boolean
function M.dismiss()
  asking.cancel()
  return ghost.dismiss()
end

--- Choose the model for the folder of this buffer; 'automatic' takes the choice back.
---@param name string
---@param options? { language?: string, role?: string } only files of one language
function M.select(name, options)
  models.select(name, options)
end

--- For a status line: set statusline+=%{v:lua.require'inglenook'.statusline()}
---@return string
function M.statusline()
  return status.line()
end

return setmetatable(M, {
  __index = function(_, key)
    return key == 'status' and status.now or nil
  end,
})
