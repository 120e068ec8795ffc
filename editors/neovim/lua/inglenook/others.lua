-- What else offers completions in this Neovim: two that answer take turns on the screen.

local M = {}

local group = vim.api.nvim_create_augroup('inglenook.others', {})
local told = {} -- by the client's id: what its server knows

-- By what plugins leave behind once they are loaded: modules of Lua, variables, functions.
local MODULES = {
  copilot = 'GitHub Copilot',
  codeium = 'Codeium',
  ['supermaven-nvim'] = 'Supermaven',
  minuet = 'Minuet',
  tabnine = 'Tabnine',
  cmp_ai = 'cmp-ai',
}
local VARIABLES = { -- and the one that is false while the plugin is off
  { 'loaded_copilot', 'copilot_enabled', 'GitHub Copilot' },
  { 'loaded_codeium', 'codeium_enabled', 'Codeium' },
}
local FUNCTIONS = { ['llama#init'] = 'llama.vim' }
local CLIENTS = { copilot = 'GitHub Copilot' }

---@return string[] names, in order
function M.providers()
  local names = {}
  for module, name in pairs(MODULES) do
    names[name] = names[name] or package.loaded[module] ~= nil
  end
  for _, each in ipairs(VARIABLES) do
    local loaded, enabled, name = vim.g[each[1]], vim.g[each[2]], each[3]
    names[name] = names[name] or loaded ~= nil and enabled ~= 0 and enabled ~= false
  end
  for each, name in pairs(FUNCTIONS) do
    names[name] = vim.fn.exists('*' .. each) == 1
  end
  for _, client in ipairs(vim.lsp.get_clients()) do
    if client.name ~= 'inglenook' and client.server_capabilities.inlineCompletionProvider then
      names[CLIENTS[client.name] or client.name] = true
    end
  end
  local found = vim.tbl_filter(function(name)
    return names[name]
  end, vim.tbl_keys(names))
  table.sort(found)
  return found
end

local function tell()
  local providers = M.providers()
  local news = table.concat(providers, '\n')
  for _, client in ipairs(vim.lsp.get_clients({ name = 'inglenook' })) do
    if client.initialized and told[client.id] ~= news then
      told[client.id] = news
      client:notify('inglenook/otherProviders', { providers = providers })
    end
  end
end

--- Tell the server now and when it could be news: plugins are loaded late, at the first insert.
function M.setup()
  vim.api.nvim_create_autocmd({ 'LspAttach', 'LspDetach', 'InsertEnter' }, {
    group = group,
    callback = vim.schedule_wrap(tell),
  })
end

return M
