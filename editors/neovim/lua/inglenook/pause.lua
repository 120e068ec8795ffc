-- Where the user wants no ghost text for now: nowhere, in a language, or in a folder.

local M = {}
M.PLACES = { 'everywhere', 'language', 'folder' }
local everywhere = false
local languages = {} ---@type table<string, true>
local folders = {} ---@type table<string, true>

--- The folder that is meant by a buffer: its workspace's, else the one that it lies in.
local function folder_of(buf)
  local markers = vim.lsp.config.inglenook.root_markers or {}
  local file = vim.api.nvim_buf_get_name(buf)
  return vim.fs.root(buf, markers) or (file ~= '' and vim.fs.dirname(file) or vim.fn.getcwd())
end

--- Why there is no ghost text in a buffer; nil if there is.
---@param buf integer
---@return string?
function M.reason(buf)
  if everywhere then
    return 'everywhere'
  elseif languages[vim.bo[buf].filetype] then
    return 'for ' .. vim.bo[buf].filetype
  end
  local file = vim.api.nvim_buf_get_name(buf)
  for folder in pairs(folders) do
    if vim.fs.relpath(folder, file) then
      return 'in ' .. folder
    end
  end
end

---@param buf integer
---@return boolean
function M.is_paused(buf)
  return M.reason(buf) ~= nil
end

--- Pause, or go on if that is paused already.
---@param what ''|'everywhere'|'language'|'folder'
---@return string said what holds now, or why nothing was done
---@return boolean done
function M.toggle(what)
  local buf = vim.api.nvim_get_current_buf()
  if what ~= '' and not vim.list_contains(M.PLACES, what) then
    local places = table.concat(M.PLACES, ', ')
    return ('there is no pause %s; there are: %s.'):format(what, places), false
  elseif what == 'language' and vim.bo[buf].filetype == '' then
    return 'this buffer has no file type.', false
  end
  require('inglenook.ghost').hide()
  if what == 'language' then
    local language = vim.bo[buf].filetype
    languages[language] = not languages[language] or nil
  elseif what == 'folder' then
    local folder = folder_of(buf)
    folders[folder] = not folders[folder] or nil
  else
    everywhere = not everywhere
  end
  return M.said(buf), true
end

--- Take everything back.
function M.resume()
  everywhere, languages, folders = false, {}, {}
  return M.said(vim.api.nvim_get_current_buf())
end

---@param buf integer
---@return string
function M.said(buf)
  local reason = M.reason(buf)
  return reason and ('ghost text is paused %s.'):format(reason) or 'ghost text is on here.'
end

return M
