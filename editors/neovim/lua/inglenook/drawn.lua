-- Ghost text that this plugin draws itself: for Neovim 0.11, or where its 200 ms are too long.

local offers = require('inglenook.offer')

local M = {}
local METHOD = 'textDocument/inlineCompletion'
local namespace = vim.api.nvim_create_namespace('inglenook')
local group = vim.api.nvim_create_augroup('inglenook.drawn', {})
local current -- the offer on the screen
local pending -- { client, id, buf, tick, cursor }: the newest request, answered or not

local function clear(buf)
  if vim.api.nvim_buf_is_valid(buf) then
    vim.api.nvim_buf_clear_namespace(buf, namespace, 0, -1)
  end
end

local function draw()
  local text = offers.rest(current)
  if current then
    clear(current.buf)
  end
  if not text then
    current = nil
    return
  end
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  local lines = vim.tbl_map(function(line)
    return { { line, 'InglenookGhost' } }
  end, vim.split(text, '\n', { plain = true }))
  vim.api.nvim_buf_set_extmark(current.buf, namespace, row - 1, col, {
    virt_text = table.remove(lines, 1),
    virt_text_pos = 'inline',
    virt_lines = lines,
    hl_mode = 'combine',
  })
end

local function cancel()
  if pending and pending.id and pending.client.requests[pending.id] then
    pending.client:cancel_request(pending.id)
  end
  pending = nil
end

local function hide()
  cancel()
  if current then
    clear(current.buf)
    current = nil
  end
end

local function ask(client, buf)
  local tick, cursor = vim.b[buf].changedtick, vim.api.nvim_win_get_cursor(0)
  if pending and pending.tick == tick and vim.deep_equal(pending.cursor, cursor) then
    return -- One key can raise several events.
  end
  cancel()
  local request = { client = client, buf = buf, tick = tick, cursor = cursor }
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  params.context = { triggerKind = 2 } -- Automatic
  pending = request
  _, request.id = client:request(METHOD, params, function(err, result)
    if err or pending ~= request or vim.api.nvim_get_mode().mode ~= 'i' then
      return -- Failed, superseded, or the user went on.
    end
    local item = ((result or {}).items or result or {})[1]
    if current then
      clear(current.buf)
    end
    current = item and offers.of(item, client, params)
    draw()
  end, buf)
end

function M.on_attach(client, buf)
  vim.api.nvim_clear_autocmds({ group = group, buffer = buf })
  vim.api.nvim_create_autocmd({ 'InsertEnter', 'CursorMovedI', 'TextChangedI', 'TextChangedP' }, {
    group = group,
    buffer = buf,
    callback = function()
      if client:is_stopped() then
        return
      end
      draw()
      ask(client, buf)
    end,
  })
  vim.api.nvim_create_autocmd({ 'InsertLeave', 'BufLeave' }, {
    group = group,
    buffer = buf,
    callback = hide,
  })
end

function M.visible()
  return offers.rest(current) ~= nil
end

function M.accept()
  local offer = current
  hide()
  return offers.insert(offer)
end

return M
