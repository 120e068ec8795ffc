-- Commands of the program that are best seen in a terminal: their progress is drawn there, and
-- <C-c> stops them, in Normal mode too: nobody has to type there.

local program = require('inglenook.program')
local say = require('inglenook.say')

local M = {}
local MODEL = 'qwen2.5-coder:0.5b'
local ABOUT = 'Qwen2.5-Coder 0.5B, 491 MB, Apache-2.0, from huggingface.co'

local function run(arguments, ended)
  vim.cmd('botright 12new')
  local job = vim.fn.jobstart(program.command(arguments), {
    term = true,
    on_exit = function(_, code)
      ended(code)
    end,
  })
  vim.keymap.set('n', '<C-c>', function()
    pcall(vim.api.nvim_chan_send, job, '\3') -- fails once it has ended
  end, { buffer = 0, nowait = true, desc = 'Stop it' })
  vim.cmd('normal! G') -- where what comes is followed
end

--- What was found on this machine, what is used, and what would mend it.
function M.doctor()
  run({ 'doctor' }, function() end)
end

--- Download a model for the embedded engine, if the user agrees to it.
---@param name? string
function M.get(name)
  name = name ~= '' and name or MODEL
  local about = name == MODEL and ABOUT or name
  vim.ui.select({ 'Download', 'Cancel' }, {
    prompt = ('Get %s? (Or start Ollama: its models are found.)'):format(about),
  }, function(choice)
    if choice ~= 'Download' then
      return
    end
    run({ 'models', 'get', name }, function(code)
      if code == 0 then
        say.say(name .. ' is here.')
        M.look_again()
      else
        say.say(name .. ' was not downloaded.', 3)
      end
    end)
  end)
end

--- Have the server look for models at once, not when it would do so by itself.
function M.look_again()
  for _, client in ipairs(vim.lsp.get_clients({ name = 'inglenook' })) do
    client:notify('workspace/didChangeConfiguration', { settings = client.settings })
  end
end

return M
