-- What setup{} gets as `machine` is the user's own: hosts, models, keys. The server is told so at
-- its command line, and what plugins merge from files of a workspace must not take its place.

local M = {}

local function vouched(section, machine)
  if type(section) ~= 'table' then
    return section
  end
  return vim.tbl_extend('force', section, { machine = machine })
end

--- The server's process.
---@param cmd string[]
---@param machine table
function M.command(cmd, machine)
  cmd = vim.list_extend(vim.list_slice(cmd), { '--machine-scoped' })
  return function(dispatchers, config)
    local spawn = { cwd = config.cmd_cwd, env = config.cmd_env, detached = config.detached }
    local rpc = vim.lsp.rpc.start(cmd, dispatchers, spawn)
    local notify = rpc.notify
    rpc.notify = function(method, params)
      if method == 'workspace/didChangeConfiguration' and type(params.settings) == 'table' then
        local section = vouched(params.settings.inglenook, machine)
        params = { settings = { inglenook = section } }
      end
      return notify(method, params)
    end
    return rpc
  end
end

--- Answers the server's question for the settings.
---@param machine table
function M.handlers(machine)
  return {
    ['workspace/configuration'] = function(err, params, ctx)
      local answer = vim.lsp.handlers['workspace/configuration'](err, params, ctx)
      return vim.tbl_map(function(section)
        return vouched(section, machine)
      end, answer)
    end,
  }
end

return M
