-- What every generated program begins with: how results are shown, and objects with metamethods.
local function show(v, depth)
  local t = type(v)
  if t == "number" then
    if v ~= v then return "nan" end
    return tostring(v) .. (v == 0 and 1/v < 0 and "-" or "")
  end
  if t == "string" or t == "boolean" or t == "nil" then return t .. ":" .. tostring(v) end
  if t == "table" and depth < 3 then
    local parts = {}
    for k, x in pairs(v) do parts[#parts + 1] = (type(k) == "table" and "T" or show(k, 3)) .. "=" .. show(x, depth + 1) end
    return "{" .. table.concat(parts, ",") .. "}#" .. #v
  end
  return t
end
local function out(n, ...)
  local parts = {}
  for i = 1, select("#", ...) do parts[i] = show((select(i, ...)), 0) end
  print(n, table.concat(parts, " "))
end
local function M(kind)
  local mt = {}
  if kind % 2 == 1 then mt.__index = function(t, k) return "idx" .. tostring(k) end else mt.__index = {inner = 7, [1] = "one"} end
  if kind % 3 == 1 then mt.__newindex = function(t, k, v) rawset(t, k, v) end end
  mt.__add = function(a, b) return "add" end
  mt.__sub = function(a, b) return type(a) .. type(b) end
  mt.__unm = function(a) return 11 end
  mt.__concat = function(a, b) return (type(a) == "table" and "T" or a) .. "~" .. (type(b) == "table" and "T" or b) end
  if kind % 2 == 0 then mt.__call = function(self, ...) return "called", ... end end
  mt.__lt = function(a, b) return kind % 2 == 0 end
  if kind % 4 == 0 then mt.__le = function(a, b) return nil end end
  mt.__eq = function(a, b) return true end
  mt.__len = function() return 3 end
  mt.__tostring = function() return "M" .. kind end
  return setmetatable({}, mt)
end
-- A key whose place in a table does not follow from an address.
local function K(k)
  local t = type(k)
  if t == "table" or t == "function" or t == "thread" then return t end
  return k
end
local function reset()
  G = {1, 2, 3, x = "gx", f = function(...) return select("#", ...), ... end}
  GN, GV = 5, nil
end
