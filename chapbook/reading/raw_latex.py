"""Our pandoc filter for raw LaTeX, which HTML cannot contain: it is read as LaTeX.

Only the listed commands are read, because pandoc's LaTeX reader skips unknown commands and takes
their arguments as words. Other raw LaTeX is left out, and reported with its line.
"""

from __future__ import annotations

RAW_TEX = r"""
local function set(names)
  local members = {}
  for name in names:gmatch("%S+") do members[name] = true end
  return members
end

local commands = set([[
  begin end item
  emph textbf textit textsl textsc texttt textrm textsf textsuperscript textsubscript underline
  footnote url href LaTeX TeX ldots dots slash textendash textemdash textquotedblleft
  textquotedblright textquoteleft textquoteright textdegree textmu texteuro pounds copyright
  hline toprule midrule bottomrule cline cmidrule multicolumn multirow caption centering
]])
local environments = set([[
  center flushleft flushright quote quotation verse itemize enumerate description tabular tabular*
  tabularx longtable table verbatim
]])
local math = set([[
  equation equation* align align* gather gather* multline multline* eqnarray eqnarray* flalign
  flalign* alignat alignat* displaymath math
]])

local function is_known(text)
  local first, last = text:match("^%s*\\begin%s*{([^}]*)}"), text:match("\\end%s*{([^}]*)}%s*$")
  if first and first == last and math[first] then return true end
  for command in text:gmatch("\\(%a+)") do
    if not commands[command] then return false end
  end
  for environment in text:gmatch("\\begin%s*{([^}]*)}") do
    if not environments[environment] then return false end
  end
  return true
end

local function blocks_of(raw)
  -- “tex” is LaTeX in the running text. “latex” is marked by the author as for LaTeX only.
  if raw.format ~= "tex" or not is_known(raw.text) then return nil end
  local is_read, document = pcall(pandoc.read, raw.text, "latex", nil, {})  -- {}: opens no file
  if not is_read then return nil end
  local has_content = pandoc.utils.stringify(document.blocks) ~= ""
  local function found() has_content = true end
  document.blocks:walk({Table = found, CodeBlock = found, Math = found, Note = found})
  return has_content and document.blocks or nil
end

function RawBlock(raw)
  return blocks_of(raw)
end

function RawInline(raw)
  local blocks = blocks_of(raw)
  if blocks and #blocks == 1 and blocks[1].content then
    return pandoc.utils.blocks_to_inlines(blocks)
  end
end
"""
"""The filter as a Lua program: raw LaTeX with well-known commands becomes pandoc's elements."""
