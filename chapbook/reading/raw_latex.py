"""Our pandoc filter for raw LaTeX: what Markdown's other writers would drop, read as LaTeX.

Only commands of the list are, because pandoc's reader passes over those that it does not know and
takes their arguments for words. The others stay raw, are not carried, and are told with their line.
"""

from __future__ import annotations

RAW_TEX = r"""
local function set(names)
  local made = {}
  for name in names:gmatch("%S+") do made[name] = true end
  return made
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
  -- “tex” stands in the text as it is; “latex” is for LaTeX alone, as its author says.
  if raw.format ~= "tex" or not is_known(raw.text) then return nil end
  local read, made = pcall(pandoc.read, raw.text, "latex", nil, {})  -- {}: it opens no file
  if not read then return nil end
  local says = pandoc.utils.stringify(made.blocks) ~= ""
  local function speak() says = true end
  made.blocks:walk({Table = speak, CodeBlock = speak, Math = speak, Note = speak})
  return says and made.blocks or nil
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
"""Raw LaTeX of the commands that authors know by heart becomes what it says."""
