-- The parts of a ghost text that can be accepted by themselves, each from its beginning.

local M = {}

--- Blanks and the word, or the signs, that follow them; what a word is, the buffer says.
---@param text string
---@return string
function M.word(text)
  return vim.fn.matchstr(text, [[^\_s*\%(\k\+\|\%(\k\@!\S\)\+\)]])
end

--- The rest of the line; at its end the next line, with the line break before it.
---@param text string
---@return string
function M.line(text)
  return text:match('^\n*[^\n]*')
end

--- For `get`: a function that takes `part` of what is offered.
---@param part fun(text: string): string
function M.taking(part)
  return function(item)
    local taken = part(item.insert_text)
    item.insert_text = taken ~= '' and taken or item.insert_text
    return item
  end
end

return M
