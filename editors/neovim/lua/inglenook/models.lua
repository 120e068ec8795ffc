-- Which model does what: what can be chosen is the server's word, what is chosen is the user's.

local M = {}

-- What people say for the roles of the server, and what is said of them.
local ROLES = { completions = 'autocomplete', chat = 'chat', edit = 'edit' }
local WORK = {
  { 'completions', 'completions' },
  { 'chat', 'chats, and edits unless they have their own' },
  { 'edit', 'edits' },
}
local AUTOMATIC = 'automatic' -- takes a choice back
local PATIENCE = 1000 -- milliseconds that completing a name may take

local say, running = require('inglenook.say').say, require('inglenook.say').running

local function request(method, params, answered)
  local client = running()
  if not client then
    return say('the server is not running.', vim.log.levels.WARN)
  end
  client:request(method, params, function(err, result)
    if err then
      say(err.message, vim.log.levels.ERROR)
    else
      answered(result)
    end
  end)
end

--- The models of an answer that are for a role.
local function able(result, role)
  return vim.tbl_filter(function(model)
    return vim.list_contains(model.roles, role)
  end, result.models)
end

--- What is in force for the file: said of the innermost folder, and of its language.
local function in_force(chosen, role)
  local file = vim.uv.fs_realpath(vim.api.nvim_buf_get_name(0)) or ''
  local found, best = nil, -1
  for _, each in ipairs(chosen) do
    local own = each.language == vim.bo.filetype
    local inside = each.folder == '' or vim.fs.relpath(each.folder, file) ~= nil
    local rank = 2 * #each.folder + (own and 1 or 0)
    if each.role == role and inside and (own or each.language == '') and rank > best then
      found, best = each, rank
    end
  end
  return found
end

local function described(model)
  if model.refused ~= '' then
    return ('%s (%s)'):format(model.name, model.refused)
  end
  local words = { model.backend, model.locality }
  if type(model.sizeBytes) == 'number' then
    table.insert(words, 2, ('%.1f GB'):format(model.sizeBytes / 1e9))
  end
  if model.loaded then
    table.insert(words, 'loaded')
  end
  local speed = type(model.speed) == 'table' and model.speed.predictedTokensPerSecond
  if type(speed) == 'number' then
    table.insert(words, ('%.0f tokens/s'):format(speed))
  end
  return ('%s (%s)'):format(model.name, table.concat(words, ', '))
end

--- Have `name` do what it is chosen for in this buffer's folder; 'automatic' takes that back.
---@param name string
---@param options? { language?: string, role?: string } only files of one language
function M.select(name, options)
  local here = vim.bo.buftype == '' and vim.api.nvim_buf_get_name(0) ~= ''
  local role = options and options.role or ROLES.completions
  request('inglenook/selectModel', {
    name = name == AUTOMATIC and '' or name,
    role = role,
    language = options and options.language,
    uri = here and vim.uri_from_bufnr(0) or nil,
  }, function(told)
    local what = role == ROLES.completions and '' or role .. ': '
    if told.text ~= '' then
      say(told.text, vim.log.levels.WARN)
    else
      say(('%s%s. %s'):format(what, told.name ~= '' and told.name or AUTOMATIC, told.why))
    end
  end)
end

local function choose(role, work)
  request('inglenook/models', vim.empty_dict(), function(result)
    local chosen = in_force(result.chosen, role)
    local current = chosen and chosen.name ~= '' and chosen.name or AUTOMATIC
    local items = { { name = AUTOMATIC, refused = '' } }
    vim.ui.select(vim.list_extend(items, able(result, role)), {
      prompt = 'Inglenook: model for ' .. work,
      format_item = function(item)
        local text = item.backend and described(item) or item.name
        return (item.name == current and '* ' or '  ') .. text
      end,
    }, function(item)
      if item and item.refused ~= '' then
        say(item.refused, vim.log.levels.WARN)
      elseif item then
        M.select(item.name, { role = role })
      end
    end)
  end)
end

--- Let the user choose: what for, and which.
function M.choose()
  vim.ui.select(WORK, {
    prompt = 'Inglenook: choose the model for',
    format_item = function(each)
      return each[2]
    end,
  }, function(each)
    if each then
      choose(ROLES[each[1]], each[2])
    end
  end)
end

--- What the command line says: `[completions|chat|edit] [NAME]`.
---@param words string
function M.named(words)
  local first, rest = words:match('^(%S+)%s*(.*)$')
  if not ROLES[first] then
    M.select(words)
  elseif rest == '' then
    choose(ROLES[first], first == 'edit' and 'edits' or first)
  else
    M.select(rest, { role = ROLES[first] })
  end
end

--- The words that begin so, for the command line.
---@param lead string
---@param before string what stands before it
function M.complete(lead, before)
  local said = vim.trim(before)
  local role = ROLES[said == '' and 'completions' or said]
  local client = role and running()
  local answer = client and client:request_sync('inglenook/models', vim.empty_dict(), PATIENCE)
  local names = role and { AUTOMATIC } or {}
  for _, model in ipairs(answer and answer.result and able(answer.result, role) or {}) do
    if model.refused == '' then
      table.insert(names, model.name)
    end
  end
  if said == '' then
    vim.list_extend(names, vim.tbl_map(function(each)
      return each[1]
    end, WORK))
  end
  return vim.tbl_filter(function(name)
    return vim.startswith(name:lower(), lead:lower())
  end, names)
end

return M
