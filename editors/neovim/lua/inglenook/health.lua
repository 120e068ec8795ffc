-- `:checkhealth inglenook`

local program = require('inglenook.program')

local M = {}

local function check_editor()
  if vim.fn.has('nvim-0.11') == 0 then
    return vim.health.error('Neovim 0.11 or newer is needed.')
  end
  local version = tostring(vim.version())
  vim.health.ok(('Neovim %s'):format(version))
  vim.health.info(require('inglenook').native and 'Neovim draws the ghost text (native = true).'
    or 'The plugin draws the ghost text.')
end

local function check_program()
  local command = program.command({ '--version' })
  if vim.fn.executable(command[1]) == 0 then
    return vim.health.error(command[1] .. ' is not a program.', {
      'Install it from a clone: ' .. program.INSTALL .. '.',
      "Or name it: require('inglenook').setup { cmd = { '/path/to/inglenook', 'serve' } }",
    })
  end
  local ok, done = pcall(function()
    return vim.system(command, { text = true }):wait(10000)
  end)
  if ok and done.code == 0 then
    vim.health.ok(vim.trim(done.stdout))
  else
    vim.health.error(table.concat(command, ' ') .. ' failed.')
  end
end

local function check_server()
  local client = require('inglenook.say').running()
  if not client then
    return vim.health.warn('The server is not running.', { 'Edit a file that has a file type.' })
  end
  local buffers = vim.tbl_count(client.attached_buffers)
  vim.health.ok(('The server runs, with %d buffers.'):format(buffers))
  local status = require('inglenook.status')
  local state, told = status.now.state, status.told()
  if state == 'offline' or state == 'refused' then
    vim.health.error(told, { ':Inglenook doctor', ':Inglenook get' })
  else
    vim.health.ok(told)
  end
end

local function check_keys()
  for name, key in pairs(require('inglenook').keys) do
    local map = key and vim.fn.maparg(key, 'i', false, true) or {}
    if key and not vim.startswith(map.desc or '', 'Inglenook: ') then
      vim.health.warn(('%s (%s) is mapped by something else.'):format(key, name), {
        "Call setup{} last, or use require('inglenook').accept() in your own mapping.",
      })
    elseif key then
      vim.health.ok(('%s: %s'):format(key, name))
    end
  end
  local others = require('inglenook.others').providers()
  if #others > 0 then
    vim.health.warn('Completions come from these too: ' .. table.concat(others, ', '))
  end
end

function M.check()
  vim.health.start('inglenook')
  check_editor()
  check_program()
  if not require('inglenook').keys then
    return vim.health.error("require('inglenook').setup {} was not called.", {
      'Call it in your init.lua; :help inglenook-setup.',
    })
  end
  check_server()
  check_keys()
end

return M
