"""Our own pandoc filters. Both the build and the check start from their result."""

from __future__ import annotations

from collections.abc import Mapping

from chapbook.model.plain_text import LOWERED, ORDINALS, RAISED


def lua_table(forms: Mapping[str, str]) -> str:
    """Return *forms* as the content of a Lua table, without the braces."""
    return ", ".join(f'["{sign}"] = "{form}"' for sign, form in forms.items())


PAGE_BREAKS = r"""
local tex = {newpage = true, pagebreak = true, clearpage = true, cleardoublepage = true}

local function is_break(raw)
  local command = raw.text:match("^%s*\\(%a+)%s*%[?%d?%]?%s*$")
  local comment = raw.text:match("^%s*<!%-%-([%s%a-]*)%-%->%s*$")
  comment = comment and comment:lower():gsub("[%s-]", "")
  return raw.format:match("tex") and tex[command] or raw.format == "html" and comment == "pagebreak"
end

local function page_break()
  return pandoc.Div({}, pandoc.Attr("", {"pagebreak"}))
end

function RawBlock(raw)
  if is_break(raw) then return page_break() end
end

function Para(block)
  local only = block.content[1]
  if #block.content == 1 and only.t == "RawInline" and is_break(only) then return page_break() end
end

function Div(div)
  if div.classes:includes("pagebreak") or div.classes:includes("page-break") then
    if #div.content == 0 then return page_break() end
  end
end
"""
"""Turns every notation of a page break into an empty div with one class."""

REFERENCES = r"""
local kinds = {fig = true, tbl = true, eq = true, sec = true, lst = true}
local known = {}  -- the identifiers of the text, all spelled with a hyphen
local has_bibliography = false

local function spelled(id)
  return (id:gsub("^(%a+):", "%1-"))
end

-- With a bibliography “fig-tree” may be the key of a work. “fig:tree” is always a figure.
local function is_reference(id)
  local prefix, mark = id:match("^(%a+)([:-]).")
  if not kinds[prefix] then return false end
  return mark == ":" or known[spelled(id)] or not has_bibliography
end

local function reference(citation, on_page)
  local mode = citation.mode == "SuppressAuthor" and "number" or "full"
  local classes = on_page and {"page"} or {}
  local link = pandoc.Link({}, "#" .. citation.id, "", pandoc.Attr("", classes, {xref = mode}))
  local result = pandoc.Inlines(citation.prefix)
  if #result > 0 then result:insert(pandoc.Space()) end
  result:insert(link)
  if citation.mode == "AuthorInText" and #citation.suffix > 0 then
    result:extend({pandoc.Space(), pandoc.Str("[")})
    result:extend(citation.suffix)
    result:insert(pandoc.Str("]"))
  else
    result:extend(citation.suffix)
  end
  return result
end

local function is_handle(cite)  -- “@ada”, which is not a citation without a bibliography
  return not has_bibliography and cite.citations[1].mode == "AuthorInText"
end

local function refer(cite, on_page)
  local result, works, any = pandoc.Inlines({}), pandoc.List(), false
  local function add(inlines, separator)
    if #result > 0 then result:extend({pandoc.Str(separator), pandoc.Space()}) end
    result:extend(inlines)
  end
  local function add_works()
    if #works > 0 then add({pandoc.Cite(cite.content, works)}, ";") end
    works = pandoc.List()
  end
  for _, citation in ipairs(cite.citations) do
    if is_reference(citation.id) then
      any = true
      add_works()
      add(reference(citation, on_page), ",")
    else
      works:insert(citation)
    end
  end
  if not any then return is_handle(cite) and cite.content or nil end
  add_works()
  return result
end

local function refer_to_page(span)
  if not span.classes:includes("page") then return end
  local found = false
  local inner = span.content:walk({Cite = function(cite)
    local result = refer(cite, true)
    found = found or result ~= nil
    return result
  end})
  if found then return inner end
end

local function is_space(inline)
  return inline.tag == "Space" or inline.tag == "SoftBreak"
end

-- $$…$$ {#eq:x} becomes a separate block.
local function equations(block)
  local blocks, line = pandoc.List(), pandoc.List()
  local function break_line()
    while #line > 0 and is_space(line[#line]) do line:remove() end
    if #line > 0 then blocks:insert(pandoc[block.tag](line)) end
    line = pandoc.List()
  end
  local inlines, i, found = block.content, 1, false
  while i <= #inlines do
    local inline, name, rest = inlines[i], nil, nil
    if inline.tag == "Math" and inline.mathtype == "DisplayMath" then
      local at = i + 1
      if inlines[at] and is_space(inlines[at]) then at = at + 1 end
      if inlines[at] and inlines[at].tag == "Str" then
        name, rest = inlines[at].text:match("^{#(eq[:-][^{}]+)}(.*)$")
      end
      if name then i, found = at, true end
    end
    if name then
      break_line()
      local shown = pandoc.List({inline})
      if rest ~= "" and not rest:match("%w") then
        shown:insert(pandoc.Str(rest))
        rest = ""
      end
      blocks:insert(pandoc.Div({pandoc.Plain(shown)}, pandoc.Attr(name, {"equation"})))
      if rest ~= "" then line:insert(pandoc.Str(rest)) end
    elseif #line > 0 or not is_space(inline) then
      line:insert(inline)
    end
    i = i + 1
  end
  if not found then return end
  break_line()
  return blocks
end

-- Quarto's captions: ::: {#fig-x}, the content, and the caption as the last paragraph.
local function captioned(div)
  local prefix = div.identifier:match("^(%a+)[:-].")
  local blocks = pandoc.Blocks(div.content)
  local last = blocks[#blocks]
  if not last or (prefix ~= "fig" and prefix ~= "tbl") then return end
  local is_caption = #blocks > 1 and (last.tag == "Para" or last.tag == "Plain")
  local caption = is_caption and pandoc.Plain(last.content) or nil
  if caption then blocks:remove() end
  local only = blocks[1]
  if #blocks == 1 and only.tag == "Table" then
    if #only.caption.long == 0 and caption then
      only.caption = {long = {caption}}
    elseif caption then
      return
    end
    only.identifier = div.identifier
    return only
  elseif prefix == "fig" and caption then
    -- A picture's own caption remains its description.
    if #blocks == 1 and only.tag == "Figure" then blocks = only.content end
    return pandoc.Figure(blocks, {long = {caption}}, div.attr)
  end
end

local function look_around(doc)
  has_bibliography = doc.meta.bibliography ~= nil
  local function note(element)
    if element.identifier ~= "" then known[spelled(element.identifier)] = true end
  end
  doc:walk({
    Header = note, Div = note, Span = note, Figure = note, Table = note, CodeBlock = note,
    Image = note, Link = note, Code = note,
    Str = function(str)
      local name = str.text:match("^{#(eq[:-][^{}]+)}")
      if name then known[spelled(name)] = true end
    end,
  })
end

return {
  {Pandoc = look_around},
  {
    traverse = "topdown",
    Span = refer_to_page,
    Cite = function(cite) return refer(cite, false) end,
    Para = equations,
    Plain = equations,
    Div = captioned,
  },
}
"""
"""Turns cross-references into links without text, and numbered equations and figures into blocks.

The links have the attribute `xref`: "full" asks for the name and the number of the target, "number"
for the number alone. With the class `page` they show the printed page too.
"""

DESCRIPTIONS = (
    f"local raised, lowered = {{{lua_table(RAISED)}}}, {{{lua_table(LOWERED)}}}\n"
    f"local ordinals = {{{lua_table(ORDINALS)}}}\n"
    r"""
local function script(sign, forms)
  return function(inline)
    local text, result = pandoc.utils.stringify(inline.content), ""
    if sign == "^" and ordinals[text] then return pandoc.Str(ordinals[text]) end
    for _, code in utf8.codes(text) do
      local form = forms[utf8.char(code)]
      if not form then
        local is_word = utf8.len(text) > 1 and not text:match("[%d%p%s]")
        result = is_word and text or sign .. (utf8.len(text) > 1 and "(" .. text .. ")" or text)
        break
      end
      result = result .. form
    end
    return pandoc.Str(result)
  end
end

function Image(image)
  image.caption = image.caption:walk({
    Superscript = script("^", raised), Subscript = script("_", lowered),
  })
  return image
end
"""
)
"""Keeps raised and lowered characters in the alternative text of images: 10³, not 103."""

LANGUAGES = r"""
local open, close = {DoubleQuote = "\u{10FFF0}", SingleQuote = "\u{10FFF2}"},
                    {DoubleQuote = "\u{10FFF1}", SingleQuote = "\u{10FFF3}"}

function Quoted(quoted)
  local result = pandoc.Inlines({pandoc.Str(open[quoted.quotetype])})
  result:extend(quoted.content)
  result:insert(pandoc.Str(close[quoted.quotetype]))
  return result
end

-- In Chinese and Japanese a line end is not a space. In Korean it is.
local function is_han_or_kana(code)
  return code >= 0x2E80 and code < 0xA000 and not (code >= 0x3130 and code < 0x3190)
    or code >= 0xF900 and code < 0xFB00 or code >= 0xFF00 and code < 0xFF66
    or code >= 0x20000 and code < 0x40000
end

local function is_sign(code)  -- “ ” ‘ ’ — …, which Chinese has too
  return code >= 0x2014 and code <= 0x2026
end

local function joined(one, other)
  return is_han_or_kana(one) and (is_han_or_kana(other) or is_sign(other))
    or is_sign(one) and is_han_or_kana(other)
end

local function edge(inline, at)
  local text = inline and inline.t ~= "Note" and pandoc.utils.stringify(inline) or ""
  local offset = utf8.offset(text, at)
  return #text > 0 and utf8.codepoint(text, offset) or 0
end

function Inlines(inlines)
  for index = #inlines - 1, 2, -1 do
    if inlines[index].t == "SoftBreak"
      and joined(edge(inlines[index - 1], -1), edge(inlines[index + 1], 1)) then
      inlines:remove(index)
    end
  end
  return inlines
end
"""
"""Replaces quotation marks by the characters of `chapbook.lang.quotation_marks.PLACES`, to be set
by language, and joins lines of Chinese and Japanese without a space."""
