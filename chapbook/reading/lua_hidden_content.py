"""Our pandoc filter for content that is hidden in all or some formats, in build and check."""

from __future__ import annotations

from chapbook.reading.dialects.cells import HIDDEN_CELL, OPTIONS
from chapbook.reading.dialects.conditions import FAMILIES

FORMATS_KEY = "cb-formats"
"""The attribute that names the formats in which a passage is shown; in HTML with `data-`."""

_NAMES = ", ".join(
    f'["{name}"] = "{family}"' for family, names in FAMILIES.items() for name in sorted(names)
)
_ALL = ", ".join(f'"{family}"' for family in sorted(FAMILIES))

_SETTINGS = f"""
local families, options = {{{_NAMES}}}, "{OPTIONS}"
local hidden_cell, key, all = "{HIDDEN_CELL}", "{FORMATS_KEY}", {{{_ALL}}}
"""

_FILTER = r"""
local function is_hidden(attr)
  local style = (attr.attributes.style or ""):lower():gsub("%s", "")
  return attr.classes:includes("hidden") or attr.attributes.hidden ~= nil
    or style:find("display:none", 1, true) or style:find("visibility:hidden", 1, true)
end

-- The formats in which the element is shown, in order, or nil if the author sets no condition.
local function shown(attr)
  if is_hidden(attr) then return {} end
  local visible = attr.classes:includes("content-visible")
  if not visible and not attr.classes:includes("content-hidden") then return nil end
  local result = {}
  for name, value in pairs(attr.attributes) do
    local condition = name:match("^when%-(.*)$") or name:match("^unless%-(.*)$")
    if condition and condition ~= "format" then return {} end
  end
  local when, unless = attr.attributes["when-format"], attr.attributes["unless-format"]
  for _, family in ipairs(all) do
    local holds = (not when or families[when:lower()] == family)
      and (not unless or families[unless:lower()] ~= family)
    if holds == visible then table.insert(result, family) end
  end
  return result
end

local function bare(attr)
  attr.classes = attr.classes:filter(function(name)
    return name ~= "content-visible" and name ~= "content-hidden"
  end)
  for _, name in ipairs({"when-format", "unless-format"}) do attr.attributes[name] = nil end
end

local function settle(element, wrap)
  local formats = shown(element)
  if not formats then return nil end
  if #formats == 0 then return {}, false end
  bare(element)
  if #formats == #all then return element end
  local names = table.concat(formats, " ")
  if wrap then return wrap(element, pandoc.Attr("", {}, {[key] = names})) end
  element.attributes[key] = names
  return element
end

local function in_span(inline, attr) return pandoc.Span({inline}, attr) end
local function in_div(block, attr) return pandoc.Div({block}, attr) end

local function inline(element) return settle(element, in_span) end

-- pandoc gives the classes of a single picture to the image, and none to its figure.
local function figure(element)
  local formats
  element:walk({Image = function(image) formats = formats or shown(image) end})
  formats = shown(element) or formats
  if not formats then return nil end
  if #formats == 0 then return {}, false end
  bare(element)
  element = element:walk({Image = function(image) bare(image) return image end})
  if #formats == #all then return element, false end
  return pandoc.Div({element}, pandoc.Attr("", {}, {[key] = table.concat(formats, " ")})), false
end

local function code(block)
  local count = tonumber(block.attributes[options] or "")
  if count then
    block.attributes[options] = nil
    for _ = 1, count do
      local rest = block.text:match("^[^\n]*\n(.*)$")
      block.text = rest or ""
    end
  end
  local result, walks_on = settle(block, in_div)
  if result == nil and count then return block end
  if result ~= nil and result.tag == "Div" then return result, false end
  return result, walks_on
end

local function raw(block)
  if block.format == hidden_cell then return {} end
end

return {{
  traverse = "topdown",
  Div = function(div) return settle(div) end,
  Span = function(span) return settle(span) end,
  Header = function(header) return settle(header) end,
  Image = inline, Link = inline, Code = inline,
  Figure = figure, CodeBlock = code, RawBlock = raw,
}}
"""

LEFT_OUT = _SETTINGS + _FILTER
"""Removes hidden content, and marks the content that is for some formats only."""
